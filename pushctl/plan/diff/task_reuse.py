"""Which recorded tasks of an entry may stay, and which it needs anew.

A task may stay if all that it will still deliver is wanted, with the content of now, and no newer
task delivers the same to the same people.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from itertools import count

from msgspec.structs import replace

from pushctl.plan.diff.due_deliveries import DueDeliveries, due_deliveries
from pushctl.plan.inputs import PlanContext
from pushctl.push.identity import message_key
from pushctl.push.push import Push
from pushctl.push.task import NewTask, Slot
from pushctl.schedule.loop_compiler import compile_loops
from pushctl.schedule.recurrence import Recurrence, declared_within
from pushctl.schedule.service_schedule import Immediate, Loop, OneShot, Schedule, deliveries
from pushctl.state.state import Phase, PushRecord, State, TaskRecord, recent


def chunk_members(tasks: Sequence[TaskRecord]) -> dict[int, frozenset[str]]:
    """Return which targets (by their names in the state) each chunk holds."""
    held: dict[int, set[str]] = {}
    for task in tasks:
        held.setdefault(task.chunk, set()).update(task.targets)
    return {chunk: frozenset(targets) for chunk, targets in held.items()}


def with_known_targets(tasks: Sequence[TaskRecord], record: PushRecord) -> tuple[TaskRecord, ...]:
    """Return the tasks of which it is known who is in which; the others are replaced together.

    A task that was taken over has no message keys. If it was the only one, its people are those of
    the entry; of several, nobody saw who is in which.
    """
    foreign = {task.chunk for task in record.tasks if not any(task.targets.values())}
    if len(foreign) < 2 and all(task.targets for task in tasks):
        return tuple(tasks)
    return tuple(task for task in tasks if any(task.targets.values()))


def reusable(push: Push, record: PushRecord, context: PlanContext) -> tuple[TaskRecord, ...]:
    """Return the live tasks that do what the entry says now, in the record's order.

    Of two that deliver the same to the same people only the newer one does: that happens when a
    task which was taken for gone, and was replaced, turns out to be there.
    """
    far = max((task.last for task in record.live if task.last is not None), default=context.now)
    wanted = frozenset(declared_within(push.schedule, context.now + 1, far))
    slots: set[Slot] = set()
    served: dict[str, set[int]] = {}
    for task in sorted(record.live, key=lambda task: task.age, reverse=True):
        coming = _coming(task, context)
        again = any(not coming.isdisjoint(served.get(name, ())) for name in task.targets)
        if task.fingerprint == push.content and coming <= wanted and not again:
            slots.add(task.slot)
            for name in task.targets:
                served.setdefault(name, set()).update(coming)
    return tuple(task for task in record.live if task.slot in slots)


def _coming(task: TaskRecord, context: PlanContext) -> frozenset[int]:
    times = deliveries(task.schedule, context.horizon.zone)
    return frozenset(at for at in times if at > context.now)


def is_superseded(task: TaskRecord, other: TaskRecord, context: PlanContext) -> bool:
    """Tell whether `other` is newer and delivers some of the same to the same people."""
    return (
        other.age > task.age
        and not task.targets.keys().isdisjoint(other.targets)
        and not _coming(task, context).isdisjoint(_coming(other, context))
    )


def is_restated(push: Push, record: PushRecord) -> bool:
    """Tell whether a recurrence says differently what all of its tasks already do."""
    return (
        isinstance(push.schedule, Recurrence)
        and record.fingerprint != push.fingerprint
        and bool(record.live)
        and all(task.fingerprint == push.content for task in record.live)
    )


def sent_at(
    record: PushRecord | None, schedule: OneShot, zone: dt.tzinfo
) -> tuple[TaskRecord, ...]:
    """Return what was delivered of a one-shot: at its time, by whatever the entry was then, or late
    on request. `zone` is the service's.

    Not asked of the clock alone: the service goes by its own, which may be ahead of ours.
    """
    if record is None:
        return ()
    return tuple(
        task
        for task in record.tasks
        if (task.schedule == schedule and task.phase is Phase.SENT)
        or (isinstance(task.schedule, Loop) and schedule.at in delivered_by(task, zone))
        or (
            isinstance(task.schedule, Immediate)
            and task.phase is Phase.SENT
            and task.began_at >= schedule.at
        )
    )


def delivered_by(task: TaskRecord, zone: dt.tzinfo) -> tuple[int, ...]:
    """Return what a task that is over has delivered (epoch seconds, rising)."""
    if task.phase is Phase.SENT:
        return deliveries(task.schedule, zone)
    return tuple(at for at in deliveries(task.schedule, zone) if at <= (task.over_at or 0))


def new_tasks(
    push: Push,
    record: PushRecord | None,
    members: Mapping[int, Sequence[str]],
    keeps: Sequence[TaskRecord],
    state: State,
    context: PlanContext,
) -> tuple[tuple[NewTask, ...], bool]:
    """Return the tasks that chunks lack beside those that stay, and whether all are renewals."""
    made: list[NewTask] = []
    renews = True
    names = {context.label(target): target for target in push.targets}
    records = records_of(record, members)
    kept: dict[int, list[TaskRecord]] = {chunk: [] for chunk in members}
    for task in keeps:
        kept.setdefault(task.chunk, []).append(task)
    for chunk, held in members.items():
        near, stay, people = records[chunk], kept[chunk], {names[label]: label for label in held}
        lacking = due_deliveries(push, near, held, stay, context)
        new = tuple(_of_chunk(push, near, chunk, people, stay, lacking, state, context))
        renews = renews and (lacking.renews or not new)
        made += new
    return tuple(made), renews and bool(made)


def records_of(
    record: PushRecord | None, members: Mapping[int, Sequence[str]]
) -> Mapping[int, PushRecord | None]:
    """Return for each chunk the record with the tasks that are of it, or were for its people.

    Whom a task without targets was for nobody knows, so it is with all of them.
    """
    if record is None:
        return dict.fromkeys(members)
    homes: dict[str, list[int]] = {}
    for chunk, held in members.items():
        for label in held:
            homes.setdefault(label, []).append(chunk)
    tasks: dict[int, list[TaskRecord]] = {chunk: [] for chunk in members}
    for task in record.tasks:
        near = {task.chunk}.union(*(homes.get(label, ()) for label in task.targets))
        for chunk in near & tasks.keys() if task.targets else tasks:
            tasks[chunk].append(task)
    return {chunk: replace(record, tasks=tuple(found)) for chunk, found in tasks.items()}


def _of_chunk(
    push: Push,
    record: PushRecord | None,
    chunk: int,
    people: Mapping[str, str],
    stay: Sequence[TaskRecord],
    lacking: DueDeliveries,
    state: State,
    context: PlanContext,
) -> Iterator[NewTask]:
    schedules: Sequence[Schedule] = compile_loops(lacking.moments, context.horizon.zone)
    if isinstance(push.schedule, Immediate):
        schedules = (push.schedule,)
    if not schedules:
        return
    generation = _generation(push, record, chunk, stay, state, context)
    for segment, schedule in zip(_free(record, chunk, generation), schedules, strict=False):
        slot = Slot(chunk, segment, generation)
        yield _task(push, slot, people, schedule, lacking.covers, state, context)


def _task(
    push: Push,
    slot: Slot,
    labels: Mapping[str, str],
    schedule: Schedule,
    covers: int | None,
    state: State,
    context: PlanContext,
) -> NewTask:
    times = deliveries(schedule, context.horizon.zone)
    keys = {
        target: message_key(
            lineage=state.lineage,
            id=push.id,
            generation=slot.generation,
            chunk=slot.chunk,
            segment=slot.segment,
            target=target,
        )
        for target in labels
    }
    return NewTask(
        slot=slot,
        message_keys=keys,
        labels=labels,
        schedule=schedule,
        first=times[0] if times else None,
        last=times[-1] if times else None,
        deliveries=max(len(times), 1),
        covers=covers,
    )


def _generation(
    push: Push,
    record: PushRecord | None,
    chunk: int,
    stay: Sequence[TaskRecord],
    state: State,
    context: PlanContext,
) -> int:
    """Return the generation of a chunk's new tasks: the current one if they complete it, or else
    the next.

    It is the next one for other content, for what was or will be cancelled, and for a second
    delivery of what is no recurrence. Also where the remains of the current one could be forgotten:
    they are kept only as long as their generation is current.
    """
    retired = state.retired.get(push.id, 0)
    if record is None:
        return retired + 1
    current = max(record.generation, retired)
    if retired >= record.generation or record.fingerprint != push.fingerprint:
        return current + 1
    slots = {task.slot for task in stay}
    for task in record.tasks:
        if task.chunk != chunk or task.generation != current or task.slot in slots:
            continue
        delivered = task.phase in (Phase.SENT, Phase.ENDED)
        continues = isinstance(push.schedule, Recurrence) and delivered
        if not continues or not recent(task, context.now):
            return current + 1
    return current


def _free(record: PushRecord | None, chunk: int, generation: int) -> Iterator[int]:
    """Yield the segments that no task of a chunk's generation ever had, from 0 on.

    An address that was ever used is not used again, so that a message key never is; an attempt that
    certainly failed leaves its address free, so that its keys are used again.
    """
    tasks = record.tasks if record else ()
    used = {task.segment for task in tasks if (task.chunk, task.generation) == (chunk, generation)}
    return (segment for segment in count() if segment not in used)
