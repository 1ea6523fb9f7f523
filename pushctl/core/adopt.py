"""Take over a task that somebody made in the console.

The service shows neither its targets nor its options, so adoption takes the manifest's word for
them, and insists that everything that *can* be seen agrees: text, kind of target, and times.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pushctl.core.change import Adopt, Blocked, BlockReason
from pushctl.core.schedule import Immediate, Loop, OneShot, Schedule, instant, local_day
from pushctl.core.state import Phase, PushRecord, TaskRecord
from pushctl.core.task import MAX_TARGETS, ActualTask, DesiredPush, strategy_type


def adoption(
    push: DesiredPush,
    record: PushRecord | None,
    task_id: str,
    actual: Sequence[ActualTask],
    *,
    generation: int,
    labels: Sequence[str],
    now: int,
    zone: dt.tzinfo,
    owners: Sequence[str] = (),
) -> Adopt | Blocked | None:
    """Return the adoption of a task by an entry; None if the entry has it already.

    `owners` are other entries that have the task, or want it too.
    """
    if record is not None and any(task.task_id == task_id for task in record.tasks):
        return None
    row = next((row for row in actual if row.task_id == task_id), None)
    problems = [f"the task is also that of {owner}" for owner in owners]
    problems += _problems(push, record, row, task_id, zone)
    if problems or row is None:
        return Blocked(
            push.id,
            push,
            BlockReason.ADOPTION,
            "; ".join(problems),
            "make the entry say what the task does, or leave the task alone",
        )
    task = _record(push, row, generation=generation, labels=labels, now=now, zone=zone)
    return Adopt(push.id, push, task, f"task {task_id}, made elsewhere")


def _record(
    push: DesiredPush,
    row: ActualTask,
    *,
    generation: int,
    labels: Sequence[str],
    now: int,
    zone: dt.tzinfo,
) -> TaskRecord:
    times = [item.at for item in row.deliveries]
    return TaskRecord(
        chunk=0,
        segment=0,
        generation=generation,
        phase=Phase.SCHEDULED,
        fingerprint=push.fingerprint,
        # Nobody can know the message keys that were used; an empty one cannot be revoked.
        targets=dict.fromkeys(labels, ""),
        schedule=_as_sent(push.schedule, row, zone),
        first=min(times),
        last=max(times),
        began_at=row.created_at or now,
        created_at=row.created_at or now,
        task_id=row.task_id,
    )


def _problems(
    push: DesiredPush,
    record: PushRecord | None,
    row: ActualTask | None,
    task_id: str,
    zone: dt.tzinfo,
) -> Iterator[str]:
    if record is not None and record.live:
        yield "the entry has scheduled tasks of its own"
    if len(push.targets) > MAX_TARGETS:
        yield f"the entry has {len(push.targets)} targets, one task holds {MAX_TARGETS} at most"
    if row is None or not row.unexecuted:
        yield f"the service lists no scheduled task {task_id}"
        return
    if row.title != push.parameters.get("Title"):
        yield f"its title is {row.title!r}"
    if row.content != push.parameters.get("Content"):
        yield f"its body is {row.content!r}"
    if row.delivery_type != push.parameters.get("DeliveryType"):
        yield f"its delivery type is {row.delivery_type}"
    if not _times_agree(push.schedule, row, zone):
        yield "its delivery times are not those of the entry"


def _times_agree(schedule: Schedule, row: ActualTask, zone: dt.tzinfo) -> bool:
    if row.strategy_type != strategy_type(schedule):
        return False
    times = [item.at for item in row.deliveries]
    match schedule:
        case Immediate():
            return False
        case OneShot(at=at):
            return times == [at]
        case Loop():
            days = [local_day(at, zone) for at in times]
            return all(
                schedule.falls_on(day) and instant(day, schedule.time, zone) == at
                for day, at in zip(days, times, strict=True)
            )


def _as_sent(schedule: Schedule, row: ActualTask, zone: dt.tzinfo) -> Schedule:
    if not isinstance(schedule, Loop):
        return schedule
    days = [local_day(item.at, zone) for item in row.deliveries]
    return replace(schedule, first=min(days), last=max(days))
