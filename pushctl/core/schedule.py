"""When the service is asked to deliver, in the service's own terms, and the moments that follow.

The service knows three shapes: at once, at one instant, and a loop (daily, weekly, monthly) at a
wall-clock time of its own zone between two calendar days, both included. Source: the vendor's
PushSimple page, "StrategyContent field description".
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import IntEnum

DAY = dt.timedelta(days=1)


class Every(IntEnum):
    """How a loop repeats; the numbers are the service's `circleType`."""

    DAY = 1
    WEEK = 2
    MONTH = 3


@dataclass(frozen=True, slots=True)
class Immediate:
    """Deliver as soon as the call is made. Leaves no task behind that could be cancelled."""


@dataclass(frozen=True, slots=True)
class OneShot:
    """Deliver once, `at` seconds after the Unix epoch."""

    at: int


@dataclass(frozen=True, slots=True)
class Loop:
    """Deliver at `time` on every matching day from `first` to `last`, both included.

    Days and time are wall clock in the service's zone. `on` holds weekdays (Monday is 1) or days
    of the month, and is empty for a daily loop. As *declared*, `first` or `last` may be None: "from
    now on" and "until further notice"; as *sent to the service*, both are set.
    """

    every: Every
    on: tuple[int, ...]
    time: dt.time
    first: dt.date | None = None
    last: dt.date | None = None

    def falls_on(self, day: dt.date) -> bool:
        """Tell whether the loop repeats on `day`, whatever its first and last day."""
        match self.every:
            case Every.DAY:
                return True
            case Every.WEEK:
                return day.isoweekday() in self.on
            case Every.MONTH:
                return day.day in self.on


Schedule = Immediate | OneShot | Loop


def deliveries(schedule: Schedule, zone: dt.tzinfo) -> Iterator[int]:
    """Yield the instants (epoch seconds, rising) at which a bounded schedule delivers.

    An immediate push yields nothing: its instant is the call. A loop must have both its days;
    days of the month that a month does not have are skipped.
    """
    match schedule:
        case Immediate():
            return
        case OneShot(at=at):
            yield at
        case Loop(first=first, last=last):
            if first is None or last is None:
                raise ValueError("only a loop with a first and a last day has countable deliveries")
            day = first
            while day <= last:
                if schedule.falls_on(day):
                    yield instant(day, schedule.time, zone)
                day += DAY


def instant(day: dt.date, time: dt.time, zone: dt.tzinfo) -> int:
    """Turn a wall-clock moment of a zone into epoch seconds (the first one if it happens twice)."""
    return int(dt.datetime.combine(day, time, zone).timestamp())


def spell(seconds: int) -> str:
    """Write a short length of time as people say it: `45 s`, `4 min 58 s`."""
    minutes, rest = divmod(seconds, 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def local_day(now: int, zone: dt.tzinfo) -> dt.date:
    """Tell which calendar day `now` (epoch seconds) is in a zone."""
    return dt.datetime.fromtimestamp(now, zone).date()


@dataclass(frozen=True, slots=True)
class Horizon:
    """What the service accepts: its zone, how many days ahead, and how close `now` may be."""

    zone: dt.tzinfo
    days: int = 180
    lead: int = 60

    def last_day(self, now: int) -> dt.date:
        """Return the last day on which a loop may still deliver."""
        return local_day(now, self.zone) + dt.timedelta(days=self.days)


def bounded(
    loop: Loop, *, now: int, horizon: Horizon, not_before: dt.date | None = None
) -> Loop | None:
    """Cut a declared loop to the part that the service accepts today; None if nothing is left.

    The window opens on the day of the first delivery that is still ahead (at least `lead` seconds),
    so that what the service does about a time of today that has already passed never matters. It
    closes on the declared last day, or as far away as the service allows. `not_before` keeps a
    follow-on window clear of the one it continues.
    """
    day = local_day(now, horizon.zone)
    for bound in (loop.first, not_before):
        if bound is not None:
            day = max(day, bound)
    end = horizon.last_day(now)
    if loop.last is not None:
        end = min(end, loop.last)
    while day <= end:
        if loop.falls_on(day) and instant(day, loop.time, horizon.zone) >= now + horizon.lead:
            return replace(loop, first=day, last=end)
        day += DAY
    return None


def next_delivery(schedule: Schedule, now: int, zone: dt.tzinfo) -> int | None:
    """Return the first delivery after `now` (epoch seconds) of a schedule as sent, if any."""
    if isinstance(schedule, Loop) and schedule.first is not None:
        schedule = replace(schedule, first=max(schedule.first, local_day(now, zone)))
    return next((at for at in deliveries(schedule, zone) if at > now), None)
