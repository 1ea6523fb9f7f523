"""Which moments a group of people should still get, and how far ahead that is scheduled now.

A recurrence without an end is scheduled up to a moment that its tasks remember (`covers`), and
stays so until that comes close; otherwise every apply would add a day. Within that reach, whatever
is wanted and not scheduled is missing, whatever the reason.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct

from pushctl.plan.inputs import PlanContext
from pushctl.push.push import Push
from pushctl.schedule.recurrence import FAR, Recurrence, declared_within, instants, instants_from
from pushctl.schedule.service_schedule import deliveries, local_day
from pushctl.schedule.zone_offsets import DAY_SECONDS
from pushctl.state.state import Phase, PushRecord, TaskRecord


class DueDeliveries(Struct, frozen=True):
    """Moments (epoch seconds, rising) that need new tasks, and how far the entry then reaches.

    `renews` tells that all of them lie beyond what was scheduled up to now.
    """

    moments: tuple[int, ...]
    covers: int | None = None
    renews: bool = False


def due_deliveries(
    push: Push,
    record: PushRecord | None,
    people: Iterable[str],
    keeps: Sequence[TaskRecord],
    context: PlanContext,
) -> DueDeliveries:
    """Say what some people lack if `keeps` are the tasks that go on serving them."""
    now, zone = context.now, context.horizon.zone
    have = {at for task in keeps for at in deliveries(task.schedule, zone)}
    if not isinstance(push.schedule, Recurrence):
        ahead = declared_within(push.schedule, now + 1, FAR)
        return DueDeliveries(tuple(at for at in ahead if at not in have))
    end = context.horizon.end(now)
    # A reach from when more was accepted would ask for what is refused now.
    reach = covered_until(task for task in keeps if (task.covers or task.last or 0) <= end)
    if reach is not None and local_day(reach, zone) > local_day(
        now + _renewal_margin(context), zone
    ):
        end = reach
    ahead = declared_within(push.schedule, now + context.horizon.lead, end)
    missing = [at for at in ahead if at not in have]
    if missing and record is not None:
        lost = _lost(push.schedule, record, frozenset(people), keeps, missing, context)
        lost |= _sent_early(record, frozenset(people), context)
        missing = [at for at in missing if at not in lost]
    return DueDeliveries(
        tuple(missing), end, bool(missing) and reach is not None and missing[0] > reach
    )


def first_unscheduled(
    push: Push,
    record: PushRecord | None,
    people: Iterable[str],
    keeps: Sequence[TaskRecord],
    context: PlanContext,
) -> int | None:
    """Return the first delivery (epoch seconds) that some people still lack, however far ahead."""
    lacking = due_deliveries(push, record, people, keeps, context)
    if lacking.moments:
        return lacking.moments[0]
    if not isinstance(push.schedule, Recurrence):
        return None
    return next(instants_from(push.schedule, (lacking.covers or context.now) + 1), None)


def _renewal_margin(context: PlanContext) -> int:
    """Return how close (seconds) the end of a window may come; never more than half of it."""
    return min(context.options.renew_before, context.horizon.days * DAY_SECONDS // 2)


def covered_until(tasks: Iterable[TaskRecord]) -> int | None:
    """Return until when the tasks of some people were to cover their recurrence."""
    ends = [task.covers or task.last for task in tasks]
    return max((end for end in ends if end is not None), default=None)


def _lost(
    recurrence: Recurrence,
    record: PushRecord,
    people: frozenset[str],
    keeps: Iterable[TaskRecord],
    missing: Iterable[int],
    context: PlanContext,
) -> frozenset[int]:
    """Return those of today's missing moments that an edit does not bring any more.

    What was scheduled for later today and is still wanted comes. Beyond that come only as many as
    the day has more than somebody has had and will have, the later ones. None at all, if a task was
    taken over: nobody knows what there was beside it before.
    """
    now, today = context.now, local_day(context.now, recurrence.zone)
    near = instants(recurrence, now - 2 * DAY_SECONDS, now + 2 * DAY_SECONDS)
    of_today = [at for at in near if local_day(at, recurrence.zone) == today]
    if any(not any(task.targets.values()) for task in keeps):
        return frozenset(of_today)
    promised = _scheduled_soon(record, people, context).intersection(of_today)
    new = [at for at in missing if at in of_today and at not in promised]
    had = _delivered_today(recurrence.zone, record, people, context)
    room = max(0, len(of_today) - had - len(promised))
    return frozenset(new[: max(0, len(new) - room)])


def _scheduled_soon(
    record: PushRecord, people: frozenset[str], context: PlanContext
) -> frozenset[int]:
    """Return what is scheduled for all of some people within the next two days.

    Or was, until an edit cancelled it that has not come to create anything for them yet: a crash
    between the two must not lose a delivery.
    """
    until = context.now + 2 * DAY_SECONDS
    coming: dict[str, set[int]] = {person: set() for person in people}
    newest: dict[str, int] = {}
    for task in record.tasks:
        newest |= {name: max(task.began_at, newest.get(name, 0)) for name in task.targets}
    for task in record.tasks:
        if not task.live and task.phase is not Phase.CANCELLED:
            continue
        times = deliveries(task.schedule, context.horizon.zone)
        soon = [at for at in times if context.now < at <= until]
        for person in people.intersection(task.targets):
            if task.live or newest[person] < (task.over_at or 0):
                coming[person].update(soon)
    return frozenset(set.intersection(*coming.values())) if coming else frozenset()


def _delivered_today(
    zone: dt.tzinfo, record: PushRecord, people: frozenset[str], context: PlanContext
) -> int:
    """Count the deliveries that one of some people, whoever got most, has had today.

    Whoever had so many deliveries today has had that many of the new schedule's: an edit of a time
    must not bring a second one, and a second time of the day must not be lost. Whatever chunk they
    were in then: who is in which may have changed since.
    """
    today = local_day(context.now, zone)
    count: Counter[str] = Counter()
    for task in record.tasks:
        until = context.now if task.over_at is None else min(task.over_at, context.now)
        if task.phase is Phase.SENT and task.first is not None:
            until = max(until, task.first)  # it was seen to be delivered, whatever our clock says
        if task.first is None or task.first > until or until < context.now - 2 * DAY_SECONDS:
            continue
        times = deliveries(task.schedule, context.horizon.zone)
        lately = (at for at in times if context.now - 2 * DAY_SECONDS < at <= until)
        had = sum(1 for at in lately if local_day(at, zone) == today)
        # A task whose people nobody knows may have reached anybody.
        for person in people.intersection(task.targets) if task.targets else people:
            count[person] += had
    return max(count.values(), default=0)


def _sent_early(record: PushRecord, people: frozenset[str], context: PlanContext) -> frozenset[int]:
    """Return the moments still to come that one of some people has had: the service goes by a
    clock of its own, which may be ahead of ours."""
    return frozenset(
        task.first
        for task in record.tasks
        if task.phase is Phase.SENT and task.first is not None and task.first > context.now
        if not task.targets or not people.isdisjoint(task.targets)
    )
