"""Ids of tasks, what is still to come of a listed one, and the vendor's kinds of schedules."""

from __future__ import annotations

import datetime as dt

import pytest

from pushctl.push.task import TASK_ID, Delivery, strategy_type
from pushctl.schedule.service_schedule import Immediate, OneShot, Schedule
from tests.builders import NOW, actual, loop, task


@pytest.mark.parametrize("text", ["7", "T-promo_1.2:3", "_", "a" * 128])
def test_what_can_be_the_id_of_a_task(text: str) -> None:
    assert TASK_ID.fullmatch(text)


@pytest.mark.parametrize("text", ["", "-rf", "a,b", "a b", "a\n", "é", ".a", "a" * 129])
def test_what_could_be_read_as_an_option_or_as_two_is_no_id(text: str) -> None:
    assert not TASK_ID.fullmatch(text)


def test_unexecuted_is_what_the_list_does_not_call_delivered() -> None:
    rows = (Delivery(NOW, True), Delivery(NOW + 1, False), Delivery(NOW + 2, False))
    assert actual(task(), deliveries=rows).unexecuted == rows[1:]
    assert actual(task(), deliveries=rows[:1]).unexecuted == ()


@pytest.mark.parametrize(
    ("schedule", "number"),
    [
        (Immediate(), 0),
        (OneShot(NOW), 1),
        (loop("09:00", dt.date(2026, 5, 30), dt.date(2026, 5, 31)), 2),
    ],
)
def test_strategy_types_are_the_vendors(schedule: Schedule, number: int) -> None:
    assert strategy_type(schedule) == number
