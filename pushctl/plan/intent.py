"""What is recorded of a task before the call that creates it."""

from __future__ import annotations

from collections.abc import Iterable

from pushctl.push.push import Push
from pushctl.push.task import NewTask
from pushctl.state.state import Match, Phase, TaskRecord


def intent(push: Push, task: NewTask, *, now: int, known: Iterable[str] = ()) -> TaskRecord:
    """Return the record of a task that is about to be created.

    `now` is in epoch seconds; `known` are the ids of tasks that look like it already.
    """
    return TaskRecord(
        chunk=task.slot.chunk,
        segment=task.slot.segment,
        generation=task.slot.generation,
        phase=Phase.CREATING,
        fingerprint=push.content,
        targets={task.labels[target]: key for target, key in task.message_keys.items()},
        schedule=task.schedule,
        first=task.first,
        last=task.last,
        covers=task.covers,
        began_at=now,
        match=Match(
            title=push.message.title,
            content=push.message.body,
            delivery_type=int(push.audience.kind),
            known=tuple(known),
        ),
    )
