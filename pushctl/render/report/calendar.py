"""The calendar of a plan: months of deliveries, and the next week hour by hour."""

from __future__ import annotations

import calendar as months
import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pushctl.core.change import Replace
from pushctl.core.plan import Plan
from pushctl.core.recurrence import Recurrence
from pushctl.core.schedule import OneShot, instant
from pushctl.render import facts, moments
from pushctl.render.recurrence import MONTHS
from pushctl.render.report.entries import Entry
from pushctl.render.report.markup import Html, join, tag, wide
from pushctl.vendors.facts import Hours
from pushctl.vendors.facts import facts as vendors

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


MARKS = {
    Mark.NEW: ("+", "appears"),
    Mark.MOVED: ("→", "moves"),
    Mark.CHANGED: ("~", "another message"),
    Mark.GONE: ("−", "disappears"),
    Mark.BLOCKED: ("✗", "blocked"),
    Mark.KEPT: ("·", "stays as it is"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One delivery of an entry; `at` and `before` (where it moves from) in epoch seconds."""

    at: int
    entry: Entry
    mark: Mark
    before: int | None = None


def section(plan: Plan, entries: Sequence[Entry], quiet: Hours) -> Html:
    """Draw the calendar in the manifest's zone."""
    shown = shown_months(plan, entries)
    end = _midnight(_next_month(shown[-1]), plan.timezone)
    days: dict[dt.date, list[Item]] = defaultdict(list)
    for entry in entries:
        for item in items(entry, end):
            days[day_of(item.at, plan.timezone)].append(item)
    return join(
        tag("p", "All times in ", moments.zone_name(plan.timezone), ". ", _legend(), class_="lead"),
        _now(plan, entries),
        *(_month(month, days, plan) for month in shown),
        _later(entries, shown, end, plan),
        week(plan, entries, quiet),
    )


def items(entry: Entry, end: int) -> Iterator[Item]:
    """Yield the deliveries of an entry before `end` (epoch seconds), and what becomes of each."""
    shift = entry.of.shift
    new = frozenset(shift.new)
    same = Mark.CHANGED if isinstance(entry.change, Replace) else Mark.KEPT
    moved = {after: before for before, after in shift.moved}
    for at in entry.coming:
        if at >= end:
            break
        if at in moved:
            yield Item(at, entry, Mark.MOVED, moved[at])
        else:
            yield Item(at, entry, Mark.NEW if at in new else same)
    yield from (Item(at, entry, Mark.GONE) for at in shift.gone if at < end)
    yield from (Item(at, entry, Mark.BLOCKED) for at in entry.wished if at < end)


def shown_months(plan: Plan, entries: Sequence[Entry]) -> list[dt.date]:
    """Return the first days of the months to show: the next ones, and those of one-time pushes."""
    first = day_of(plan.created_at, plan.timezone).replace(day=1)
    found = [first]
    while len(found) < MONTHS_ALWAYS:
        found.append(_next_month(found[-1]))
    once = {
        day_of(at, plan.timezone).replace(day=1)
        for entry in entries
        if entry.push is not None and isinstance(entry.push.schedule, OneShot)
        for at in (*entry.coming, *entry.of.shift.gone, *entry.wished)
    }
    later = sorted(month for month in once if month > found[-1])
    return found + later[: MONTHS_AT_MOST - len(found)]


def _next_month(first: dt.date) -> dt.date:
    return (first + dt.timedelta(days=32)).replace(day=1)


def day_of(at: int, zone: dt.tzinfo) -> dt.date:
    """Return the calendar day of an instant (epoch seconds) in a zone."""
    return dt.datetime.fromtimestamp(at, zone).date()


def _midnight(day: dt.date, zone: dt.tzinfo) -> int:
    return instant(day, dt.time(0), zone)


def _legend() -> Html:
    words = (
        tag("span", tag("b", sign, class_=f"mark {mark}"), f" {word}", class_="key")
        for mark, (sign, word) in MARKS.items()
    )
    return tag("span", *words, class_="legend")


def _now(plan: Plan, entries: Sequence[Entry]) -> Html | None:
    """Name what is sent the moment the plan is applied; no calendar has a day for that."""
    sent = [entry for entry in entries if entry.of.at_once]
    if not sent:
        return None
    names = (join(entry.named(), " ") for entry in sent)
    return tag("p", tag("strong", "Sent at once, when it is applied: "), *names, class_="note bad")


# --- months ---------------------------------------------------------------------------------------


def _month(first: dt.date, days: Mapping[dt.date, Sequence[Item]], plan: Plan) -> Html:
    weeks = months.Calendar().monthdatescalendar(first.year, first.month)
    name = f"{MONTHS[first.month - 1]} {first.year}"
    heads = (tag("th", day, scope="col", role="columnheader") for day in moments.WEEKDAYS)
    return tag(
        "table",
        tag("caption", name),
        tag("thead", tag("tr", *heads, role="row"), role="rowgroup"),
        tag("tbody", *(_week(week, first, days, plan) for week in weeks), role="rowgroup"),
        class_="month",
        role="table",
    )


def _week(
    week: Sequence[dt.date], month: dt.date, days: Mapping[dt.date, Sequence[Item]], plan: Plan
) -> Html:
    cells = (
        _day(day, days.get(day, ()), plan)
        if day.month == month.month
        else tag("td", role="cell", class_="out")
        for day in week
    )
    return tag("tr", *cells, role="row")


def _day(day: dt.date, found: Sequence[Item], plan: Plan) -> Html:
    today = day_of(plan.created_at, plan.timezone)
    kind = "today" if day == today else "past" if day < today else ""
    weekday = tag("span", moments.WEEKDAYS[day.weekday()], " ", class_="weekday")
    head = tag("p", weekday, str(day.day), " today" if day == today else None, class_="date")
    if not found:
        return tag("td", head, role="cell", class_=f"{kind} free".strip())
    changed = [item for item in found if item.mark is not Mark.KEPT]
    kept = [item for item in found if item.mark is Mark.KEPT]
    ordered = sorted(changed, key=_when) + sorted(kept, key=_when)
    lines = LINES if len(found) > LINES + 1 else len(found)
    shown = sorted(ordered[:lines], key=_when)
    rest = sorted(ordered[lines:LINES_AT_MOST], key=_when)
    return tag(
        "td",
        head,
        tag("ul", *(_line(item, plan) for item in shown)),
        _rest(rest, len(found), plan) if rest else None,
        role="cell",
        class_=kind or None,
    )


def _when(item: Item) -> tuple[int, int]:
    return item.at, item.entry.number


def _rest(rest: Sequence[Item], count: int, plan: Plan) -> Html:
    over = count - LINES_AT_MOST
    return tag(
        "details",
        tag("summary", f"{count - LINES} more"),
        tag("ul", *(_line(item, plan) for item in rest)),
        tag("p", f"and {over} more that are not listed") if over > 0 else None,
    )


def _line(item: Item, plan: Plan) -> Html:
    sign, word = MARKS[item.mark]
    entry = item.entry
    return tag(
        "li",
        tag("span", sign, class_="sign", title=word),
        tag("span", moments.time(item.at, plan.timezone), class_="time"),
        " ",
        entry.named(),
        _elsewhere(item, plan),
        class_=item.mark,
    )


def _elsewhere(item: Item, plan: Plan) -> Html | None:
    """Say the time it had, and the one that its own zone shows."""
    notes = []
    if item.before is not None:
        notes.append(f"was {moments.time(item.before, plan.timezone)}")
    zone = item.entry.zone
    if moments.zone_name(zone) != moments.zone_name(plan.timezone):
        local = moments.time(item.at, zone)
        other = day_of(item.at, zone) != day_of(item.at, plan.timezone)
        weekday = f"{moments.WEEKDAYS[day_of(item.at, zone).weekday()]} " if other else ""
        notes.append(f"{weekday}{local} {moments.zone_name(zone)}")
    return tag("small", " ", ", ".join(notes)) if notes else None


def _later(entries: Sequence[Entry], shown: Sequence[dt.date], end: int, plan: Plan) -> Html | None:
    """Say what the calendar leaves out, so that nobody takes its end for the end."""
    after = sum(at >= end for entry in entries for at in entry.coming)
    on = sum(
        entry.push is not None and isinstance(entry.push.schedule, Recurrence) and entry.of.goes_on
        for entry in entries
    )
    if not after and not on:
        return None
    until = moments.day(_next_month(shown[-1]) - dt.timedelta(days=1))
    words = [f"After {until} come {facts.count(after, 'more delivery', 'more deliveries')}"]
    if on:
        words.append(f"{facts.count(on, 'push goes on', 'pushes go on')} after what is scheduled")
    return tag("p", "; ".join(words), ".", class_="lead")


# --- the next week --------------------------------------------------------------------------------

WEEK = "Messages in each hour of the next seven days"


def week(plan: Plan, entries: Sequence[Entry], quiet: Hours) -> Html:
    """Draw how many messages go out in each hour of the next seven days, quiet hours shaded."""
    today = day_of(plan.created_at, plan.timezone)
    days = [today + dt.timedelta(days=number) for number in range(7)]
    sent = _sent(plan, entries, _midnight(days[-1] + dt.timedelta(days=1), plan.timezone))
    top = max(sent.values(), default=0)
    heads = (
        tag("th", f"{hour:02d}", scope="col", class_=_shade(hour, quiet)) for hour in range(24)
    )
    table = tag(
        "table",
        tag("caption", WEEK),
        tag("thead", tag("tr", tag("th", "Day", scope="col"), *heads)),
        tag("tbody", *(_hours(day, sent, top, quiet) for day in days)),
        class_="hours",
    )
    return join(wide(table, WEEK), tag("p", _told(quiet), class_="lead"))


def _sent(plan: Plan, entries: Sequence[Entry], end: int) -> Mapping[tuple[dt.date, int], int]:
    """Count messages by day and hour, until `end` (epoch seconds)."""
    sent: Counter[tuple[dt.date, int]] = Counter()
    for entry in entries:
        people = len(entry.push.targets) if entry.push else 0
        for at in entry.coming:
            if at >= end:
                break
            local = dt.datetime.fromtimestamp(at, plan.timezone)
            sent[local.date(), local.hour] += people
    return sent


def _hours(day: dt.date, sent: Mapping[tuple[dt.date, int], int], top: int, quiet: Hours) -> Html:
    weekday = moments.WEEKDAYS[day.weekday()]
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


def _told(quiet: Hours) -> str:
    """Say which hours are shaded, and which ones vendors have besides."""
    held: dict[str, list[str]] = defaultdict(list)
    taken: list[str] = []
    for channel in vendors().channels.values():
        if channel.quiet is not None:
            held[_span(channel.quiet)].append(channel.name)
        if channel.operational_hours is not None:
            taken.append(f"{channel.name} takes it from {_span(channel.operational_hours)} only")
    parts = [f"{' and '.join(names)} hold it back from {span}" for span, names in held.items()]
    return (
        f"Shaded: quiet hours, {_span(quiet)}, in which marketing should wake nobody. "
        f"{'; '.join(parts + taken)}."
    )


def _span(hours: Hours) -> str:
    return f"{hours.since:%H:%M} to {hours.until:%H:%M}"
