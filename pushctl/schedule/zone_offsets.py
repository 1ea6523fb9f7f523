"""Wall clocks and the instants they show: where clocks change, and what that does to times.

Between two changes a zone is a constant offset, and a day is 86,400 seconds; all that is difficult
happens at the changes. A wall time that is skipped there is a *gap*, one that comes twice a *fold*.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache
from itertools import zip_longest

from msgspec import Struct

from pushctl.schedule.day_mask import Days, bits

DAY_SECONDS = 86400
EPOCH = dt.date(1970, 1, 1).toordinal()


class Gap(StrEnum):
    """When to deliver what falls on a wall time that the clocks skip."""

    NEXT = "next"
    SHIFT = "shift"
    SKIP = "skip"


class Fold(StrEnum):
    """Which one to take of a wall time that comes twice."""

    FIRST = "first"
    SECOND = "second"


class OffsetRun(Struct, frozen=True):
    """From `start` up to, but not including, `end` (epoch seconds) a zone is `offset` off UTC."""

    start: int
    end: int
    offset: int


BLOCK = 64 * DAY_SECONDS
STEP = DAY_SECONDS // 2


@lru_cache(maxsize=1024)
def offset_runs(zone: dt.tzinfo, start: int, end: int) -> tuple[OffsetRun, ...]:
    """Return the constant stretches of a zone that touch the time from `start` to `end`."""
    found: list[OffsetRun] = []
    for block in range(start // BLOCK, end // BLOCK + 1):
        for run in _block(zone, block):
            if found and found[-1].offset == run.offset:
                found[-1] = OffsetRun(found[-1].start, run.end, run.offset)
            else:
                found.append(run)
    return tuple(run for run in found if run.end > start and run.start <= end)


@lru_cache(maxsize=8192)
def _block(zone: dt.tzinfo, block: int) -> tuple[OffsetRun, ...]:
    """Search one block of days. Clocks are taken to keep an offset for at least half a day."""
    start, end = block * BLOCK, (block + 1) * BLOCK
    found: list[OffsetRun] = []
    since, offset = start, offset_at(start, zone)
    for at in range(start + STEP, end + 1, STEP):
        if (after := offset_at(at, zone)) != offset:
            change = _change(zone, at - STEP, at, offset)
            found.append(OffsetRun(since, change, offset))
            since, offset = change, after
    if since < end:
        found.append(OffsetRun(since, end, offset))
    return tuple(found)


def _change(zone: dt.tzinfo, low: int, high: int, offset: int) -> int:
    """Return the first instant after `low`, up to `high`, with another offset."""
    while high - low > 1:
        middle = (low + high) // 2
        if offset_at(middle, zone) == offset:
            low = middle
        else:
            high = middle
    return high


def offset_at(at: int, zone: dt.tzinfo) -> int:
    """Return how far a zone is ahead of UTC (seconds) at an instant."""
    moment = dt.datetime.fromtimestamp(at, zone)
    return int((moment.utcoffset() or dt.timedelta()).total_seconds())


def midnight(span: Days) -> int:
    """Return when a run of days begins in UTC (epoch seconds)."""
    return (span.origin - EPOCH) * DAY_SECONDS


def offset_runs_around(zone: dt.tzinfo, span: Days) -> tuple[OffsetRun, ...]:
    """Return the constant stretches of a zone on a run of days, and two days before and after."""
    start = midnight(span) - 2 * DAY_SECONDS
    return offset_runs(zone, start, start + (span.size + 4) * DAY_SECONDS)


class WallTimePiece(Struct, frozen=True):
    """Days (a mask) on which the wall time is at `base` plus a day's seconds for every bit."""

    mask: int
    base: int


class WallTime(Struct, frozen=True):
    """When one wall time is on each day of a run.

    `gaps` and `folds` mark the days on which that is a choice.
    """

    pieces: tuple[WallTimePiece, ...]
    gaps: int
    folds: int

    def instants(self, mask: int) -> list[int]:
        """Return the instants (epoch seconds) for the days of a mask, rising within a piece."""
        return [
            piece.base + index * DAY_SECONDS
            for piece in self.pieces
            for index in bits(mask & piece.mask)
        ]


@lru_cache(maxsize=4096)
def wall_time(span: Days, time: dt.time, zone: dt.tzinfo, gap: Gap, fold: Fold) -> WallTime:
    """Say when a zone's clock shows `time` on the days of a run, by the chosen rules."""
    seconds = time.hour * 3600 + time.minute * 60 + time.second
    base = midnight(span) + seconds
    stretch = offset_runs_around(zone, span)
    if len(stretch) == 1:
        return WallTime((WallTimePiece(span.all, base - stretch[0].offset),), 0, 0)
    pieces: list[WallTimePiece] = []
    gaps = folds = 0
    start = 0
    for run, after in zip_longest(stretch, stretch[1:]):
        beyond = _first_index(run.end, run.offset, base)
        following = beyond if after is None else _first_index(run.end, after.offset, base)
        end = following if fold is Fold.SECOND and following < beyond else beyond
        pieces.append(WallTimePiece(span.between(start, end - 1), base - run.offset))
        folds |= span.between(following, beyond - 1)
        for index in bits(span.between(beyond, following - 1)):
            gaps |= 1 << index
            pieces += _over_gap(gap, index, base - run.offset, run.end)
        start = max(following, end)
    return WallTime(tuple(piece for piece in pieces if piece.mask), gaps, folds)


def _first_index(at: int, offset: int, base: int) -> int:
    """Return the first bit whose wall time, under an offset, is not before an instant."""
    return -((base - offset - at) // DAY_SECONDS)


def _over_gap(gap: Gap, index: int, before: int, change: int) -> Iterator[WallTimePiece]:
    match gap:
        case Gap.NEXT:
            yield WallTimePiece(1 << index, change - index * DAY_SECONDS)
        case Gap.SHIFT:
            yield WallTimePiece(1 << index, before)
        case Gap.SKIP:
            return
