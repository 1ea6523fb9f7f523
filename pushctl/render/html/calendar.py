"""The HTML calendar of a plan: months of deliveries, and counts for months that are not drawn."""

from __future__ import annotations

import calendar as months
import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import TypeAlias

from msgspec import Struct

from pushctl.plan.change import Replace
from pushctl.plan.plan import Plan
from pushctl.render.html.markup import Html, join, left_out, table, tag
from pushctl.render.html.selection import linked
from pushctl.render.view.change_view import ChangeView
from pushctl.render.words import WORDS
from pushctl.schedule.service_schedule import OneShot, local_day
from pushctl.text import local_times, timestamps
from pushctl.text.messages import _, count
from pushctl.text.timestamps import MONTH_NAMES, WEEKDAYS

MONTHS_ALWAYS = 2
"""How many months are shown from the present one on, whatever they hold."""

MONTHS_AT_MOST = 6
"""How many months are shown if one-time pushes are due in later ones."""

LINES = 6
"""How many deliveries of a day are in sight; changes come first."""

LINES_AT_MOST = 40
"""How many deliveries of a day are on the page at all."""


class Mark(StrEnum):
    """What the plan does to one delivery."""

    NEW = "new"
    MOVED = "moved"
    CHANGED = "changed"
    GONE = "gone"
    BLOCKED = "blocked"
    KEPT = "kept"


MARKS: Mapping[Mark, Sequence[str]] = WORDS["deliveries"]
"""The sign of each mark, and what is said of one delivery and of several."""


class Item(Struct, frozen=True):
    """One delivery of an entry; `at` and `before` (where it moves from) in epoch seconds."""

    at: int
    view: ChangeView
    mark: Mark
    before: int | None = None


def section(plan: Plan, views: Sequence[ChangeView]) -> Html:
    """Draw the calendar in the manifest's zone; months that are not drawn are counted."""
    drawn = shown_months(plan, views)
    days, counts = _sorted(plan, views, drawn)
    zone = timestamps.zone_name(plan.timezone)
    return join(
        tag("p", _("All times in {zone}. ", zone), _legend(), class_="lead"),
        _now(plan, views),
        *_months(drawn, days, counts, plan),
        _goes_on(views),
    )


Days: TypeAlias = Mapping[dt.date, Sequence["Item"]]
Counts: TypeAlias = Mapping[dt.date, Counter[Mark]]
"""How many deliveries of each kind fall into a month that is not drawn, by its first day."""


def _sorted(
    plan: Plan, views: Sequence[ChangeView], drawn: Sequence[dt.date]
) -> tuple[Days, Counts]:
    """Sort every delivery into its day, or into its month if that is not drawn."""
    days: dict[dt.date, list[Item]] = defaultdict(list)
    counts: dict[dt.date, Counter[Mark]] = defaultdict(Counter)
    shown = frozenset(drawn)
    for view in views:
        for item in items(view):
            day = local_day(item.at, plan.timezone)
            month = day.replace(day=1)
            if month in shown:
                days[day].append(item)
            else:
                counts[month][item.mark] += 1
    return days, counts


def _months(drawn: Sequence[dt.date], days: Days, counts: Counts, plan: Plan) -> Iterator[Html]:
    """Yield the months that are drawn, and what is not drawn where it would stand."""
    for month, following in zip(drawn, (*drawn[1:], None), strict=True):
        yield _month(month, days, plan)
        end = following or dt.date.max
        between = [other for other in sorted(counts) if month < other < end]
        if between:
            yield _counted(between, counts)
        elif following is not None and following != _next_month(month):
            yield tag("p", _("Nothing is due in between."), class_="lead")


def items(view: ChangeView) -> Iterator[Item]:
    """Yield the deliveries of an entry, as far as they are known, and what becomes of each."""
    delta = view.delta
    new = frozenset(delta.new)
    same = Mark.CHANGED if isinstance(view.change, Replace) else Mark.KEPT
    moved = {after: before for before, after in delta.moved}
    for at in view.coming:
        if at in moved:
            yield Item(at, view, Mark.MOVED, moved[at])
        else:
            yield Item(at, view, Mark.NEW if at in new else same)
    yield from (Item(at, view, Mark.GONE) for at in delta.gone)
    yield from (Item(at, view, Mark.BLOCKED) for at in view.proposed)


def shown_months(plan: Plan, views: Sequence[ChangeView]) -> list[dt.date]:
    """Return the first days of the months to show: the next ones, and those of one-time pushes."""
    first = local_day(plan.created_at, plan.timezone).replace(day=1)
    found = [first]
    while len(found) < MONTHS_ALWAYS:
        found.append(_next_month(found[-1]))
    once = {
        local_day(at, plan.timezone).replace(day=1)
        for view in views
        if view.push is not None and isinstance(view.push.schedule, OneShot)
        for at in (*view.coming, *view.delta.gone, *view.proposed)
    }
    later = sorted(month for month in once if month > found[-1])
    return found + later[: MONTHS_AT_MOST - len(found)]


def _name(month: dt.date) -> str:
    return _("{month} {year}", _(MONTH_NAMES[month.month - 1]), month.year)


def _next_month(first: dt.date) -> dt.date:
    return (first + dt.timedelta(days=32)).replace(day=1)


def _legend() -> Html:
    words = (
        tag("span", tag("b", sign, class_=f"mark {mark}"), f" {_(word)}", class_="key")
        for mark, (sign, word, _many) in MARKS.items()
    )
    return tag("span", *words, class_="legend")


def _now(plan: Plan, views: Sequence[ChangeView]) -> Html | None:
    """Name what is sent the moment the plan is applied; no calendar has a day for that."""
    sent = [view for view in views if view.at_once]
    if not sent:
        return None
    names = (join(linked(view), " ") for view in sent)
    return tag(
        "p", tag("strong", _("Sent at once, when it is applied: ")), *names, class_="note bad"
    )


# --- months ---------------------------------------------------------------------------------------


def _month(first: dt.date, days: Mapping[dt.date, Sequence[Item]], plan: Plan) -> Html:
    weeks = months.Calendar().monthdatescalendar(first.year, first.month)
    outside = tag("td", role="cell", class_="out")
    rows = (
        (
            _day(day, days.get(day, ()), plan) if day.month == first.month else outside
            for day in week
        )
        for week in weeks
    )
    lines = (tag("tr", *cells, role="row") for cells in rows)
    return table(_name(first), map(_, WEEKDAYS), lines, class_="month", roles=True)


def _day(day: dt.date, found: Sequence[Item], plan: Plan) -> Html:
    today = local_day(plan.created_at, plan.timezone)
    kind = "today" if day == today else "past" if day < today else ""
    weekday = tag("span", _(WEEKDAYS[day.weekday()]), " ", class_="weekday")
    head = tag("p", weekday, str(day.day), _(" today") if day == today else None, class_="date")
    if not found:
        return tag("td", head, role="cell", class_=f"{kind} free".strip())
    ordered = sorted(found, key=lambda item: (item.mark is Mark.KEPT, *_when(item)))
    quiet = bool(plan.effective) and all(item.mark is Mark.KEPT for item in found)
    lines = 0 if quiet else LINES if len(found) > LINES + 1 else len(found)
    shown = sorted(ordered[:lines], key=_when)
    rest = sorted(ordered[lines:LINES_AT_MOST], key=_when)
    left = len(found) - lines
    more = _("{number} unchanged", left) if quiet else _("{number} more", left)
    return tag(
        "td",
        head,
        tag("ul", *(_line(item, plan) for item in shown)) if shown else None,
        _rest(rest, more, found, plan),
        role="cell",
        class_=kind or None,
    )


def _when(item: Item) -> tuple[int, int]:
    return item.at, item.view.number


def _rest(rest: Sequence[Item], name: str, found: Sequence[Item], plan: Plan) -> Html | None:
    if not rest:
        return None
    return tag(
        "details",
        tag("summary", name),
        tag("ul", *(_line(item, plan) for item in rest)),
        left_out(len(found) - LINES_AT_MOST, "more that are not listed"),
    )


def _line(item: Item, plan: Plan) -> Html:
    sign, word, _many = MARKS[item.mark]
    return tag(
        "li",
        tag("span", sign, class_="sign", title=_(word)),
        tag("span", timestamps.time(item.at, plan.timezone), class_="time"),
        " ",
        linked(item.view),
        _elsewhere(item, plan),
        class_=item.mark,
    )


def _elsewhere(item: Item, plan: Plan) -> Html | None:
    """Say the time it had, and the one that its own zone shows."""
    notes = []
    if item.before is not None:
        here = plan.timezone
        same = local_day(item.at, here) == local_day(item.before, here)
        moment = local_times.moment(item.before, here, with_zone=False)
        notes.append(_("was {time}", timestamps.time(item.before, here) if same else moment))
    zone = item.view.zone
    if timestamps.zone_name(zone) != timestamps.zone_name(plan.timezone):
        local = timestamps.time(item.at, zone)
        other = local_day(item.at, zone) != local_day(item.at, plan.timezone)
        weekday = f"{_(WEEKDAYS[local_day(item.at, zone).weekday()])} " if other else ""
        notes.append(f"{weekday}{local} {timestamps.zone_name(zone)}")
    return tag("small", " ", _(", ").join(notes)) if notes else None


# --- what is not drawn ----------------------------------------------------------------------------

COUNTED = 12
"""How many months in a row are counted one by one."""


def _counted(between: Sequence[dt.date], counts: Counts) -> Html:
    """Count what falls into months that are not drawn, so that nobody takes a gap for silence."""
    lines = [(_name(month), counts[month]) for month in between[:COUNTED]]
    if rest := between[COUNTED:]:
        later = sum((counts[month] for month in rest), Counter[Mark]())
        lines.append((_("{name} to {name_2}", _name(rest[0]), _name(rest[-1])), later))
    words = (
        (name, _(", ").join(count(marks[mark], *MARKS[mark][1:]) for mark in Mark if marks[mark]))
        for name, marks in lines
    )
    return tag(
        "ul", *(tag("li", tag("b", name), f": {said}") for name, said in words), class_="counted"
    )


def _goes_on(views: Sequence[ChangeView]) -> Html | None:
    """Say that there is more than what is scheduled, so that nobody takes its end for the end."""
    pushes = count(on := sum(view.goes_on for view in views), "push goes on", "pushes go on")
    return tag("p", _("{pushes} after what is scheduled.", pushes), class_="lead") if on else None
