"""What went out, by the state and by the service's list."""

from __future__ import annotations

import pytest

from pushctl.plan.reconcile.sent import SentDelivery, sent
from pushctl.push.task import ActualTask, Delivery
from pushctl.state.state import Phase, State
from tests.builders import DAY, HOUR, NOW, desired, once, people, recorded, state, task
from tests.fakes import ZONE


def two_tasks() -> State:
    """Two chunks of one entry that were due an hour ago."""
    push = desired("sale", targets=people(12), schedule=once(-HOUR))
    parts = [
        task(push, chunk=0, task_id="t0", targets=people(10)),
        task(push, chunk=1, task_id="t1", targets=people(2, "v")),
    ]
    return state({"sale": recorded(push, *parts)})


def listed(id: str, executed: bool | None) -> ActualTask:
    return ActualTask(id, "Sale", "Text", 3, 1, 0, (Delivery(NOW - HOUR, executed),))


def found(known: State, *rows: ActualTask, since: int = NOW - DAY) -> tuple[SentDelivery, ...]:
    return sent(known, rows, since=since, now=NOW, zone=ZONE)


def test_the_tasks_of_one_delivery_are_one_line() -> None:
    (item,) = found(two_tasks(), listed("t0", True), listed("t1", True))
    assert (item.at, item.id, item.targets, item.service) == (NOW - HOUR, "sale", 12, "delivered")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "not listed"),
        ([listed("t0", True)], "not listed"),
        ([listed("t0", True), listed("t1", False)], "not delivered"),
        ([listed("t0", None), listed("t1", True)], "not delivered"),
    ],
)
def test_the_worst_that_the_service_lists_is_said(rows: list[ActualTask], said: str) -> None:
    assert [item.service for item in found(two_tasks(), *rows)] == [said]


def test_what_was_before_or_is_to_come_is_left_out() -> None:
    assert found(two_tasks(), since=NOW - HOUR + 1) == ()
    later = desired("later", schedule=once(HOUR))
    assert found(state({"later": recorded(later, task(later))})) == ()


def test_what_was_cancelled_before_its_time_did_not_go_out() -> None:
    push = desired("sale", schedule=once(-HOUR))
    gone = task(push, phase=Phase.CANCELLED, over_at=NOW - 2 * HOUR)
    assert found(state({"sale": recorded(push, gone)})) == ()
