"""From desired, recorded and actual to a plan."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from pushctl.plan.change import Adopt, Blocked, BlockReason, Change, Create, NoOp, Replace
from pushctl.plan.plan import Plan
from pushctl.plan.planner import make_plan
from pushctl.plan.reconcile.listing import Listing
from pushctl.push.push import Push
from pushctl.push.task import ActualTask
from pushctl.state.state import Phase, State
from tests.builders import (
    DAY,
    NOW,
    actual,
    context,
    desired,
    once,
    plan_request,
    recorded,
    scheduled,
    state,
    task,
)

ROW = actual(task(), task_id="X")


def made(*pushes: Push, held: State, rows: tuple[ActualTask, ...] = (), **more: Any) -> Plan:
    return make_plan(plan_request(*pushes, **more), held, Listing(rows, NOW))


def only(plan: Plan) -> Change:
    (change,) = plan.changes
    return change


def test_make_plan_is_bound_to_its_snapshot() -> None:
    plan = made(desired(), held=state(serial=7))
    assert (plan.lineage, plan.serial, plan.created_at) == ("lineage", 7, NOW)
    assert (plan.valid_until, plan.offline) == (NOW + DAY - 600, False)
    assert plan.quota.after == 1


def test_make_plan_settles_before_it_plans() -> None:
    held = scheduled(desired(), phase=Phase.CREATING, began_at=NOW - 5)
    found = made(desired(), held=held, rows=(actual(task(began_at=NOW - 5), task_id="T"),))
    assert isinstance(only(found), NoOp)
    waiting = made(desired(), held=held)
    assert isinstance(only(waiting), Blocked)
    assert len(waiting.doubts) == 1


def test_make_plan_offline_takes_the_state_at_its_word() -> None:
    plan = make_plan(plan_request(desired()), scheduled(desired()), None)
    assert (only(plan), plan.drift) == (NoOp("promo", "up to date", push=desired()), ())


def test_make_plan_shows_drift_and_strangers() -> None:
    stranger = replace(ROW, title="Else")
    plan = made(desired(), held=scheduled(desired()), rows=(stranger,))
    assert isinstance(only(plan), Create)
    assert [item.task_id for item in plan.drift] == [task().task_id]
    assert plan.unmanaged == (stranger,)
    assert plan.recorded == {"promo": 1}


@pytest.mark.parametrize(
    ("choice", "ids"),
    [
        ({"only": frozenset({"a"})}, ["a", "a[1]"]),
        ({"only": frozenset({"a[1]"})}, ["a[1]"]),
        ({"exclude": frozenset({"a"})}, ["b"]),
        ({"only": frozenset({"a"}), "exclude": frozenset({"a[1]"})}, ["a"]),
    ],
)
def test_make_plan_selects(choice: dict[str, Any], ids: list[str]) -> None:
    plan = made(desired("a"), desired("a[1]"), desired("b"), held=state(), **choice)
    assert [change.id for change in plan.changes] == ids


# --- adoption -------------------------------------------------------------------------------------


def test_make_plan_adopts_instead_of_creating() -> None:
    plan = made(desired(), held=state(retired={"promo": 2}), rows=(ROW,), adopts={"promo": "X"})
    change = only(plan)
    assert isinstance(change, Adopt)
    assert (change.task.task_id, change.task.generation) == ("X", 3)
    assert dict(change.task.targets) == {"ann": ""}


def test_make_plan_does_not_adopt_twice() -> None:
    plan = made(
        desired(), held=scheduled(desired(), task_id="X"), rows=(ROW,), adopts={"promo": "X"}
    )
    assert isinstance(only(plan), NoOp)


def test_make_plan_refuses_to_share_a_task() -> None:
    both = {"a": "X", "b": "X"}
    plan = made(desired("a"), desired("b"), held=state(), rows=(ROW,), adopts=both)
    assert [type(change) for change in plan.changes] == [Blocked, Blocked]
    held = state({"b": recorded(desired("b"), task(desired("b"), task_id="X"))})
    plan = made(desired("a"), desired("b"), held=held, rows=(ROW,), adopts={"a": "X"})
    assert isinstance(plan.changes[0], Blocked)
    assert "also that of b" in plan.changes[0].reason


# --- beside its double --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("retired", "push", "refused"),
    [
        ({"promo": 1}, desired(), True),
        ({}, desired(), True),
        ({"promo": 1}, desired(title="Else"), False),
        ({"promo": 1}, desired(schedule=once(5 * DAY)), False),
    ],
)
def test_make_plan_creates_nothing_beside_its_double(
    retired: dict[str, int], push: Push, refused: bool
) -> None:
    plan = made(push, held=state(retired=retired), rows=(ROW,), context=context())
    assert isinstance(only(plan), Blocked) is refused


def test_make_plan_holds_back_what_looks_like_an_entry_in_doubt() -> None:
    other = desired("other")
    held = state({"other": recorded(other, task(other, phase=Phase.CREATING, began_at=NOW))})
    plan = made(desired(), desired("later", schedule=once(2 * DAY)), other, held=held)
    first, later, doubt = plan.changes
    assert isinstance(first, Blocked)
    assert (first.cause, first.fix) == (BlockReason.IN_DOUBT, "pushctl state resolve other")
    assert isinstance(later, Create)
    assert isinstance(doubt, Blocked)
    assert plan.stopping == ()


def test_make_plan_replaces_nothing_beside_its_double() -> None:
    held = scheduled(desired(title="Former"))
    former = actual(held.pushes["promo"].tasks[0], title="Former")
    assert isinstance(only(made(desired(), held=held, rows=(former,))), Replace)
    plan = made(desired(), held=held, rows=(former, ROW))
    assert isinstance(only(plan), Blocked)
