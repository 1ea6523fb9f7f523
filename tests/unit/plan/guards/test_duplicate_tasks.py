"""Tasks made by hand that look like an entry."""

from __future__ import annotations

import pytest

from pushctl.plan.planner import make_plan
from pushctl.plan.reconcile.listing import Listing
from pushctl.push.task import ActualTask, Delivery
from tests.builders import (
    DAY,
    HOUR,
    NOW,
    actual,
    desired,
    once,
    plan_request,
    scheduled,
    state,
    task,
)

PUSH = desired(title="Flash sale", content="Today", schedule=once(DAY))


def by_hand(
    title: str = "Flash sale", content: str = "Now", at: int = NOW + DAY, kind: int = 3
) -> ActualTask:
    return ActualTask("HAND", title, content, kind, 1, 0, (Delivery(at, executed=False),))


def codes(*rows: ActualTask) -> list[str]:
    made = make_plan(plan_request(PUSH), state(), Listing(rows, NOW))
    return [item.code for item in made.diagnostics]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (by_hand(), True),
        (by_hand(title=" flash  SALE "), True),
        (by_hand(title="Other"), False),
        (by_hand(at=NOW + DAY + HOUR), True),
        (by_hand(at=NOW + DAY - HOUR - 1), False),
        (by_hand(content="Today", at=NOW + DAY + 60), True),
        (by_hand(content="Today", kind=2), True),
    ],
)
def test_the_same_title_within_an_hour(row: ActualTask, told: bool) -> None:
    assert codes(row) == ["PSH603"] * told


def test_what_is_equal_to_the_letter_is_another_matter() -> None:
    """Nothing is created beside it, which is more than a warning."""
    made = make_plan(plan_request(PUSH), state(), Listing((by_hand(content="Today"),), NOW))
    assert [item.code for item in made.diagnostics] == []
    assert made.stopping


def test_a_twin_of_what_is_scheduled_is_told_once() -> None:
    ours = actual(task(PUSH), title="Flash sale", content="Today")
    seen = Listing((ours, by_hand(content="Today")), NOW)
    made = make_plan(plan_request(PUSH), scheduled(PUSH), seen)
    assert [item.code for item in made.diagnostics] == ["PSH607"]


def test_what_is_scheduled_already_has_similar_tasks_too() -> None:
    ours = actual(task(PUSH), title="Flash sale", content="Today")
    made = make_plan(plan_request(PUSH), scheduled(PUSH), Listing((ours, by_hand()), NOW))
    found = {item.code: item for item in made.diagnostics}
    assert found["PSH603"].push == "promo"
    assert "HAND" in found["PSH603"].detail


def test_what_an_entry_accepts_is_not_told() -> None:
    made = make_plan(
        plan_request(PUSH, judge=lambda found: [item for item in found if item.push != "promo"]),
        state(),
        Listing((by_hand(),), NOW),
    )
    assert made.diagnostics == ()
