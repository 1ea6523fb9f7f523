"""Take over a task that somebody made in the console.

The service shows neither its targets nor its options, so adoption takes the manifest's word for
them, and insists that everything that *can* be seen agrees: text, kind of target, and times.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from pushctl.plan.change import Adopt, Blocked, BlockReason
from pushctl.plan.reconcile.imported_task import imported_task, times_agree
from pushctl.push.push import Push
from pushctl.push.task import MAX_TARGETS, ActualTask, Slot
from pushctl.state.state import PushRecord


def adopt(
    push: Push,
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

    `owners` are other entries that have the task, or want it too. `now` is in epoch seconds.
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
    task = imported_task(push, row, Slot(0, 0, generation), labels, now=now, zone=zone)
    return Adopt(push.id, push, task, f"task {task_id}, made elsewhere")


def _problems(
    push: Push,
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
    if row.title != push.message.title:
        yield f"its title is {row.title!r}"
    if row.content != push.message.body:
        yield f"its body is {row.content!r}"
    if row.delivery_type != push.audience.kind:
        yield f"its delivery type is {row.delivery_type}"
    if not times_agree(push.schedule, row, zone):
        yield "its delivery times are not those of the entry"
