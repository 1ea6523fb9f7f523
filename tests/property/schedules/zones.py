"""The zones of the system that differ, and where their clocks change; asked of `zoneinfo` alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

STEP = 6 * 86_400
"""Seconds between two looks: no zone changes twice within six days in these years."""

Change = tuple[int, int, int]
"""A change of clocks: its moment (epoch seconds), and the seconds off UTC before and after it."""


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """Return the zones of the database, without the old names of single words."""
    return tuple(sorted(name for name in available_timezones() if "/" in name or name == "UTC"))


def changes(zone: dt.tzinfo, start: int, end: int) -> Iterator[Change]:
    """Yield the changes of a zone's clocks between two moments."""
    before = offset(start, zone)
    for at in range(start + STEP, end + STEP, STEP):
        after = offset(at, zone)
        if after != before:
            yield _moment(zone, at - STEP, at, after), before, after
        before = after


def _moment(zone: dt.tzinfo, low: int, high: int, after: int) -> int:
    while high - low > 1:
        middle = (low + high) // 2
        if offset(middle, zone) == after:
            high = middle
        else:
            low = middle
    return high


def offset(at: int, zone: dt.tzinfo) -> int:
    """Return the seconds that a zone is ahead of UTC."""
    found = dt.datetime.fromtimestamp(at, zone).utcoffset()
    assert found is not None
    return int(found.total_seconds())


@lru_cache(maxsize=4)
def different(first: int, last: int) -> dict[str, tuple[Change, ...]]:
    """Return one zone of each kind, with its changes from one year to the end of another."""
    start, end = (
        int(dt.datetime(year, month, day, tzinfo=dt.UTC).timestamp())
        for year, month, day in ((first, 1, 1), (last, 12, 31))
    )
    kinds = {}
    for name in names():
        zone = ZoneInfo(name)
        found = tuple(changes(zone, start, end))
        kinds.setdefault((offset(start, zone), found), name)
    return {name: found for (_, found), name in kinds.items()}
