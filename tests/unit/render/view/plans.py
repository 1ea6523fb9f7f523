"""Plans for the tests of the view models."""

from __future__ import annotations

from pushctl.plan.inputs import Context
from pushctl.plan.plan import Plan
from pushctl.plan.planner import Look, make_plan
from pushctl.push.push import DesiredPush
from pushctl.state.state import State
from tests.builders import NOW, actual, daily, days, recorded, task, wishes
from tests.builders import state as states

WEEK = daily(first=days(1), last=days(7))


def planned(
    *pushes: DesiredPush, state: State | None = None, context: Context | None = None
) -> Plan:
    known = state or states()
    listed = tuple(
        actual(item) for record in known.pushes.values() for item in record.live if item.task_id
    )
    wanted = wishes(*pushes, **({"context": context} if context else {}))
    return make_plan(wanted, known, Look(listed, NOW))


def scheduled(*pushes: DesiredPush) -> State:
    return states({push.id: recorded(push, task(push)) for push in pushes})
