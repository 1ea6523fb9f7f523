"""The sandbox's clock: it can stand still, jump and run at any speed."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

# Inside these bounds every date calculation is safe, whatever the zone.
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC).timestamp()
_LATEST = datetime(2900, 1, 1, tzinfo=UTC).timestamp()
_MAX_SPEED = 1_000_000.0


class ClockError(ValueError):
    """A time or a speed the clock cannot take."""


@dataclass(frozen=True, slots=True)
class Clock:
    """Shows `start` at the real time `real_start` and runs at `speed`; 0 is frozen.

    All times here are epoch seconds; a parameter `real` is the machine's own time.
    """

    start: float = 0.0
    real_start: float = 0.0
    speed: float = 1.0

    @property
    def frozen(self) -> bool:
        """Whether it stands still."""
        return self.speed == 0.0

    def now(self, real: float) -> float:
        """Returns the sandbox's time."""
        shown = self.start + (real - self.real_start) * self.speed
        return min(max(shown, _EARLIEST), _LATEST)

    def set_to(self, time: float, real: float) -> Clock:
        """Returns the clock set to `time`, at its speed; raises ClockError outside 1990 to 2900."""
        if not math.isfinite(time) or not _EARLIEST <= time <= _LATEST:
            raise ClockError("the clock can be set to the years 1990 to 2900 only")
        return Clock(time, real, self.speed)

    def with_speed(self, speed: float, real: float) -> Clock:
        """Returns the clock at another speed (1 is real time); raises ClockError."""
        if not math.isfinite(speed) or not 0.0 <= speed <= _MAX_SPEED:
            raise ClockError(f"the speed must be between 0 and {_MAX_SPEED:.0f}")
        return Clock(self.now(real), real, speed)

    def to_json(self) -> str:
        """Returns the form kept in the data file."""
        return json.dumps([self.start, self.real_start, self.speed])

    @staticmethod
    def from_json(text: str) -> Clock:
        """Reverses `to_json`."""
        return Clock(*json.loads(text))


def frozen_at(time: float) -> Clock:
    """Returns a clock that stands still; raises ClockError outside 1990 to 2900."""
    return Clock(0.0, 0.0, 0.0).set_to(time, 0.0)


def parse_time(text: object, zone: tzinfo | None = None) -> float:
    """Returns ISO 8601 text as epoch seconds; raises ClockError.

    Without an offset it is meant in a zone, and a ClockError if there is none.
    """
    if not isinstance(text, str):
        raise ClockError("a time is an ISO 8601 text such as 2026-12-01T00:00:00+08:00")
    try:
        value = datetime.fromisoformat(text)
    except ValueError as error:
        raise ClockError(f"not an ISO 8601 time: {text[:60]!r}") from error
    if value.tzinfo is None and zone is not None:
        value = value.replace(tzinfo=zone)
    if value.tzinfo is None:
        raise ClockError(f"the time needs an offset, such as +08:00: {text[:60]!r}")
    try:
        return value.timestamp()
    except (OverflowError, ValueError) as error:
        raise ClockError("the clock can be set to the years 1990 to 2900 only") from error


def to_milliseconds(seconds: float) -> int:
    """Rounds down to whole milliseconds, forgiving float noise below a microsecond."""
    return math.floor(seconds * 1000 + 0.001)


def iso(ms: int, zone: tzinfo) -> str:
    """Formats epoch milliseconds as ISO 8601 with offset, milliseconds only when there are any."""
    value = datetime.fromtimestamp(ms / 1000, zone)
    return value.isoformat(timespec="milliseconds" if ms % 1000 else "seconds")
