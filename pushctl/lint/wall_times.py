"""Wall-clock times of instants, and windows of the day. There are many: plain arithmetic."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from msgspec import Struct

from pushctl.lint.check import LintContext
from pushctl.schedule.zone_offsets import DAY_SECONDS, offset_at, offset_runs


class DailyWindow(Struct, frozen=True):
    """A part of every day, in seconds from midnight; over midnight if it ends earlier.

    `end` itself does not belong to it. One that ends when it begins is empty.
    """

    begin: int
    end: int

    def contains(self, second: int) -> bool:
        """Tell whether a second of the day lies within."""
        if self.begin <= self.end:
            return self.begin <= second < self.end
        return second >= self.begin or second < self.end

    def seconds_until(self, second: int) -> int:
        """Return the seconds from a second of the day until the window next begins."""
        return (self.begin - second) % DAY_SECONDS

    def __str__(self) -> str:
        return f"{_shown(self.begin)} to {_shown(self.end)}"


def daily_window(begin: dt.time, end: dt.time) -> DailyWindow:
    """Return the window between two times of day."""
    return DailyWindow(_seconds(begin), _seconds(end))


def _seconds(time: dt.time) -> int:
    return time.hour * 3600 + time.minute * 60 + time.second


def _shown(second: int) -> str:
    minutes, rest = divmod(second, 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}" + (f":{rest:02d}" if rest else "")


def wall_times(instants: Sequence[int], zone: dt.tzinfo, context: LintContext) -> Iterator[int]:
    """Yield the wall-clock time of a zone at each instant (epoch seconds, rising).

    In seconds since the beginning of 1970 on those clocks: divided by a day they are the day, and
    what remains is the time of day.
    """
    if len(instants) == 1:
        yield instants[0] + offset_at(instants[0], zone)
        return
    if not instants:
        return
    since, until = context.now, context.until
    if instants[-1] > until:  # it begins late
        since, until = instants[0], instants[-1]
    for run in offset_runs(zone, since, until):
        yield from (at + run.offset for at in instants if run.start <= at < run.end)
