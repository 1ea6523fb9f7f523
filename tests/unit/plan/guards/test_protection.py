"""What no option lifts: `--force` is for thresholds, and an entry's own word stands above it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from msgspec.structs import replace

from pushctl.plan.change import Blocked, BlockReason, NoOp, Replace
from pushctl.plan.diff.diff import diff
from pushctl.plan.guards.thresholds import Thresholds
from pushctl.plan.planner import make_plan
from pushctl.plan.reconcile.listing import Listing
from pushctl.push.push import Meta, OnChange, Push
from pushctl.state.state import Phase, State
from tests.builders import (
    DAY,
    NOW,
    actual,
    changed,
    context,
    daily,
    days,
    desired,
    once,
    plan_request,
    recorded,
    scheduled,
    state,
    task,
)

FORCED = Thresholds(force=True)
PROTECTED = desired(meta=Meta(protect=True))
DOUBTFUL = scheduled(desired(), phase=Phase.CREATING, began_at=NOW - 5)


def listed(held: State) -> Listing:
    live = [task for record in held.pushes.values() for task in record.live]
    return Listing(tuple(actual(item) for item in live if item.task_id), NOW)


@pytest.mark.parametrize(
    ("pushes", "held", "cause"),
    [
        ((), scheduled(PROTECTED), BlockReason.PROTECTED),
        ((replace(PROTECTED, enabled=False),), scheduled(PROTECTED), BlockReason.PROTECTED),
        (
            (desired(title="New", on_change=OnChange.FORBID),),
            scheduled(desired()),
            BlockReason.FORBIDDEN,
        ),
        ((), scheduled(desired(schedule=once(599))), BlockReason.DANGER_WINDOW),
        ((desired(title="New"),), DOUBTFUL, BlockReason.IN_DOUBT),
        ((), DOUBTFUL, BlockReason.IN_DOUBT),
        ((desired(schedule=once(-60)),), state(), BlockReason.PAST),
    ],
)
def test_force_lifts_no_block(pushes: tuple[Push, ...], held: State, cause: BlockReason) -> None:
    plan = make_plan(plan_request(*pushes, limits=FORCED), held, listed(held))
    assert [item.cause for item in plan.blocked] == [cause]
    assert bool(plan.stopping) is (cause is not BlockReason.IN_DOUBT)


def test_protection_is_taken_off_by_an_apply_of_its_own() -> None:
    (both,) = diff((desired(title="New"),), scheduled(PROTECTED), context())
    assert isinstance(both, Blocked)
    assert both.cause is BlockReason.PROTECTED
    (alone,) = diff((desired(),), scheduled(PROTECTED), context())
    assert isinstance(alone, NoOp)
    assert alone.noted


@pytest.mark.parametrize("choice", ["now_or_never", "send_late", "allow_immediate"])
def test_no_allowance_lifts_protection(choice: str) -> None:
    (change,) = diff((), scheduled(PROTECTED), context(**{choice: True}))
    assert isinstance(change, Blocked)
    assert change.cause is BlockReason.PROTECTED


@pytest.mark.parametrize(("ahead", "near"), [(1, True), (599, True), (600, False)])
def test_the_nearest_task_decides_for_the_entry(ahead: int, near: bool) -> None:
    push = desired(targets=["ann", "bob"])
    held = state(
        {
            "promo": recorded(
                push,
                task(push, targets=["ann"], schedule=once(DAY)),
                task(push, chunk=1, targets=["bob"], schedule=once(ahead)),
            )
        }
    )
    (change,) = diff((), held, context())
    assert isinstance(change, Blocked) is near


def test_a_task_that_is_kept_may_be_near() -> None:
    push = desired(schedule=once(300), targets=[f"u{n}" for n in range(10)])
    held = scheduled(push)
    (change,) = diff((changed(push, targets=(*push.targets, "new")),), held, context())
    assert not isinstance(change, Blocked)


def test_only_the_next_delivery_of_a_loop_counts() -> None:
    # It is 04:26:40; the loop delivered at 04:20 and does so again tomorrow.
    push = desired(schedule=daily("04:20"))
    held = scheduled(push, schedule=daily("04:20", days(-3), days(9)))
    (change,) = diff((), held, context())
    assert not isinstance(change, Blocked)


RUNNING = desired(schedule=daily(), meta=Meta(protect=True), on_change=OnChange.FORBID)
RUNS = task(RUNNING, schedule=daily("09:00", days(-9), days(99)))


@pytest.mark.parametrize(
    ("fields", "cause"),
    [
        ({"meta": Meta(protect=True)}, BlockReason.PROTECTED),
        ({"on_change": OnChange.FORBID}, BlockReason.FORBIDDEN),
    ],
)
def test_an_edit_that_only_adds_deliveries_is_an_edit(
    fields: dict[str, Any], cause: BlockReason
) -> None:
    twice = replace(daily(), times=(dt.time(9), dt.time(18)))
    push = desired(schedule=twice, times=2, **fields)
    (change,) = diff([push], state({"promo": recorded(desired(schedule=daily()), RUNS)}), context())
    assert isinstance(change, Blocked)
    assert change.cause is cause


def test_what_is_missing_of_a_protected_push_is_made() -> None:
    lost = replace(RUNNING, schedule=replace(daily(), times=(dt.time(9), dt.time(18))))
    (change,) = diff([lost], state({"promo": recorded(lost, RUNS)}), context())
    assert isinstance(change, Replace)


def test_a_push_can_be_unprotected_although_its_times_have_moved() -> None:
    """By new time zone data, or a calendar: there is no edit that could be taken back."""
    moved = desired(schedule=daily("10:00"), meta=Meta(protect=True))
    held = state({"promo": recorded(RUNNING, RUNS)})
    (change,) = diff([moved], held, context())
    assert isinstance(change, Blocked)
    (change,) = diff([replace(moved, meta=Meta())], held, context())
    assert isinstance(change, Replace)
    (change,) = diff([changed(moved, meta=Meta(), targets=("bob",))], held, context())
    assert isinstance(change, Blocked)
