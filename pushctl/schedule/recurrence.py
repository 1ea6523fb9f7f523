"""A recurrence as people declare it: days by a rule, times of day, a zone, and exceptions."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from msgspec import Struct

from pushctl.schedule.day_mask import Days, bits, days, union
from pushctl.schedule.rrule import format_rrule
from pushctl.schedule.rule import Rule, occurrence_days
from pushctl.schedule.service_schedule import Immediate, OneShot
from pushctl.schedule.zone_offsets import (
    DAY_SECONDS,
    EPOCH,
    Fold,
    Gap,
    WallTime,
    wall_time,
)


class Recurrence(Struct, frozen=True):
    """Deliver at `times` on the days of `rule` from `first` to `last`, both included.

    Days and times are wall clock in `zone`. `first` and `last` may be None: from now on, until
    further notice. `skip` holds ranges of days, both ends included, on which nothing happens;
    `also` those on which it delivers besides (EXDATE and RDATE of RFC 5545).
    `gap` and `fold` choose what clock changes make of a time; None is the default (`next`,
    `first`), and that nobody chose.
    """

    rule: Rule
    times: tuple[dt.time, ...]
    zone: dt.tzinfo
    first: dt.date | None = None
    last: dt.date | None = None
    skip: tuple[tuple[dt.date, dt.date], ...] = ()
    also: tuple[tuple[dt.date, dt.date], ...] = ()
    gap: Gap | None = None
    fold: Fold | None = None


Declared = Immediate | OneShot | Recurrence
"""What an entry can say about when it is delivered."""

MARGIN = 2
"""Days added on both sides, more than any two zones are apart."""

LATEST = (dt.date(9999, 1, 1).toordinal() - EPOCH) * DAY_SECONDS
"""The last moment that is looked at (epoch seconds): calendars end with the year 9999."""

FAR = 2**40
"""An instant after every other."""


def instants(recurrence: Recurrence, start: int, end: int) -> tuple[int, ...]:
    """Return the moments of delivery from `start` to `end` (epoch seconds, both included), rising.

    Two times that a clock change brings together are one delivery.
    """
    if end < start:
        return ()
    span = _span(start, end)
    mask = on_days(recurrence, span)
    if not mask:
        return ()
    clocks = [wall_time_of(recurrence, span, time) for time in recurrence.times]
    found = [at for clock in clocks for at in clock.instants(mask)]
    if len(clocks) > 1 or any(clock.gaps for clock in clocks):
        found = sorted(set(found))
    return tuple(found[bisect_left(found, start) : bisect_right(found, end)])


def declared_within(schedule: Declared, start: int, end: int) -> tuple[int, ...]:
    """Return the moments from `start` to `end` (epoch seconds, both included) that are declared."""
    match schedule:
        case Immediate():
            return ()
        case OneShot(at=at):
            return (at,) if start <= at <= end else ()
        case Recurrence():
            return instants(schedule, start, end)


def instants_from(recurrence: Recurrence, start: int, *, until: int = LATEST) -> Iterator[int]:
    """Yield the moments from `start` to `until` (epoch seconds, both included), rising.

    Gives up 50 years after `start`: some rules, such as every February 30, never come.
    """
    stop = min(until, start + 50 * 366 * DAY_SECONDS, LATEST)
    # Whoever wants only the next one should not pay for a year.
    begin, step = start, 16 * DAY_SECONDS
    while begin <= stop:
        yield from instants(recurrence, begin, min(begin + step - 1, stop))
        if recurrence.last is not None and _day(begin) > recurrence.last:
            return
        begin, step = begin + step, min(step * 4, 512 * DAY_SECONDS)


def on_days(recurrence: Recurrence, span: Days) -> int:
    """Return the mask of the days of a run on which a recurrence delivers, by its own calendar."""
    mask = occurrence_days(recurrence.rule, span, recurrence.first)
    for first, last in recurrence.skip:
        mask &= ~span.range(first, last)
    mask |= union(span.range(*stretch) for stretch in recurrence.also)
    return mask & span.range(recurrence.first, recurrence.last)


class ClockChange(Struct, frozen=True):
    """A wall time that a clock change skips (`twice` is False), or brings twice."""

    day: dt.date
    time: dt.time
    twice: bool


def clock_changes(recurrence: Recurrence, start: int, end: int) -> Iterator[ClockChange]:
    """Yield what clock changes between two instants do to the times of a recurrence.

    `start` and `end` are epoch seconds, both included.
    """
    span = _span(start, end)
    mask = on_days(recurrence, span)
    for time in recurrence.times:
        clock = wall_time_of(recurrence, span, time)
        for index in bits(mask & (clock.gaps | clock.folds)):
            yield ClockChange(span.date(index), time, bool(clock.folds >> index & 1))


def as_data(recurrence: Recurrence) -> dict[str, Any]:
    """Return a recurrence as plain data, the form that is hashed."""
    return {
        "type": "recurring",
        "rule": format_rrule(recurrence.rule),
        "short": str(recurrence.rule.short),
        "times": [time.isoformat() for time in recurrence.times],
        "zone": str(recurrence.zone),
        "first": recurrence.first.isoformat() if recurrence.first else None,
        "last": recurrence.last.isoformat() if recurrence.last else None,
        "skip": _stretches(recurrence.skip),
        **({"also": _stretches(recurrence.also)} if recurrence.also else {}),
        "gap": str(recurrence.gap or Gap.NEXT),
        "fold": str(recurrence.fold or Fold.FIRST),
    }


def _stretches(found: tuple[tuple[dt.date, dt.date], ...]) -> list[list[str]]:
    return [[first.isoformat(), last.isoformat()] for first, last in found]


def wall_time_of(recurrence: Recurrence, span: Days, time: dt.time) -> WallTime:
    """Return when clocks show one of the times, with what nobody chose as it usually is."""
    gap, fold = recurrence.gap or Gap.NEXT, recurrence.fold or Fold.FIRST
    return wall_time(span, time, recurrence.zone, gap, fold)


@lru_cache(maxsize=64)
def _span(start: int, end: int) -> Days:
    first, last = _day(start), _day(end)
    return days(first - dt.timedelta(days=MARGIN), (last - first).days + 1 + 2 * MARGIN)


def _day(at: int) -> dt.date:
    return dt.date.fromordinal(EPOCH + at // DAY_SECONDS)
