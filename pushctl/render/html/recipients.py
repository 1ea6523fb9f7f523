"""The HTML section that counts pushes per recipient and day, for the busiest ones."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence

from pushctl.plan.plan import Plan
from pushctl.render.html.hourly_load import heat
from pushctl.render.html.markup import Html, join, table, tag, user_text, wide
from pushctl.render.html.selection import naming
from pushctl.render.view.change_view import ChangeView
from pushctl.schedule.service_schedule import instant, local_day
from pushctl.text.messages import _, count
from pushctl.text.timestamps import WEEKDAYS

DAYS = 14
SHOWN = 20
CAPTION = "Pushes for each person on each day"

Person = tuple[str, str]
"""A kind of target, such as `users`, and its name."""

Week = Counter[dt.date]
Deliveries = Sequence[tuple[set[Person], Week]]


def section(plan: Plan, views: Sequence[ChangeView]) -> Html:
    """Draw a heat map: a row for each of the busiest people, a column for each day."""
    today = local_day(plan.created_at, plan.timezone)
    days = [today + dt.timedelta(days=number) for number in range(DAYS)]
    found = list(_by_day(plan, views, days))
    totals = Counter[Person]()
    for people, week in found:
        totals.update(dict.fromkeys(people, week.total()))
    if not totals:
        return tag("p", _("Nobody gets anything in the next {days} days.", DAYS), class_="lead")
    rows = _busiest(found, totals)
    top = max(max(week.values()) for _, week in rows)
    name = naming(plan)
    heads = (f"{_(WEEKDAYS[day.weekday()])} {day.day}" for day in days)
    lines = (_row(person, week, days, top, name(person[1])) for person, week in rows)
    drawn = table(_(CAPTION), (_("Who"), *heads, _("Total")), lines, class_="people")
    return join(tag("p", _summary(totals, rows, top), class_="lead"), wide(drawn, _(CAPTION)))


def _by_day(
    plan: Plan, views: Sequence[ChangeView], days: Sequence[dt.date]
) -> Iterator[tuple[set[Person], Week]]:
    """Yield who gets an entry on these days, and how often on each."""
    end = instant(days[-1] + dt.timedelta(days=1), dt.time(0), plan.timezone)
    for view in views:
        week = Counter(local_day(at, plan.timezone) for at in view.coming if at < end)
        if view.at_once:
            week[days[0]] += 1
        if week and view.push is not None:
            kind = view.push.audience.kind.key
            yield {(kind, target) for target in view.push.targets}, week


def _busiest(found: Deliveries, totals: Counter[Person]) -> list[tuple[Person, Week]]:
    weeks: dict[Person, Week] = {person: Counter() for person, _ in totals.most_common(SHOWN)}
    for people, week in found:
        for person in weeks.keys() & people:
            weeks[person].update(week)
    order = sorted(weeks, key=lambda one: (-max(weeks[one].values()), -weeks[one].total(), one))
    return [(person, weeks[person]) for person in order]


def _row(person: Person, week: Week, days: Sequence[dt.date], top: int, name: str) -> Html:
    kind = "" if person[0] == "users" else f" {person[0].replace('_', ' ')}"
    cells = (
        tag("td", str(week[day]) if week[day] else None, class_=heat(week[day], top) or None)
        for day in days
    )
    return tag(
        "tr",
        tag("th", user_text(name), tag("small", kind) if kind else None, scope="row"),
        *cells,
        tag("td", str(week.total()), class_="total"),
    )


def _summary(totals: Counter[Person], rows: Sequence[tuple[Person, Week]], top: int) -> str:
    everybody = count(len(totals), "person gets", "people get")
    busy = (
        _("the busiest {number} are shown", len(rows))
        if len(totals) > len(rows)
        else _("all are shown")
    )
    return _(
        "{everybody} something in the next {days} days; {busy}. "
        "The most for one person on one day: {top}.",
        everybody,
        DAYS,
        busy,
        top,
    )
