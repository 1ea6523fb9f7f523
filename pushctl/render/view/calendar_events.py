"""A recurrence as events that every calendar program understands: series and single instants."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from pushctl.render.schedule_notation import explicit, until, without_moves
from pushctl.schedule.day_mask import Days, bits, days, lowest
from pushctl.schedule.recurrence import Recurrence, on_days, wall_time_of
from pushctl.schedule.rrule import format_rrule
from pushctl.schedule.rule import Rule, occurrence_days
from pushctl.schedule.zone_offsets import Fold, WallTime


class Series(Struct, frozen=True):
    """At one time of day of a zone, from `start` on, by a rule of RFC 5545, without some days."""

    start: dt.date
    time: dt.time
    zone: dt.tzinfo
    rule: str
    left_out: tuple[dt.date, ...] = ()


class CalendarEvents(Struct, frozen=True):
    """What together makes a recurrence; `singles` are epoch seconds, rising."""

    series: tuple[Series, ...]
    singles: tuple[int, ...]


def calendar_events(recurrence: Recurrence, begin: dt.date, ahead: dt.date) -> CalendarEvents:
    """Return the events of a recurrence from the day `begin` on.

    A day on which a clock change moves the delivery, or that no rule can say, is left out of its
    series and stands by itself: some programs ignore RDATE, some refuse it. Exceptions of a
    recurrence without an end are listed until the day `ahead`.
    """
    first = max(begin, recurrence.first or begin)
    last = ahead if recurrence.last is None else recurrence.last
    if last < first:
        return CalendarEvents((), ())
    span = days(first, (last - first).days + 1)
    wanted = on_days(recurrence, span)
    by_rule = occurrence_days(recurrence.rule, span, recurrence.first)
    rule = without_moves(explicit(recurrence.rule, recurrence.first))
    series: list[Series] = []
    within: set[int] = set()
    singles: set[int] = set()
    for time in recurrence.times:
        clock = wall_time_of(recurrence, span, time)
        regular = 0 if rule is None else wanted & by_rule & ~_odd(recurrence, clock)
        if rule is not None and regular:
            series.append(_series(recurrence, rule, time, span, regular))
        within.update(clock.instants(regular))
        singles.update(clock.instants(wanted & ~regular))
    return CalendarEvents(tuple(series), tuple(sorted(singles - within)))


def _odd(recurrence: Recurrence, clock: WallTime) -> int:
    """Return the days on which a series could be read otherwise than it is meant.

    A time that comes twice is the first one by RFC 5545, section 3.3.5. One that is skipped is as
    much later by the same section; not every program knows.
    """
    return clock.gaps | (clock.folds if recurrence.fold is Fold.SECOND else 0)


def _series(recurrence: Recurrence, rule: Rule, time: dt.time, span: Days, regular: int) -> Series:
    start = lowest(regular)
    by_rule = occurrence_days(recurrence.rule, span, recurrence.first)
    by_rule &= span.range(span.date(start), recurrence.last)
    return Series(
        start=span.date(start),
        time=time,
        zone=recurrence.zone,
        rule=";".join(_bounded(recurrence, rule, span.date(start), by_rule)),
        left_out=tuple(span.date(index) for index in bits(by_rule & ~regular)),
    )


def _bounded(recurrence: Recurrence, rule: Rule, start: dt.date, by_rule: int) -> Iterator[str]:
    """Yield the rule and its end; RFC 5545 allows a count or a last moment, not both."""
    if rule.count is not None and recurrence.first is not None:
        left = by_rule.bit_count()
        if recurrence.last is None:
            past = days(recurrence.first, (start - recurrence.first).days)
            left = rule.count - occurrence_days(recurrence.rule, past, recurrence.first).bit_count()
        yield format_rrule(replace(rule, count=left))
        return
    yield format_rrule(rule)
    if recurrence.last is not None:
        yield until(recurrence.last, recurrence.zone)
