"""What the tests of the sections of a page share."""

from __future__ import annotations

from pushctl.plan.plan import Plan
from pushctl.plan.planner import make_plan
from pushctl.push.push import Push
from pushctl.render.html.selection import selected
from pushctl.render.view.change_view import ChangeView
from pushctl.render.view.plan_view import plan_view
from pushctl.state.state import State
from tests.acceptance.pages.structure import read
from tests.builders import plan_request, recorded, state, task


def plan(*pushes: Push, before: State | None = None, **changes_: object) -> Plan:
    return make_plan(plan_request(*pushes, **changes_), before or state(), None)


def listed(made: Plan) -> tuple[ChangeView, ...]:
    return selected(plan_view(made))


def scheduled(*pushes: Push) -> State:
    return state({push.id: recorded(push, task(push)) for push in pushes})


def text(html: str) -> str:
    return read(f"<main>{html}</main>").text
