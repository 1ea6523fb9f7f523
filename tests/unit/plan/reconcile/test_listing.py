"""What a look showed, and how far it can be believed."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from pushctl.plan.reconcile.listing import altered_task, missing_tasks, service_ahead
from pushctl.push.task import ActualTask, Delivery
from pushctl.state.state import Phase, State
from tests.builders import DAY, HOUR, NOW, actual, desired, recorded, state, task
from tests.fakes import ZONE

PUSH = replace(desired(), spec={"message": {"title": "Title", "body": "Content"}, "to": "users"})
TASK = task(PUSH, task_id="T1")


def held(**changes: object) -> State:
    return state({"promo": recorded(PUSH, replace(TASK, **changes))})  # type: ignore[arg-type]


def executed(at: int, task_id: str = "T1") -> ActualTask:
    return replace(actual(TASK), task_id=task_id, deliveries=(Delivery(at, executed=True),))


@pytest.mark.parametrize(
    ("offset", "rows", "ahead"),
    [
        (None, (), 0),
        (4, (), 0),  # as long as an answer may be on its way
        (-180, (), -180),
        (None, (executed(NOW + 2 * HOUR),), 2 * HOUR),
        (600, (executed(NOW + 2 * HOUR),), 2 * HOUR),
        (-180, (executed(NOW - 10),), -10),
        (0, (executed(NOW - HOUR),), 0),
        (0, (executed(NOW + 2 * DAY),), 0),  # nobody's clock is two days off
        (0, (executed(NOW + HOUR, "X"),), 0),  # made by somebody else, perhaps sent by hand
    ],
)
def test_what_was_executed_outranks_what_clocks_say(
    offset: float | None, rows: tuple[ActualTask, ...], ahead: float
) -> None:
    assert service_ahead(held(), rows, now=NOW, offset=offset) == ahead


def test_what_is_still_to_come_and_not_listed_is_missing() -> None:
    assert [item.task_id for item in missing_tasks(held(), (), now=NOW)] == ["T1"]
    assert missing_tasks(held(phase=Phase.CANCELLING), (), now=NOW) != ()
    assert missing_tasks(held(), (actual(TASK),), now=NOW) == ()
    assert missing_tasks(held(phase=Phase.SENT), (), now=NOW) == ()
    assert missing_tasks(held(), (), now=NOW + 2 * DAY) == ()


@pytest.mark.parametrize(
    "shown",
    [
        {"title": "Tit..."},
        {"content": "Content "},
        {"delivery_type": 1},
        {"deliveries": (Delivery(NOW + DAY + HOUR, executed=False),)},
    ],
)
def test_a_row_that_is_not_what_was_sent_is_noticed(shown: dict[str, object]) -> None:
    row = replace(actual(TASK), **shown)  # type: ignore[arg-type]
    assert altered_task(held(), (row,), ZONE) == "T1"
    assert altered_task(held(), (actual(TASK),), ZONE) is None


def test_what_the_recorded_words_do_not_describe_is_not_compared() -> None:
    row = replace(actual(TASK), title="Else")
    record = replace(recorded(PUSH, TASK), generation=2)  # an edit that came to nothing
    assert altered_task(state({"promo": record}), (row,), ZONE) is None
    assert altered_task(state({"promo": recorded(desired(), TASK)}), (row,), ZONE) is None
