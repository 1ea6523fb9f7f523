"""What every `PushService` must do. A test module provides the fixture `world` and imports these.

Nothing here looks behind the port: the same tests run against the fake in memory and, over the
wire, against the adapter and the sandbox.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from pushctl.mpaas.interface import Accepted, Created, NotSent, PushService, Refused
from pushctl.push.push import Parameter
from pushctl.push.task import ActualTask, Delivery

ZONE = ZoneInfo("Asia/Shanghai")
DAY = 86_400


@dataclass(frozen=True)
class World:
    """A service, what time it is there, and the word for making time pass there."""

    service: PushService
    now: Callable[[], int]
    advance: Callable[[int], None]

    def list(self, task_id: str | None = None) -> tuple[ActualTask, ...]:
        """List everything that could matter."""
        now = self.now()
        return tuple(
            self.service.list(since=now - 30 * DAY, until=now + 190 * DAY, task_id=task_id)
        )


def push(*, title: str = "Title", targets: int = 1, **more: Any) -> dict[str, Parameter]:
    """The parameters of a push, before anything about its schedule."""
    keys = {f"u{number}": f"{title}-k{number}" for number in range(targets)}
    return {
        "TaskName": "a task",
        "Title": title,
        "Content": "内容 & more",
        "DeliveryType": 3,
        "ExpiredSeconds": 600,
        "PushStyle": 0,
        "TargetMsgkey": json.dumps(keys),
        **more,
    }


def once(at: int) -> dict[str, Parameter]:
    return {"StrategyType": 1, "StrategyContent": json.dumps({"fixedTime": at * 1000})}


def daily(first: dt.date, last: dt.date) -> dict[str, Parameter]:
    content = {
        "startTime": midnight(first) * 1000,
        "endTime": midnight(last) * 1000,
        "circleType": 1,
        "time": "12:00:00",
    }
    return {"StrategyType": 2, "StrategyContent": json.dumps(content)}


def midnight(day: dt.date) -> int:
    return int(dt.datetime.combine(day, dt.time(), ZONE).timestamp())


def tomorrow(world: World, days: int = 1) -> dt.date:
    return dt.datetime.fromtimestamp(world.now(), ZONE).date() + dt.timedelta(days=days)


def made(world: World, parameters: Mapping[str, Parameter]) -> str:
    outcome = world.service.create(parameters)
    assert isinstance(outcome, Created), outcome
    assert outcome.task_id
    assert outcome.request_id
    return outcome.task_id


def unexecuted(tasks: tuple[ActualTask, ...]) -> dict[str, tuple[Delivery, ...]]:
    return {task.task_id: task.unexecuted for task in tasks if task.unexecuted}


def test_list_of_an_empty_service_is_empty(world: World) -> None:
    assert world.list() == ()


def test_create_once_is_listed(world: World) -> None:
    before, at = world.now(), world.now() + DAY
    task_id = made(world, push() | once(at))
    (task,) = world.list()
    assert before - 1 <= task.created_at <= world.now() + 1
    assert task == ActualTask(
        task_id, "Title", "内容 & more", 3, 1, task.created_at, (Delivery(at, False),)
    )


def test_create_loop_is_listed_as_one_task(world: World) -> None:
    first, last = tomorrow(world), tomorrow(world, 5)
    task_id = made(world, push() | daily(first, last))
    (task,) = world.list()
    noon = midnight(first) + DAY // 2
    assert (task.task_id, task.strategy_type) == (task_id, 2)
    assert task.deliveries == tuple(Delivery(noon + n * DAY, False) for n in range(5))


def test_create_now_names_no_task_and_leaves_none(world: World) -> None:
    outcome = world.service.create(push(StrategyType=0))
    assert isinstance(outcome, Created)
    assert outcome.task_id == ""
    assert world.list() == ()


def test_create_twice_makes_two_tasks(world: World) -> None:
    at = world.now() + DAY
    ids = {made(world, push() | once(at)), made(world, push(title="Other") | once(at))}
    assert len(ids) == 2
    assert {task.task_id for task in world.list()} == ids


def test_create_makes_nothing_if_there_is_an_objection(world: World) -> None:
    parameters = push() | once(world.now() + DAY)
    outcome = world.service.create(parameters, lambda: "the lock is gone")
    assert outcome == NotSent("the lock is gone")
    assert world.list() == ()
    made(world, parameters)


def test_cancel_leaves_a_task_if_there_is_an_objection(world: World) -> None:
    task = made(world, push() | once(world.now() + DAY))
    assert world.service.cancel(task, lambda: "the lock is gone") == NotSent("the lock is gone")
    assert unexecuted(world.list()).keys() == {task}


def test_create_takes_ten_targets_and_refuses_eleven(world: World) -> None:
    at = world.now() + DAY
    made(world, push(targets=10) | once(at))
    outcome = world.service.create(push(title="More", targets=11) | once(at))
    assert isinstance(outcome, Refused)
    assert outcome.code
    assert not outcome.auth
    assert len(world.list()) == 1


def test_create_refuses_an_empty_title(world: World) -> None:
    outcome = world.service.create(push() | once(world.now() + DAY) | {"Title": ""})
    assert isinstance(outcome, Refused), outcome
    assert world.list() == ()


def test_list_finds_one_task(world: World) -> None:
    at = world.now() + DAY
    one = made(world, push(title="One") | once(at))
    loop = made(world, push(title="Loop") | daily(tomorrow(world), tomorrow(world, 3)))
    assert [task.task_id for task in world.list(one)] == [one]
    assert [(task.task_id, len(task.deliveries)) for task in world.list(loop)] == [(loop, 3)]


def test_list_of_an_unknown_task_is_empty(world: World) -> None:
    made(world, push() | once(world.now() + DAY))
    assert world.list("0" * 32) == ()


def test_list_is_soonest_first(world: World) -> None:
    now = world.now()
    ids = [made(world, push(title=f"T{n}") | once(now + n * DAY)) for n in (3, 1, 2)]
    assert [task.task_id for task in world.list()] == [ids[1], ids[2], ids[0]]


def test_list_shows_only_what_lies_between_its_bounds(world: World) -> None:
    now = world.now()
    made(world, push(title="Soon") | once(now + DAY))
    late = made(world, push(title="Late") | once(now + 9 * DAY))
    found = world.service.list(since=now + 5 * DAY, until=now + 20 * DAY)
    assert [task.task_id for task in found] == [late]


def test_cancel_leaves_nothing_unexecuted(world: World) -> None:
    kept = made(world, push(title="Kept") | once(world.now() + DAY))
    gone = made(world, push(title="Gone") | once(world.now() + DAY))
    assert isinstance(world.service.cancel(gone), Accepted)
    assert set(unexecuted(world.list())) == {kept}
    assert unexecuted(world.list(gone)) == {}


def test_cancel_ends_all_deliveries_of_a_loop(world: World) -> None:
    loop = made(world, push() | daily(tomorrow(world), tomorrow(world, 20)))
    assert isinstance(world.service.cancel(loop), Accepted)
    assert unexecuted(world.list()) == {}


def test_cancel_of_an_unknown_task_does_no_harm(world: World) -> None:
    kept = made(world, push() | once(world.now() + DAY))
    outcome = world.service.cancel("0" * 32)
    assert isinstance(outcome, Accepted | Refused), outcome
    assert set(unexecuted(world.list())) == {kept}


def test_cancel_twice_does_no_harm(world: World) -> None:
    gone = made(world, push() | once(world.now() + DAY))
    assert isinstance(world.service.cancel(gone), Accepted)
    assert isinstance(world.service.cancel(gone), Accepted | Refused)
    assert unexecuted(world.list()) == {}


def test_revoke_answers(world: World) -> None:
    assert isinstance(world.service.create(push(StrategyType=0)), Created)
    assert isinstance(world.service.revoke("Title-k0", "u0"), Accepted | Refused)


def test_calls_from_several_threads(world: World) -> None:
    at = world.now() + DAY
    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(lambda n: made(world, push(title=f"T{n}") | once(at)), range(16)))
    assert {task.task_id for task in world.list()} == set(ids)


def test_time_executes_what_falls_due(world: World) -> None:
    at = world.now() + 3600
    task_id = made(world, push() | once(at))
    loop = made(world, push(title="Loop") | daily(tomorrow(world), tomorrow(world, 3)))
    world.advance(2 * DAY)
    found = {task.task_id: task for task in world.list()}
    assert found[task_id].deliveries == (Delivery(at, True),)
    executed = [delivery.executed for delivery in found[loop].deliveries]
    assert executed == sorted(executed, reverse=True)
    assert set(executed) == {True, False}
