"""When the service is asked to deliver, in the service's own terms, and the moments that follow.

The service knows three shapes: at once, at one instant, and a loop (daily, weekly, monthly) at a
wall-clock time of its own zone between two calendar days, both included. Source: the vendor's
PushSimple page, "StrategyContent field description".
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from enum import IntEnum
from functools import lru_cache

from msgspec import Struct

from pushctl.schedule.day_mask import days, union
from pushctl.schedule.zone_offsets import Fold, Gap, wall_time

DAY = dt.timedelta(days=1)


class Every(IntEnum):
    """How a loop repeats; the numbers are the service's `circleType`."""

    DAY = 1
    WEEK = 2
    MONTH = 3


class Immediate(Struct, frozen=True):
    """Deliver as soon as the call is made. Leaves no task behind that could be cancelled.

    `again` is what an entry says to be sent once more; it is sent once for each value.
    """

    again: str | None = None


class OneShot(Struct, frozen=True):
    """Deliver once, `at` seconds after the Unix epoch."""

    at: int


class Loop(Struct, frozen=True):
    """Deliver at `time` on every matching day from `first` to `last`, both included.

    Days and time are wall clock in the service's zone. `on` holds weekdays (Monday is 1) or days
    of the month, and is empty for a daily loop.
    """

    every: Every
    on: tuple[int, ...]
    time: dt.time
    first: dt.date
    last: dt.date


Schedule = Immediate | OneShot | Loop
"""What one task is sent with."""


@lru_cache(maxsize=1024)
def deliveries(schedule: Schedule, zone: dt.tzinfo) -> tuple[int, ...]:
    """Return the instants (epoch seconds, rising) at which a task delivers.

    An immediate push has none: its instant is the call. Days of the month that a month does not
    have are skipped.
    """
    match schedule:
        case Immediate():
            return ()
        case OneShot(at=at):
            return (at,)
        case Loop():
            return _repeated(schedule, zone)


def _repeated(loop: Loop, zone: dt.tzinfo) -> tuple[int, ...]:
    span = days(loop.first, max((loop.last - loop.first).days + 1, 0))
    match loop.every:
        case Every.DAY:
            mask = span.all
        case Every.WEEK:
            mask = union(span.weekdays[day - 1] for day in loop.on)
        case Every.MONTH:
            mask = union(span.month_day(day) for day in loop.on)
    return tuple(wall_time(span, loop.time, zone, Gap.SHIFT, Fold.FIRST).instants(mask))


def instant(day: dt.date, time: dt.time, zone: dt.tzinfo) -> int:
    """Turn a wall-clock moment of a zone into epoch seconds (the first one if it happens twice)."""
    return int(dt.datetime.combine(day, time, zone).timestamp())


def local_day(at: int, zone: dt.tzinfo) -> dt.date:
    """Tell which calendar day an instant (epoch seconds) is in a zone."""
    return dt.datetime.fromtimestamp(at, zone).date()


class Horizon(Struct, frozen=True):
    """What the service accepts: its zone, how many `days` ahead, and from how many seconds on.

    `now` is in epoch seconds.
    """

    zone: dt.tzinfo
    days: int = 180
    lead: int = 60

    def last_day(self, now: int) -> dt.date:
        """Return the last day on which a loop may still deliver."""
        return local_day(now, self.zone) + dt.timedelta(days=self.days)

    def end(self, now: int) -> int:
        """Return the last second (since the epoch) of that day."""
        return instant(self.last_day(now) + DAY, dt.time(0), self.zone) - 1


def remaining(schedule: Schedule, now: int, zone: dt.tzinfo) -> tuple[int, ...]:
    """Return the deliveries after `now` (epoch seconds) of a schedule as sent."""
    times = deliveries(schedule, zone)
    return times[bisect_right(times, now) :]


def next_delivery(schedule: Schedule, now: int, zone: dt.tzinfo) -> int | None:
    """Return the first delivery after `now` (epoch seconds) of a schedule as sent, if any."""
    return next(iter(remaining(schedule, now, zone)), None)
