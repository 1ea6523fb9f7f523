"""The fewest tasks that deliver at exactly the given moments: the compiler's back end.

The service knows one moment, and loops: daily, weekly or monthly at one time of day of its own
zone, between two days. A loop with a window is a strong word: within a month, a monthly loop with
a list of days says any set of days at all. So the moments are sorted by their time of day in the
service's zone, and each time's days are cut, from the first on, into the longest windows that one
loop can say. A part of such a window can also be said by one loop, so that taking the longest each
time gives the fewest windows that do not overlap.

Never guessed: what the service does with day 31 in a shorter month, or with a time that its own
zone skips or repeats. No loop is made whose window would raise that question.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from operator import itemgetter

from msgspec import Struct

from pushctl.schedule.day_mask import WEEK, Days, bits, days, lowest, repeated
from pushctl.schedule.service_schedule import Every, Loop, OneShot
from pushctl.schedule.zone_offsets import (
    DAY_SECONDS,
    EPOCH,
    Fold,
    Gap,
    OffsetRun,
    midnight,
    offset_at,
    offset_runs_around,
    wall_time,
)

Window = tuple[int, int, Every]
"""First and last bit, and the kind of loop that says the days between them."""


def compile_loops(moments: Sequence[int], zone: dt.tzinfo) -> tuple[OneShot | Loop, ...]:
    """Return tasks that together deliver at exactly some moments (epoch seconds, rising).

    The soonest comes first. `zone` is the service's.
    """
    if not moments:
        return ()
    span = _span(*(at + offset_at(at, zone) for at in (moments[0], moments[-1])))
    found: list[tuple[int, OneShot | Loop]] = []
    stretch = offset_runs_around(zone, span)
    for seconds, held in _by_time(moments, stretch, span).items():
        time = _time(seconds)
        odd = _irregular_days(time, span, zone) if len(stretch) > 1 else 0
        found += _of_one_time(time, held, odd, span)
    return tuple(schedule for _, schedule in sorted(found, key=itemgetter(0)))


class _WantedDays(Struct):
    """The days (a mask) on which a time is wanted, where bit 0 would be at `base`."""

    base: int
    mask: int = 0

    def at(self, index: int) -> int:
        return self.base + index * DAY_SECONDS


def _by_time(
    moments: Sequence[int], stretch: Sequence[OffsetRun], span: Days
) -> dict[int, list[_WantedDays]]:
    """Sort moments by the service's time of day (seconds), for each stretch of its clock."""
    found: dict[int, list[_WantedDays]] = defaultdict(list)
    start = 0
    for run in stretch:
        end = bisect_left(moments, run.end, start)
        zero = midnight(span) - run.offset
        here: dict[int, int] = defaultdict(int)
        for at in moments[start:end]:
            index, seconds = divmod(at - zero, DAY_SECONDS)
            here[seconds] |= 1 << index
        for seconds, mask in here.items():
            found[seconds].append(_WantedDays(zero + seconds, mask))
        start = end
    return found


def _irregular_days(time: dt.time, span: Days, zone: dt.tzinfo) -> int:
    """Return the mask of the days on which the service's clock skips a time, or repeats it."""
    clock = wall_time(span, time, zone, Gap.SKIP, Fold.FIRST)
    return clock.gaps | clock.folds


def _of_one_time(
    time: dt.time, held: Sequence[_WantedDays], odd: int, span: Days
) -> Iterator[tuple[int, OneShot | Loop]]:
    mask = 0
    for part in held:
        mask |= part.mask & ~odd
        for index in bits(part.mask & odd):
            yield part.at(index), OneShot(part.at(index))
    for first, last, every in _windows(mask, span):
        at = held[0].at(first)
        if len(held) > 1:
            at = next(part.at(first) for part in held if part.mask >> first & 1)
        if first == last:
            yield at, OneShot(at)
        else:
            yield at, _loop(mask, time, (first, last, every), span)


def _loop(mask: int, time: dt.time, window: Window, span: Days) -> Loop:
    first, last, every = window
    whole = span.between(first, last)
    inside = mask & whole
    on: tuple[int, ...] = ()
    if inside == whole:
        every = Every.DAY
    elif every is Every.WEEK:
        on = tuple(day for day, each in enumerate(span.weekdays, 1) if each & inside)
    else:
        on = tuple(sorted({span.month_numbers[index] for index in bits(inside)}))
    return Loop(every, on, time, span.date(first), span.date(last))


def _time(seconds: int) -> dt.time:
    minutes, second = divmod(seconds, 60)
    return dt.time(*divmod(minutes, 60), second)


SIZE = 64


def _span(low: int, high: int) -> Days:
    """Return whole months and more around two local moments, so that many recurrences share it."""
    first, last = (dt.date.fromordinal(EPOCH + at // DAY_SECONDS) for at in (low, high))
    first = first.replace(day=1)
    return days(first, ((last - first).days // SIZE + 1) * SIZE)


# --- one time of day ------------------------------------------------------------------------------


def _windows(mask: int, span: Days) -> Iterator[Window]:
    """Cut days into the longest windows that a loop can say, from the first day on."""
    while mask:
        first = lowest(mask)
        window = _weekly(mask, first)
        if mask >> (window[1] + 1):
            window = max(window, _monthly(mask, first, span), key=lambda found: found[1])
        yield window
        mask = mask >> (window[1] + 1) << (window[1] + 1)


def _weekly(mask: int, first: int) -> Window:
    """Return the longest window from `first` on in which every week is like its first."""
    rest = mask >> first
    pattern = rest & ((1 << WEEK) - 1)
    size = rest.bit_length()
    differs = rest ^ (pattern * repeated(WEEK, size) & ((1 << size) - 1))
    same = rest & ((differs & -differs) - 1) if differs else rest
    return first, first + same.bit_length() - 1, Every.WEEK


def _monthly(mask: int, first: int, span: Days) -> Window:
    """Return the longest window from `first` on that a list of days of the month says."""
    said = unclear = 0
    end = first
    while mask >> end & 1:
        number = span.month_numbers[end]
        said |= span.month_day(number)
        unclear |= span.shorter_ends(number)
        wrong = (said ^ mask | unclear) >> first
        beyond = first + lowest(wrong) if wrong else span.size
        if beyond <= end:
            break
        end = beyond
    return first, (mask & ((1 << end) - 1)).bit_length() - 1, Every.MONTH
