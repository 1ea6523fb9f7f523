"""Which tasks an entry needs anew: their members, windows, generations and message keys."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pushctl.core.change import NewTask
from pushctl.core.context import Context
from pushctl.core.schedule import (
    DAY,
    Immediate,
    Loop,
    OneShot,
    Schedule,
    bounded,
    deliveries,
    local_day,
)
from pushctl.core.state import Phase, PushRecord, Slot, State, TaskRecord
from pushctl.core.task import DesiredPush, message_key


def membership(tasks: Sequence[TaskRecord]) -> dict[int, frozenset[str]]:
    """Return which targets (by their names in the state) each chunk holds."""
    held: dict[int, frozenset[str]] = {}
    for task in tasks:
        held[task.chunk] = held.get(task.chunk, frozenset()) | frozenset(task.targets)
    return held


def vouched(tasks: Sequence[TaskRecord], record: PushRecord) -> tuple[TaskRecord, ...]:
    """Return the tasks of which it is known who is in which; the others are replaced together.

    A task that was taken over has no message keys. If it was the only one, its people are those of
    the entry; of several, nobody saw who is in which.
    """
    foreign = {task.chunk for task in record.tasks if not any(task.targets.values())}
    if len(foreign) < 2 and all(task.targets for task in tasks):
        return tuple(tasks)
    return tuple(task for task in tasks if any(task.targets.values()))


def new_tasks(
    push: DesiredPush,
    record: PushRecord | None,
    members: Mapping[int, Sequence[str]],
    state: State,
    context: Context,
) -> Iterator[NewTask]:
    """Yield the tasks of some chunks; nothing for a loop that has no deliveries left."""
    names = _names(push, context)
    for chunk, held in members.items():
        schedule: Schedule | None = push.schedule
        if isinstance(push.schedule, Loop):
            schedule = bounded(
                push.schedule,
                now=context.now,
                horizon=context.horizon,
                not_before=_after_today(record, held, context),
            )
        if schedule is not None:
            people = {names[label]: label for label in held}
            yield _task(push, record, chunk, 0, people, schedule, state, context)


def _after_today(
    record: PushRecord | None, held: Iterable[str], context: Context
) -> dt.date | None:
    """Return tomorrow if any of these people has had today's delivery already.

    Whatever chunk they were in then: who is in which may have changed since. A task whose people
    nobody knows may have reached anybody.
    """
    if record is None:
        return None
    people = frozenset(held)
    today = local_day(context.now, context.horizon.zone)
    for task in record.tasks:
        strangers = task.targets and people.isdisjoint(task.targets)
        if task.first is None or strangers:
            continue
        until = context.now if task.over_at is None else min(task.over_at, context.now)
        if task.first > until:
            continue
        had = (at for at in deliveries(task.schedule, context.horizon.zone) if at <= until)
        if any(local_day(at, context.horizon.zone) == today for at in had):
            return today + DAY
    return None


def sent_at(record: PushRecord | None, schedule: OneShot) -> tuple[TaskRecord, ...]:
    """Return what was delivered of a one-shot, at its time or late on request.

    Not asked of the clock alone: the service goes by its own, which may be ahead of ours.
    """
    if record is None:
        return ()
    return tuple(
        task
        for task in record.tasks
        if task.phase is Phase.SENT
        and (
            task.schedule == schedule
            or (isinstance(task.schedule, Immediate) and task.began_at >= schedule.at)
        )
    )


def superseded(live: Sequence[TaskRecord], fingerprint: str) -> frozenset[Slot]:
    """Return the tasks that must not be delivered because a newer one does the same.

    That happens when a task which was taken for gone, and was replaced, turns out to be there.
    """
    return frozenset(
        task.slot
        for task in live
        if any(
            other.generation > task.generation
            and other.fingerprint == fingerprint
            and not other.targets.keys().isdisjoint(task.targets)
            and (task.fingerprint != fingerprint or _overlap(task, other))
            for other in live
        )
    )


def _overlap(one: TaskRecord, other: TaskRecord) -> bool:
    if one.first is None or one.last is None or other.first is None or other.last is None:
        return False
    return one.first <= other.last and other.first <= one.last


def torn(
    push: DesiredPush,
    record: PushRecord,
    live: Sequence[TaskRecord],
    chunk: int,
    context: Context,
) -> bool:
    """Tell whether one of a chunk's windows is gone while another is still there.

    Asks what the chunk would deliver if it were made now, so that a window which was replaced on
    purpose, or is held back until tomorrow, is no loss.
    """
    there = [task for task in live if task.chunk == chunk]
    gone = [
        task
        for task in record.tasks
        if task.phase is Phase.CANCELLED
        and task.chunk == chunk
        and task.fingerprint == push.fingerprint
    ]
    if not gone or not there or not isinstance(push.schedule, Loop):
        return False
    fresh = bounded(
        push.schedule,
        now=context.now,
        horizon=context.horizon,
        not_before=_after_today(record, membership(there)[chunk], context),
    )
    return fresh is not None and not _moments([fresh], context).isdisjoint(
        _moments([task.schedule for task in gone], context)
        - _moments([task.schedule for task in there], context)
    )


def _moments(schedules: Iterable[Schedule], context: Context) -> frozenset[int]:
    return frozenset(at for item in schedules for at in deliveries(item, context.horizon.zone))


def _names(push: DesiredPush, context: Context) -> dict[str, str]:
    """Map the names that targets have in the state back to the targets."""
    return {context.label(target): target for target in push.targets}


def _task(
    push: DesiredPush,
    record: PushRecord | None,
    chunk: int,
    segment: int,
    labels: Mapping[str, str],
    schedule: Schedule,
    state: State,
    context: Context,
) -> NewTask:
    generation = _generation(push, record, chunk, segment, state)
    times = tuple(deliveries(schedule, context.horizon.zone))
    return NewTask(
        slot=Slot(chunk, segment, generation),
        message_keys={
            target: message_key(
                lineage=state.lineage,
                id=push.id,
                generation=generation,
                chunk=chunk,
                segment=segment,
                target=target,
            )
            for target in labels
        },
        labels=labels,
        schedule=schedule,
        first=times[0] if times else None,
        last=times[-1] if times else None,
        deliveries=max(len(times), 1),
    )


def _generation(
    push: DesiredPush, record: PushRecord | None, chunk: int, segment: int, state: State
) -> int:
    """Return the generation of a new task: the current one if it completes it, else the next.

    An address that was ever used is not used again, so that a message key never is; and an
    attempt that certainly failed leaves its address free, so that its keys are used again.
    """
    retired = state.retired.get(push.id, 0)
    if record is None:
        return retired + 1
    current = max(record.generation, retired)
    used = any(task.slot == (chunk, segment, current) for task in record.tasks)
    if used or retired >= record.generation or record.fingerprint != push.fingerprint:
        return current + 1
    return current


def renewals(
    push: DesiredPush,
    record: PushRecord,
    keeps: Sequence[TaskRecord],
    members: Mapping[int, Sequence[str]],
    state: State,
    context: Context,
) -> Iterator[NewTask]:
    """Yield the follow-on window of every chunk whose current one ends soon, without overlap."""
    if not isinstance(push.schedule, Loop):
        return
    soon = local_day(context.now + context.intent.renew_before, context.horizon.zone)
    names = _names(push, context)
    for chunk in sorted({task.chunk for task in keeps}):
        ends = [_last_day(task.schedule) for task in keeps if task.chunk == chunk]
        end = max((day for day in ends if day is not None), default=None)
        if end is None or end > soon:
            continue
        segment = 1 + max(task.segment for task in record.tasks if task.chunk == chunk)
        window = bounded(
            push.schedule, now=context.now, horizon=context.horizon, not_before=end + DAY
        )
        if window is not None:
            people = {names[label]: label for label in members[chunk]}
            yield _task(push, record, chunk, segment, people, window, state, context)


def _last_day(schedule: Schedule) -> dt.date | None:
    return schedule.last if isinstance(schedule, Loop) else None
