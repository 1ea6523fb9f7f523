"""Every answer has the fields and types that the vendor's typed library for Python knows."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any, get_type_hints

import pytest

from pushctl.sandbox import Sandbox
from pushctl.sandbox.service.operations import OPERATIONS
from tests.unit.sandbox.client import NOW, NOW_MS, Client, push_params

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from alibabacloud_mpaas20201028 import models

SCOPE = {"AppId": "A", "WorkspaceId": "w"}
PHONE = {**SCOPE, "DeliveryToken": "t1", "UserId": "u1", "OsType": 1}
TEMPLATE = {**SCOPE, "TemplateName": "T"}
FILLED = push_params(Title=None, Content=None, TemplateName="T")
CALLS: dict[str, dict[str, Any]] = {
    "PushReport": PHONE,
    "PushBind": PHONE,
    "PushQueryDeviceState": {**SCOPE, "Target": "t1", "TargetType": 1},
    "CreateTemplate": {**TEMPLATE, "Title": "Hello", "Content": "all", "DescInfo": "d"},
    "GetTemplate": TEMPLATE,
    "ListTemplatePage": SCOPE,
    "PushSimple": push_params(
        StrategyType=1, StrategyContent={"fixedTime": NOW_MS + 1000}, PushStyle=None
    ),
    "PushTemplate": FILLED,
    "PushMultiple": {**FILLED, "TargetMsg.1.Target": "u1", "TargetMsg.1.MsgKey": "k2"},
    "PushBroadcast": {**FILLED, "DeliveryType": 1, "Msgkey": "k3", "BindPeriod": 1},
    "DeleteTemplate": TEMPLATE,
    "QueryPushSchedulerList": {**SCOPE, "StartTime": 0, "EndTime": 2 * NOW_MS},
    "QueryMpsSchedulerList": SCOPE,
    "CancelPushScheduler": {**SCOPE, "UniqueIds": "x"},
    "QueryPushAnalysisTaskList": {**SCOPE, "StartTime": 0},
    "QueryPushAnalysisTaskDetail": {**SCOPE, "TaskId": "3"},
    "QueryPushAnalysisCoreIndex": {**SCOPE, "StartTime": NOW_MS, "EndTime": NOW_MS},
    "RevokePushMessage": {**SCOPE, "MessageId": "k1", "TargetId": "u1"},
    "RevokePushTask": {**SCOPE, "TaskId": "3"},
    "PushUnBind": PHONE,
}


@pytest.fixture
def client() -> Iterator[Client]:
    with Sandbox(now=NOW) as sandbox:
        yield Client(sandbox.url)


def read(action: str, body: dict[str, Any]) -> Any:
    """The library's object of an answer, which says all that the answer says."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = getattr(models, f"{action}ResponseBody")().from_map(body)
        understood = {name: value for name, value in found.to_map().items() if value != []}
    assert understood == {name: value for name, value in body.items() if value != []}
    check_types(found)
    return found


def check_types(model: Any) -> None:
    for name, kind in get_type_hints(type(model).__init__).items():
        value = getattr(model, name, None)
        for item in value if isinstance(value, list) else [value]:
            if hasattr(item, "to_map"):
                check_types(item)
            elif item is not None:
                assert type(item) is kind, (type(model).__name__, name, item)


def test_every_answer_is_understood_whole(client: Client) -> None:
    assert set(CALLS) == set(OPERATIONS["2020-10-28"])
    for action, params in CALLS.items():
        found = read(action, client.call(action, **params).body)

        assert getattr(found, "result_code", None) == "OK" or found.success, action


@pytest.mark.parametrize("action", CALLS)
def test_a_refusal_is_understood_whole(client: Client, action: str) -> None:
    client.control("POST", "apps", {"apps": ["B"]})

    found = read(action, client.call(action, **CALLS[action]).body)

    assert "8012" in (getattr(found, "result_code", None), getattr(found, "code", None))
