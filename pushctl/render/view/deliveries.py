"""When the entry of a change delivers, before and after it. Instants are epoch seconds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from pushctl.plan.change import Change, cancels_of, creates_of, push_of
from pushctl.plan.diff.delivery_diff import DeliveryDiff, delivery_diff
from pushctl.plan.plan import Plan
from pushctl.render.view.audience import kept_by
from pushctl.schedule.recurrence import Recurrence, instants, instants_from
from pushctl.schedule.service_schedule import Schedule, local_day, remaining

LEAD = 60
"""Seconds that a delivery has to be ahead for a task to be made for it."""


def upcoming(change: Change, plan: Plan) -> tuple[int, ...]:
    """Return when the entry will deliver if the change is applied, ascending."""
    schedules = [task.schedule for task in creates_of(change)]
    return _merged([*schedules, *(task.schedule for task in kept_by(change))], plan)


def delivery_delta(change: Change, plan: Plan, scheduled: Sequence[int]) -> DeliveryDiff:
    """Return which of an entry's deliveries appear, disappear and move if it is applied.

    `scheduled` is what is `upcoming` then.
    """
    before = (task.schedule for task in (*cancels_of(change), *kept_by(change)))
    return delivery_diff(_merged(before, plan), scheduled, zone_of(change, plan))


def zone_of(change: Change, plan: Plan) -> dt.tzinfo:
    """Return the zone in which the entry's deliveries are meant."""
    push = push_of(change)
    if push is not None and isinstance(push.schedule, Recurrence):
        return push.schedule.zone
    return plan.timezone if push is None or push.zone is None else push.zone


def held_today(change: Change, plan: Plan, scheduled: Sequence[int]) -> tuple[int, ...]:
    """Return what is declared for the rest of today and held back, since today's was delivered."""
    push = push_of(change)
    if push is None or not isinstance(push.schedule, Recurrence) or not scheduled:
        return ()
    zone = push.schedule.zone
    today = local_day(plan.created_at, zone)
    ahead = instants(push.schedule, plan.created_at + LEAD, scheduled[0] - 1)
    return tuple(at for at in ahead if local_day(at, zone) == today)


def goes_on(change: Change, plan: Plan, scheduled: Sequence[int]) -> bool:
    """Tell whether the entry has deliveries after those that will be scheduled."""
    push = push_of(change)
    if push is None or not isinstance(push.schedule, Recurrence):
        return False
    after = (scheduled[-1] if scheduled else plan.created_at) + 1
    return next(instants_from(push.schedule, after), None) is not None


def _merged(schedules: Iterable[Schedule], plan: Plan) -> tuple[int, ...]:
    found: set[int] = set()
    for schedule in dict.fromkeys(schedules):
        found.update(remaining(schedule, plan.created_at, plan.service_zone))
    return tuple(sorted(found))
