"""Which deliveries checks look at: those of some weeks, so that looking costs less than reading."""

from __future__ import annotations

from pushctl.schedule.recurrence import Recurrence, coming, instants
from pushctl.schedule.zone_offsets import DAY_SECONDS

AHEAD_DAYS = 35
"""How many days checks look ahead: every weekday and every day of a month comes by in them."""

SOON = 7
"""Days. What begins later than that is looked at for `AHEAD_DAYS` from its first delivery on."""

MOST = 420
"""Deliveries of one entry that are looked at: 12 a day. What comes more often is looked at for
fewer days, but for a week at least."""


def ahead(schedule: Recurrence, now: int, end: int) -> tuple[int, ...]:
    """Return the deliveries of the next weeks, or of the first if they begin later.

    All in epoch seconds; `end` is the last moment at which they may begin. Whoever reviews a
    campaign of February in December wants to know then that it is at night.
    """
    length = _days(schedule) * DAY_SECONDS
    found = instants(schedule, now + 1, now + length)
    if found and found[0] <= now + SOON * DAY_SECONDS:
        return found
    return weeks(schedule, now + 1, end) or found


def weeks(schedule: Recurrence, start: int, end: int) -> tuple[int, ...]:
    """Return the first weeks of the deliveries from `start` on that begin before `end`."""
    first = next(coming(schedule, start, until=end), None)
    if first is None:
        return ()
    return instants(schedule, first, first + _days(schedule) * DAY_SECONDS - 1)


def _days(schedule: Recurrence) -> int:
    return min(AHEAD_DAYS, max(SOON, MOST // len(schedule.times)))
