"""The HTML table of messages per hour of the next week, quiet hours shaded."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from pushctl.plan.plan import Plan
from pushctl.render.html.markup import Html, join, table, tag, wide
from pushctl.render.view.change_view import ChangeView
from pushctl.schedule.service_schedule import instant, local_day
from pushctl.text.messages import _
from pushctl.text.timestamps import WEEKDAYS
from pushctl.vendors.facts import Hours
from pushctl.vendors.facts import facts as vendors

WEEK = "Messages in each hour of the next seven days"


def section(plan: Plan, views: Sequence[ChangeView], quiet: Hours) -> Html:
    """Draw how many messages go out in each hour of the next seven days, quiet hours shaded."""
    today = local_day(plan.created_at, plan.timezone)
    days = [today + dt.timedelta(days=number) for number in range(7)]
    sent = _sent(plan, views, instant(days[-1] + dt.timedelta(days=1), dt.time(), plan.timezone))
    top = max(sent.values(), default=0)
    heads = (
        tag("th", f"{hour:02d}", scope="col", class_=_shade(hour, quiet)) for hour in range(24)
    )
    rows = (_hours(day, sent, top, quiet) for day in days)
    found = table(_(WEEK), (_("Day"), *heads), rows, class_="hours")
    return join(wide(found, _(WEEK)), tag("p", _caption(quiet), class_="lead"))


def _sent(plan: Plan, views: Sequence[ChangeView], end: int) -> Mapping[tuple[dt.date, int], int]:
    """Count messages by day and hour, until `end` (epoch seconds)."""
    sent: Counter[tuple[dt.date, int]] = Counter()
    for view in views:
        people = len(view.push.targets) if view.push else 0
        for at in view.coming:
            if at >= end:
                break
            local = dt.datetime.fromtimestamp(at, plan.timezone)
            sent[local.date(), local.hour] += people
    return sent


def _hours(day: dt.date, sent: Mapping[tuple[dt.date, int], int], top: int, quiet: Hours) -> Html:
    weekday = _(WEEKDAYS[day.weekday()])
    cells = (
        tag("td", str(count or ""), class_=f"{_shade(hour, quiet) or ''} {heat(count, top)}")
        for hour in range(24)
        for count in (sent.get((day, hour), 0),)
    )
    return tag("tr", tag("th", f"{weekday} {day.day}", scope="row"), *cells)


def heat(count: int, top: int) -> str:
    """Return the class of a cell by its share of the greatest number, in five steps."""
    return f"h{max(1, -(-count * 5 // top))}" if count else ""


def _shade(hour: int, quiet: Hours) -> str | None:
    return "quiet" if quiet.holds(dt.time(hour)) else None


def _caption(quiet: Hours) -> str:
    """Say which hours are shaded, and which ones vendors have besides."""
    held: dict[str, list[str]] = defaultdict(list)
    taken: list[str] = []
    for channel in vendors().channels.values():
        if channel.quiet is not None:
            held[_span(channel.quiet)].append(_(channel.name))
        if channel.operational_hours is not None:
            span = _span(channel.operational_hours)
            taken.append(_("{name} takes it from {span} only", _(channel.name), span))
    parts = [
        _("{names} hold it back from {span}", _(" and ").join(names), span)
        for span, names in held.items()
    ]
    return _(
        "Shaded: quiet hours, {span}, in which marketing should wake nobody. {held}.",
        _span(quiet),
        _("; ").join(parts + taken),
    )


def _span(hours: Hours) -> str:
    return _("{since:%H:%M} to {until:%H:%M}", hours.since, hours.until)
