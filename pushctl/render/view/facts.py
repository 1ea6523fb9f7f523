"""What every rendering of a change says: audience, deliveries, counts. Values in, values out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Set

from pushctl.plan.change import Cancel, Change, Forget, cancels_of, creates_of, push_of
from pushctl.plan.diff.delivery_diff import Delta, delta
from pushctl.plan.plan import Plan
from pushctl.plan.recorded_message import Said, recorded
from pushctl.push.message import AudienceKind
from pushctl.push.push import DesiredPush
from pushctl.schedule.recurrence import Recurrence, coming, day_of, instants
from pushctl.schedule.service_schedule import Schedule, remaining
from pushctl.state.state import TaskRecord
from pushctl.text.plural import count

AUDIENCES = {
    AudienceKind.ANDROID: ("Android device", "Android devices"),
    AudienceKind.IOS: ("iOS device", "iOS devices"),
    AudienceKind.USERS: ("user", "users"),
    AudienceKind.ACTIVITY_TOKENS: ("Live Activity token", "Live Activity tokens"),
    AudienceKind.ACTIVITY_IDS: ("Live Activity", "Live Activities"),
    AudienceKind.HARMONY: ("HarmonyOS device", "HarmonyOS devices"),
}


def audience(push: DesiredPush) -> str:
    """Say how many of what a push goes to."""
    return people(len(push.targets), push.audience.kind)


def people(number: int, kind: AudienceKind | None) -> str:
    """Write a number of those whom a push goes to; None where nobody knows what they are."""
    one, many = AUDIENCES[kind] if kind else ("target", "targets")
    return count(number, one, many)


def wanted(push: DesiredPush) -> Said:
    """Return what a push of the manifest says to whom."""
    return Said(push.message.title, push.message.body, push.audience.kind)


def message(change: Change) -> Said:
    """Return what people see of an entry, or would have seen; empty where nobody knows.

    What is cancelled is what was recorded, whatever the manifest says of it now.
    """
    push = push_of(change)
    if isinstance(change, Cancel | Forget):
        said = recorded(change.spec)
        if said.title or said.body or push is None:
            return said
    return Said("", "") if push is None else wanted(push)


def targets_before(change: Change) -> int:
    """Count the targets that the change's recorded tasks hold."""
    return len(labels_before(change))


def targets_after(change: Change) -> int:
    """Count the targets that will be served after the change."""
    return len(labels_after(change))


def labels_before(change: Change) -> Set[str]:
    """Return whom the change's recorded tasks are for, by their names in the state."""
    return _labels((*cancels_of(change), *kept(change)))


def labels_after(change: Change) -> Set[str]:
    """Return who will be served after the change, by their names in the state."""
    created = {label for task in creates_of(change) for label in task.labels.values()}
    return created | _labels(kept(change))


def kept(change: Change) -> tuple[TaskRecord, ...]:
    """Return the tasks that a change leaves alone, as far as it knows them."""
    return getattr(change, "keeps", ())


def _labels(tasks: Iterable[TaskRecord]) -> set[str]:
    return {label for task in tasks for label in task.targets}


def upcoming(change: Change, plan: Plan) -> tuple[int, ...]:
    """Return the instants at which the entry will deliver if the change is applied, rising."""
    schedules = [task.schedule for task in creates_of(change)]
    schedules += [task.schedule for task in kept(change)]
    return _merged(schedules, plan.created_at, plan.service_zone)


def lost(change: Change, plan: Plan) -> tuple[int, ...]:
    """Return the instants at which the tasks to be cancelled would have delivered."""
    schedules = [task.schedule for task in cancels_of(change)]
    return _merged(schedules, plan.created_at, plan.service_zone)


def shift(change: Change, plan: Plan) -> Delta:
    """Return which of an entry's deliveries appear, disappear and move if it is applied."""
    before = [task.schedule for task in (*cancels_of(change), *kept(change))]
    return delta(
        _merged(before, plan.created_at, plan.service_zone),
        upcoming(change, plan),
        zone_of(change, plan),
    )


def zone_of(change: Change, plan: Plan) -> dt.tzinfo:
    """Return the zone in which the entry's deliveries are meant."""
    push = push_of(change)
    if push is not None and isinstance(push.schedule, Recurrence):
        return push.schedule.zone
    return plan.timezone if push is None or push.zone is None else push.zone


def not_today(change: Change, plan: Plan) -> tuple[int, ...]:
    """Return what is declared for the rest of today and held back, since today's was delivered."""
    push = push_of(change)
    if push is None or not isinstance(push.schedule, Recurrence):
        return ()
    zone, scheduled = push.schedule.zone, set(upcoming(change, plan))
    first = next(iter(sorted(scheduled)), None)
    today = day_of(plan.created_at, zone)
    if first is None:
        return ()
    ahead = instants(push.schedule, plan.created_at + LEAD, first - 1)
    return tuple(at for at in ahead if day_of(at, zone) == today)


LEAD = 60
"""Seconds that a delivery has to be ahead for a task to be made for it."""


def goes_on(change: Change, plan: Plan) -> bool:
    """Tell whether the entry has deliveries after those that will be scheduled."""
    push, scheduled = push_of(change), upcoming(change, plan)
    if push is None or not isinstance(push.schedule, Recurrence):
        return False
    after = (scheduled[-1] if scheduled else plan.created_at) + 1
    return next(coming(push.schedule, after), None) is not None


def _merged(schedules: Iterable[Schedule], now: int, zone: dt.tzinfo) -> tuple[int, ...]:
    moments: set[int] = set()
    for schedule in dict.fromkeys(schedules):
        moments.update(remaining(schedule, now, zone))
    return tuple(sorted(moments))


def where(change: Change) -> tuple[str, int] | None:
    """Return file and line of the entry; None if it is not in the manifest."""
    push = push_of(change)
    return None if push is None else (push.source.file, push.source.line)
