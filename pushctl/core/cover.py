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
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from pushctl.core.clocks import DAY_SECONDS, EPOCH, Fold, Gap, Run, runs, wall
from pushctl.core.days import WEEK, Days, bits, days, lowest
from pushctl.core.schedule import Every, Loop, OneShot

Window = tuple[int, int, Every]
"""First and last bit, and the kind of loop that says the days between them."""


def cover(moments: Sequence[int], zone: dt.tzinfo) -> tuple[OneShot | Loop, ...]:
    """Return tasks that together deliver at exactly some moments (epoch seconds, rising).

    The soonest comes first. `zone` is the service's.
    """
    if not moments:
        return ()
    stretch = runs(zone, moments[0], moments[-1])
    span = _span(moments[0] + stretch[0].offset, moments[-1] + stretch[-1].offset)
    found: list[tuple[int, OneShot | Loop]] = []
    for seconds, held in _by_time(moments, stretch).items():
        found += _of_one_time(_time(seconds), held, span, zone)
    return tuple(schedule for _, schedule in sorted(found, key=lambda item: item[0]))


def _by_time(moments: Iterable[int], stretch: Sequence[Run]) -> dict[int, list[tuple[int, int]]]:
    """Sort moments by the service's time of day (seconds), each with its day's ordinal."""
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for at in moments:
        local = at + next(run.offset for run in stretch if at < run.end)
        found[local % DAY_SECONDS].append((EPOCH + local // DAY_SECONDS, at))
    return found


def _of_one_time(
    time: dt.time, held: Sequence[tuple[int, int]], span: Days, zone: dt.tzinfo
) -> Iterator[tuple[int, OneShot | Loop]]:
    clock = wall(span, time, zone, Gap.SKIP, Fold.FIRST)
    odd = clock.gaps | clock.folds
    instants = {}
    for ordinal, at in held:
        index = ordinal - span.origin
        if odd >> index & 1:
            yield at, OneShot(at)
        else:
            instants[index] = at
    mask = sum(1 << index for index in instants)
    for first, last, every in _windows(mask, span):
        at = instants[first]
        if first == last:
            yield at, OneShot(at)
        else:
            yield at, _loop(mask & span.between(first, last), time, every, span)


def _loop(mask: int, time: dt.time, every: Every, span: Days) -> Loop:
    held = [span.date(index) for index in bits(mask)]
    if len(held) == (held[-1] - held[0]).days + 1:
        return Loop(Every.DAY, (), time, held[0], held[-1])
    on = {day.isoweekday() if every is Every.WEEK else day.day for day in held}
    return Loop(every, tuple(sorted(on)), time, held[0], held[-1])


def _time(seconds: int) -> dt.time:
    minutes, second = divmod(seconds, 60)
    return dt.time(*divmod(minutes, 60), second)


def _span(low: int, high: int) -> Days:
    """Return whole days around two local moments, in sizes that many recurrences share."""
    first, last = EPOCH + low // DAY_SECONDS, EPOCH + high // DAY_SECONDS
    return days(dt.date.fromordinal(first), last - first + 1)


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
    differs = rest ^ _repeated(pattern, rest.bit_length())
    same = rest & ((differs & -differs) - 1) if differs else rest
    return first, first + same.bit_length() - 1, Every.WEEK


@lru_cache(maxsize=1024)
def _repeated(pattern: int, size: int) -> int:
    weeks = sum(1 << start for start in range(0, size + WEEK, WEEK))
    return pattern * weeks & ((1 << size) - 1)


def _monthly(mask: int, first: int, span: Days) -> Window:
    """Return the longest window from `first` on that a list of days of the month says."""
    on: set[int] = set()
    wanted = unclear = 0
    last = first
    for index in bits(mask >> first << first):
        number = span.date(index).day
        if number not in on:
            on.add(number)
            wanted |= span.month_day(number)
            unclear |= span.shorter_ends(number)
        inside = span.between(first, index)
        if (wanted ^ mask) & inside or unclear & inside:
            break
        last = index
    return first, last, Every.MONTH
