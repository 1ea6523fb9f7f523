"""The exact PushSimple parameters of one task, and what is recorded of it before the call.

Parameter names and the StrategyContent fields are those of the vendor's PushSimple page. Maps are
encoded as JSON here, because the vendor's client would flatten them into dotted names.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from pushctl.push.identity import canonical_json
from pushctl.push.push import DesiredPush, Parameter
from pushctl.push.task import NewTask, strategy_type
from pushctl.schedule.service_schedule import Immediate, Loop, OneShot, Schedule, instant

MIDNIGHT = dt.time(0, 0)


def parameters(push: DesiredPush, task: NewTask, *, zone: dt.tzinfo) -> dict[str, Parameter]:
    """Return everything that PushSimple gets for a task, except which app it is for."""
    complete = dict(push.parameters)
    complete["TargetMsgkey"] = canonical_json(dict(task.message_keys))
    complete["StrategyType"] = strategy_type(task.schedule)
    content = strategy_content(task.schedule, zone)
    if content is not None:
        complete["StrategyContent"] = canonical_json(content)
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
