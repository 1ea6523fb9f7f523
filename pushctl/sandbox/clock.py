"""The sandbox's own time, as a value: it can stand still, jump and run at any speed.

One reason to change: what a user can do to the clock.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

# Inside these bounds every date calculation is safe, whatever the zone.
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC).timestamp()
_LATEST = datetime(2900, 1, 1, tzinfo=UTC).timestamp()
_MAX_SPEED = 1_000_000.0


class ClockError(ValueError):
    """A moment or a speed the clock cannot take."""


@dataclass(frozen=True, slots=True)
class Clock:
    """Sandbox time as a line through (real moment, sandbox moment); speed 0 is frozen."""

    base: float = 0.0
    since: float = 0.0
    speed: float = 1.0

    @property
    def frozen(self) -> bool:
        """Whether real time passing moves it."""
        return self.speed == 0.0

    def now(self, real: float) -> float:
        """Sandbox epoch seconds at a real moment."""
        return min(max(self.base + (real - self.since) * self.speed, _EARLIEST), _LATEST)

    def at(self, moment: float, real: float) -> Clock:
        """The clock showing `moment` now, going on at the speed it had."""
        if not math.isfinite(moment) or not _EARLIEST <= moment <= _LATEST:
            raise ClockError("the clock can be set to the years 1990 to 2900 only")
        return Clock(moment, real, self.speed)

    def running(self, speed: float, real: float) -> Clock:
        """The clock at the moment it shows, with another speed (0 freezes, 1 is real time)."""
        if not math.isfinite(speed) or not 0.0 <= speed <= _MAX_SPEED:
            raise ClockError(f"the speed must be between 0 and {_MAX_SPEED:.0f}")
        return Clock(self.now(real), real, speed)

    def dump(self) -> str:
        """The form kept in the data file."""
        return json.dumps([self.base, self.since, self.speed])

    @staticmethod
    def load(text: str) -> Clock:
        """Reverse of `dump`."""
        base, since, speed = json.loads(text)
        return Clock(base, since, speed)


def frozen_at(moment: float) -> Clock:
    """A clock that stands still at a moment."""
    return Clock(0.0, 0.0, 0.0).at(moment, 0.0)


def parse_moment(text: object) -> float:
    """ISO 8601 with an offset, as epoch seconds; a naive time is refused, not guessed."""
    if not isinstance(text, str):
        raise ClockError("a moment is an ISO 8601 text such as 2026-12-01T00:00:00+08:00")
    try:
        value = datetime.fromisoformat(text)
    except ValueError as error:
        raise ClockError(f"not an ISO 8601 time: {text[:60]!r}") from error
    if value.tzinfo is None:
        raise ClockError(f"the time needs an offset, such as +08:00: {text[:60]!r}")
    try:
        return value.timestamp()
    except (OverflowError, ValueError) as error:
        raise ClockError("the clock can be set to the years 1990 to 2900 only") from error


def to_ms(epoch: float) -> int:
    """Whole milliseconds, rounding down but forgiving float noise below a microsecond."""
    return math.floor(epoch * 1000 + 0.001)


def iso(ms: int, zone: ZoneInfo) -> str:
    """Readable local time with offset; milliseconds only when there are any."""
    value = datetime.fromtimestamp(ms / 1000, zone)
    return value.isoformat(timespec="milliseconds" if ms % 1000 else "seconds")
