"""The exact PushSimple parameters of one task, and what is recorded of it before the call.

Parameter names and the StrategyContent fields are those of the vendor's PushSimple page. Maps are
encoded as JSON here, because the vendor's client would flatten them into dotted names.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any

from pushctl.core.change import NewTask
from pushctl.core.schedule import Immediate, Loop, OneShot, Schedule, instant
from pushctl.core.state import Match, Phase, TaskRecord
from pushctl.core.task import DesiredPush, Parameter, strategy_type

MIDNIGHT = dt.time(0, 0)


def parameters(push: DesiredPush, task: NewTask, *, zone: dt.tzinfo) -> dict[str, Parameter]:
    """Return everything that PushSimple gets for a task, except which app it is for."""
    complete = dict(push.parameters)
    complete["TargetMsgkey"] = compact(dict(task.message_keys))
    complete["StrategyType"] = strategy_type(task.schedule)
    content = strategy_content(task.schedule, zone)
    if content is not None:
        complete["StrategyContent"] = compact(content)
    return complete


def strategy_content(schedule: Schedule, zone: dt.tzinfo) -> dict[str, Any] | None:
    """Return the StrategyContent object of a schedule; None for an immediate push.

    `fixedTime` in milliseconds, whole seconds. `startTime` and `endTime` are the midnights that
    open the first and the last day in the service's zone; the last day is included.
    """
    match schedule:
        case Immediate():
            return None
        case OneShot(at=at):
            return {"fixedTime": at * 1000}
        case Loop(first=first, last=last):
            content: dict[str, Any] = {
                "startTime": instant(first, MIDNIGHT, zone) * 1000,
                "endTime": instant(last, MIDNIGHT, zone) * 1000,
                "circleType": int(schedule.every),
            }
            if schedule.on:
                content["circleValue"] = list(schedule.on)
            content["time"] = schedule.time.strftime("%H:%M:%S")
            return content


def compact(value: Any) -> str:
    """Encode a value as JSON: keys sorted, no spaces, text as it is."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def intent(push: DesiredPush, task: NewTask, *, now: int, known: Iterable[str] = ()) -> TaskRecord:
    """Return the record of a task that is about to be created."""
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
            title=str(push.parameters.get("Title", "")),
            content=str(push.parameters.get("Content", "")),
            delivery_type=int(push.parameters["DeliveryType"]),
            known=tuple(known),
        ),
    )
