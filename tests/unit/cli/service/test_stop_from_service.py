"""Which tasks of the service's list are meant, and what is made of them."""

from __future__ import annotations

import click
import pytest
from msgspec.structs import replace

from pushctl.cli.service.stop_from_service import as_recorded, matching
from pushctl.push.task import ActualTask, Delivery
from pushctl.schedule.service_schedule import OneShot
from tests.builders import DAY, NOW


def listed(id: str, title: str, *times: int) -> ActualTask:
    moments = times or (NOW + DAY,)
    deliveries = tuple(Delivery(at, at < NOW) for at in moments)
    return ActualTask(id, title, "Text", 3, 1, 0, deliveries)


ROWS = (listed("t1", "Winter sale"), listed("t2", "Winter sale is over"), listed("t3", "Party"))


@pytest.mark.parametrize(
    ("titles", "task_ids", "meant"),
    [
        (["Winter sale"], [], ["t1", "t2"]),
        (["over", "Party"], [], ["t2", "t3"]),
        ([], ["t3"], ["t3"]),
        (["over"], ["t1"], ["t1", "t2"]),
        (["over"], ["t2"], ["t2"]),
    ],
)
def test_tasks_are_meant_by_a_part_of_their_title_or_by_their_id(
    titles: list[str], task_ids: list[str], meant: list[str]
) -> None:
    assert [row.task_id for row in matching(ROWS, titles, task_ids)] == meant


@pytest.mark.parametrize(
    ("titles", "task_ids", "told"),
    [
        ([], [], "say which"),
        ([""], [], "say which"),
        (["Winter", "Wintr"], [], "'Wintr'"),
        (["Winter"], ["t4"], "'t4'"),
        ([], ["t"], "'t'"),
    ],
)
def test_what_fits_no_task_cancels_none(titles: list[str], task_ids: list[str], told: str) -> None:
    with pytest.raises(click.UsageError, match=told):
        matching(ROWS, titles, task_ids)


def test_a_task_is_recorded_with_its_next_delivery_and_looked_for_in_all_its_time() -> None:
    row = listed("t1", "Loop", NOW + 2 * DAY, NOW - DAY, NOW + DAY)
    (task,) = as_recorded(row, NOW).tasks
    assert task.schedule == OneShot(NOW + DAY)
    assert (task.first, task.last, task.task_id) == (NOW - DAY, NOW + 2 * DAY, "t1")
    unknown = replace(row, deliveries=(Delivery(NOW + DAY, None, "7"),))
    assert as_recorded(unknown, NOW).tasks[0].schedule == OneShot(NOW + DAY)
