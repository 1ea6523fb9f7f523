"""Plans for the tests of the view models."""

from __future__ import annotations

from pushctl.plan.inputs import PlanContext
from pushctl.plan.plan import Plan
from pushctl.plan.planner import make_plan
from pushctl.plan.reconcile.listing import Listing
from pushctl.push.push import Push
from pushctl.state.state import State
from tests.builders import NOW, actual, daily, days, plan_request, recorded, task
from tests.builders import state as states

WEEK = daily(first=days(1), last=days(7))


def planned(*pushes: Push, state: State | None = None, context: PlanContext | None = None) -> Plan:
    known = state or states()
    listed = tuple(
        actual(item) for record in known.pushes.values() for item in record.live if item.task_id
    )
    wanted = plan_request(*pushes, **({"context": context} if context else {}))
    return make_plan(wanted, known, Listing(listed, NOW))


def scheduled(*pushes: Push) -> State:
    return states({push.id: recorded(push, task(push)) for push in pushes})
