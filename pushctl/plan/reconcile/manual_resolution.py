"""A person's word on a call whose outcome nobody could find out, as an event. Pure."""

from __future__ import annotations

from enum import StrEnum

from pushctl.push.task import TASK_ID
from pushctl.schedule.service_schedule import Immediate
from pushctl.state.events import (
    CancelConfirmed,
    CancelFailed,
    CreateConfirmed,
    CreateFailed,
    Event,
    TaskObserved,
)
from pushctl.state.state import Phase, PushRecord, TaskRecord


class Resolution(StrEnum):
    """What a person can say."""

    CREATED = "created"
    NOT_CREATED = "not-created"
    SENT = "sent"
    CANCELLED = "cancelled"
    STILL_SCHEDULED = "still-scheduled"


FITTING = {
    Phase.CREATING: (Resolution.CREATED, Resolution.NOT_CREATED, Resolution.SENT),
    Phase.CANCELLING: (Resolution.CANCELLED, Resolution.STILL_SCHEDULED, Resolution.SENT),
}


def resolve(
    id: str,
    record: PushRecord,
    said: Resolution,
    *,
    now: int,
    chunk: int | None = None,
    segment: int | None = None,
    task_id: str = "",
) -> Event:
    """Return the event that records what a person said; raises ValueError if it does not fit.

    `now` is in epoch seconds; `task_id` goes with `CREATED`.
    """
    task = task_in_doubt(id, record, chunk, segment)
    if said is Resolution.CREATED and not TASK_ID.fullmatch(task_id):
        raise ValueError(f"{task_id!r} cannot be the id of a task")
    if said not in FITTING[task.phase]:
        fitting = ", ".join(f"--{item}" for item in FITTING[task.phase])
        raise ValueError(f"chunk {task.chunk} of {id} is {task.phase}; it takes {fitting}")
    match said:
        case Resolution.CREATED:
            phase = Phase.SENT if isinstance(task.schedule, Immediate) else Phase.SCHEDULED
            return CreateConfirmed(id, task.slot, task_id, "", now, phase)
        case Resolution.NOT_CREATED:
            return CreateFailed(id, task.slot, "somebody looked")
        case Resolution.CANCELLED:
            return CancelConfirmed(id, task.slot, now)
        case Resolution.STILL_SCHEDULED:
            return CancelFailed(id, task.slot, "somebody looked")
        case Resolution.SENT:
            return TaskObserved(id, task.slot, Phase.SENT, now)


def task_in_doubt(
    id: str, record: PushRecord, chunk: int | None, segment: int | None
) -> TaskRecord:
    """Return the one task in doubt that is meant; raises ValueError if it is none, or several."""
    found = [
        task
        for task in record.in_doubt
        if chunk in (None, task.chunk) and segment in (None, task.segment)
    ]
    if not found:
        raise ValueError(f"nothing of {id} is in doubt")
    if len(found) > 1:
        which = " or ".join(f"--chunk {task.chunk} --segment {task.segment}" for task in found)
        raise ValueError(f"several tasks of {id} are in doubt; say which: {which}")
    return found[0]
