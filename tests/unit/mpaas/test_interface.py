"""Every implementation of `PushService`, and the fake, against one suite."""

from __future__ import annotations

import json
import socket
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest

pytest.register_assert_rewrite("tests.unit.mpaas.push_service_suite")

from pushctl.credentials import Credentials  # noqa: E402  (after the line above)
from pushctl.mpaas.client import CloudPushService  # noqa: E402
from pushctl.mpaas.interface import Accepted, Created, Refused  # noqa: E402
from pushctl.push.task import ActualTask  # noqa: E402
from pushctl.sandbox import Sandbox  # noqa: E402
from tests.fakes import FakePushService  # noqa: E402
from tests.loopback import Behaviour, Request, loopback, reply  # noqa: E402
from tests.unit.mpaas.push_service_suite import *  # noqa: E402, F403
from tests.unit.mpaas.push_service_suite import World  # noqa: E402


@contextmanager
def fake() -> Iterator[World]:
    service = FakePushService()
    yield World(service, lambda: service.now, service.advance)


@contextmanager
def over(
    url: str, *, page_size: int, now: Callable[[], int], advance: Callable[[int], None]
) -> Iterator[World]:
    service = CloudPushService(
        app_id="ONEX0000000000001",
        workspace_id="test",
        tenant_id=None,
        endpoint=url,
        credential=Credentials("sandbox", "sandbox"),
        page_size=page_size,
    )
    yield World(service, now, advance)


@contextmanager
def adapter(*, page_size: int = 500) -> Iterator[World]:
    """The adapter over a wire at whose other end is the fake."""
    service = FakePushService()
    with (
        loopback(speaking_for(service)) as server,
        over(
            server.url, page_size=page_size, now=lambda: service.now, advance=service.advance
        ) as world,
    ):
        yield world


def speaking_for(service: FakePushService) -> Behaviour:
    """Translate between the wire and a service, as little as will do."""

    def answer(connection: socket.socket, request: Request) -> None:
        form = request.form
        match request.headers["x-acs-action"]:
            case "PushSimple":
                body = envelope(service.create(form))
            case "CancelPushScheduler":
                body = envelope(service.cancel(form["UniqueIds"]))
            case "RevokePushMessage":
                body = envelope(service.revoke(form["MessageId"], form["TargetId"]))
            case _:
                found = service.list(
                    since=int(form["StartTime"]) // 1000,
                    until=int(form["EndTime"]) // 1000,
                    task_id=form.get("UniqueId"),
                )
                rows = [row for task in found for row in rows_of(task)]
                size, number = int(form["PageSize"]), int(form["PageNumber"])
                page = rows[(number - 1) * size : number * size]
                data = {"TotalCount": len(rows), "List": page}
                body = {"ResultCode": "OK", "ResultContent": json.dumps({"data": data})}
        reply(body)(connection, request)

    return answer


def envelope(outcome: object) -> dict[str, Any]:
    match outcome:
        case Created(task_id=task_id, request_id=request_id):
            result = {"Success": True, "Data": task_id}
            return {"RequestId": request_id, "ResultCode": "OK", "PushResult": result}
        case Accepted(request_id=request_id):
            return {"RequestId": request_id, "ResultCode": "OK", "PushResult": {"Success": True}}
        case Refused(code=code, message=message, request_id=request_id):
            return {"RequestId": request_id, "ResultCode": code, "ResultMessage": message}
    raise AssertionError(outcome)


def rows_of(task: ActualTask) -> Iterator[dict[str, Any]]:
    for delivery in task.deliveries:
        loop = task.strategy_type == 2
        yield {
            "UniqueId": f"{task.task_id}-{delivery.at}" if loop else task.task_id,
            "ParentId": task.task_id,
            "PushTime": delivery.at * 1000,
            "PushTitle": task.title,
            "PushContent": task.content,
            "Type": 0,
            "DeliveryType": task.delivery_type,
            "StrategyType": task.strategy_type,
            "ExecutedStatus": str(int(delivery.executed)),
            "CreateType": 0,
            "GmtCreate": task.created_at * 1000,
        }


@contextmanager
def sandbox(*, page_size: int = 500) -> Iterator[World]:
    """The adapter over a wire at whose other end is the sandbox, its clock standing still."""
    with Sandbox(now="2026-12-01T09:00:00+08:00") as running:

        def clock(change: dict[str, int] | None = None) -> float:
            body = None if change is None else json.dumps(change).encode()
            headers = {"Content-Type": "application/json"}
            request = urllib.request.Request(f"{running.url}/_sandbox/clock", body, headers)
            with urllib.request.urlopen(request) as answer:
                return float(json.load(answer)["epoch"])

        with over(
            running.url,
            page_size=page_size,
            now=lambda: int(clock()),
            advance=lambda seconds: void(clock({"advance": seconds})),
        ) as world:
            yield world


def void(_: object) -> None:
    """Drop an answer."""


FACTORIES: dict[str, Callable[[], AbstractContextManager[World]]] = {
    "fake": fake,
    "adapter over the fake": adapter,
    "adapter over the fake, page by page": lambda: adapter(page_size=2),
    "adapter over the sandbox": sandbox,
    "adapter over the sandbox, page by page": lambda: sandbox(page_size=2),
}


@pytest.fixture(params=FACTORIES.values(), ids=FACTORIES.keys())
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    with request.param() as made:
        yield made
