"""Which task of the console an entry may take over."""

from __future__ import annotations

import pytest

from pushctl.plan.change import Adopt, Blocked, BlockReason
from pushctl.plan.reconcile.adopt import adoption
from pushctl.push.push import DesiredPush
from pushctl.push.task import ActualTask, Delivery
from pushctl.schedule.service_schedule import Immediate
from tests.builders import (
    NOW,
    actual,
    daily,
    days,
    desired,
    loop,
    once,
    people,
    recorded,
    task,
)
from tests.fakes import ZONE

ROW = actual(task(), task_id="X")


@pytest.mark.parametrize(
    ("push", "row"),
    [
        (desired(title="Else"), ROW),
        (desired(content="Else"), ROW),
        (desired(schedule=once(5)), ROW),
        (desired(schedule=daily()), ROW),
        (desired(schedule=Immediate()), ROW),
        (desired(targets=people(11)), ROW),
        (desired(), actual(task(), task_id="Y")),
        (desired(), actual(task(), task_id="X", deliveries=(Delivery(NOW - 5, True),))),
        (desired(), actual(task(), task_id="X", delivery_type=1)),
    ],
)
def test_adoption_insists_on_all_that_can_be_seen(push: DesiredPush, row: ActualTask) -> None:
    found = adoption(push, None, "X", [row], generation=1, labels=[], now=NOW, zone=ZONE)
    assert isinstance(found, Blocked)
    assert found.cause is BlockReason.ADOPTION
    assert found.reason


def test_adoption_of_a_loop_takes_the_window_that_is_there() -> None:
    push = desired(schedule=daily())
    there = actual(task(push, schedule=daily("09:00", days(2), days(5))), task_id="X")
    found = adoption(push, None, "X", [there], generation=1, labels=["ann"], now=NOW, zone=ZONE)
    assert isinstance(found, Adopt)
    assert found.task.schedule == loop("09:00", days(2), days(5))
    off = actual(task(push, schedule=daily("10:00", days(2), days(5))), task_id="X")
    found = adoption(push, None, "X", [off], generation=1, labels=["ann"], now=NOW, zone=ZONE)
    assert isinstance(found, Blocked)


def test_adoption_refuses_an_entry_with_tasks() -> None:
    held = recorded(desired(), task())
    found = adoption(desired(), held, "X", [ROW], generation=2, labels=[], now=NOW, zone=ZONE)
    assert isinstance(found, Blocked)
