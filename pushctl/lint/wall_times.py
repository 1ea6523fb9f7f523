"""Moments as the clocks of a zone show them. There are many, so this is plain arithmetic."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pushctl.lint.rule import Setting
from pushctl.schedule.zone_offsets import DAY_SECONDS, offset_at, runs


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of every day, in seconds from midnight; over midnight if it ends earlier.

    `end` itself does not belong to it. One that ends when it begins holds nothing.
    """

    begin: int
    end: int

    def holds(self, second: int) -> bool:
        """Tell whether a second of the day lies within."""
        if self.begin <= self.end:
            return self.begin <= second < self.end
        return second >= self.begin or second < self.end

    def wait(self, second: int) -> int:
        """Return the seconds from a second of the day until the stretch next begins."""
        return (self.begin - second) % DAY_SECONDS

    def __str__(self) -> str:
        return f"{_shown(self.begin)} to {_shown(self.end)}"


def stretch(begin: dt.time, end: dt.time) -> Stretch:
    """Return the stretch between two times of day."""
    return Stretch(_seconds(begin), _seconds(end))


def _seconds(time: dt.time) -> int:
    return time.hour * 3600 + time.minute * 60 + time.second


def _shown(second: int) -> str:
    minutes, rest = divmod(second, 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}" + (f":{rest:02d}" if rest else "")


def walls(moments: Sequence[int], zone: dt.tzinfo, setting: Setting) -> Iterator[int]:
    """Yield what the clocks of a zone show at each moment (epoch seconds, rising).

    As seconds since the beginning of 1970 on those clocks: divided by a day they are the day, and
    what remains is the time.
    """
    if len(moments) == 1:
        yield moments[0] + offset_at(moments[0], zone)
        return
    if not moments:
        return
    since, until = setting.now, setting.until
    if moments[-1] > until:  # it begins late
        since, until = moments[0], moments[-1]
    for run in runs(zone, since, until):
        yield from (at + run.offset for at in moments if run.start <= at < run.end)
