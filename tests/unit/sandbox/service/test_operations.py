"""Which operations there are, and which parameters they cannot do without."""

from __future__ import annotations

import pytest

from pushctl.sandbox.service.operations import OPERATIONS
from tests.unit.sandbox.client import NOW_MS, Client


def test_the_first_version_knows_no_schedule(client: Client) -> None:
    refused = client.push("2019-08-21", PushStyle=None, StrategyType=1)
    assert (refused.body["ResultCode"], client.deliveries()) == ("3028", [])
    assert "old_version_strategy" in refused.hint
    assert client.push("2019-08-21", StrategyType=0, TaskName="now").body["ResultCode"] == "OK"
    assert "assumed" not in client.requests()[-1]

    client.control("POST", "knobs", {"old_version_strategy": "send-now"})
    client.control("POST", "reset", {})
    answer = client.push("2019-08-21", PushStyle=None, StrategyType=1)

    assert answer.body["PushResult"]["Data"] == ""
    assert "no effect" in client.requests()[-1]["assumed"][0]
    assert len(client.deliveries()) == 1
    assert client.call("QueryPushSchedulerList", "2019-08-21").status == 404


@pytest.mark.parametrize("version", ["2020-07-10", "2020-10-28"])
def test_the_later_versions_schedule(client: Client, version: str) -> None:
    answer = client.push(version, StrategyType=1, StrategyContent={"fixedTime": NOW_MS + 1000})

    assert len(answer.body["PushResult"]["Data"]) == 32


@pytest.mark.parametrize(
    ("action", "version", "status", "code"),
    [
        ("", "2020-10-28", 404, "InvalidAction.NotFound"),
        ("pushSimple", "2020-10-28", 404, "InvalidAction.NotFound"),
        ("PushSimple", "2018-01-01", 400, "InvalidVersion"),
        ("PushSimple", "", 400, "InvalidVersion"),
    ],
)
def test_unknown_operations(
    client: Client, action: str, version: str, status: int, code: str
) -> None:
    answer = client.call(action, version)

    assert (answer.status, answer.body["Code"]) == (status, code)
    assert ("PushSimple" if status == 404 else "2020-10-28") in answer.hint
    assert answer.body["RequestId"]
    assert code in answer.body["Recommend"]


PUSH = {"AppId", "WorkspaceId", "DeliveryType", "ExpiredSeconds"}
REQUIRED = {
    "PushSimple": {*PUSH, "Title", "Content", "TargetMsgkey"},
    "PushTemplate": {*PUSH, "TemplateName", "TargetMsgkey"},
    "PushMultiple": {*PUSH, "TemplateName", "TargetMsg"},
    "PushBroadcast": {*PUSH, "TemplateName", "Msgkey"},
    "QueryPushSchedulerList": {"AppId", "WorkspaceId", "StartTime", "EndTime"},
    "QueryMpsSchedulerList": {"AppId", "WorkspaceId"},
    "CancelPushScheduler": {"AppId", "WorkspaceId", "UniqueIds"},
    "CancelMpsScheduler": {"AppId", "WorkspaceId", "UniqueIds"},
    "RevokePushMessage": {"AppId", "WorkspaceId", "MessageId", "TargetId"},
    "RevokePushTask": {"AppId", "WorkspaceId", "TaskId"},
    "QueryPushAnalysisTaskList": {"AppId", "WorkspaceId", "StartTime"},
    "QueryPushAnalysisTaskDetail": {"AppId", "WorkspaceId", "TaskId"},
    "QueryPushAnalysisCoreIndex": {"AppId", "WorkspaceId", "StartTime", "EndTime"},
    "CreateTemplate": set(),
    "GetTemplate": set(),
    "ListTemplatePage": set(),
    "DeleteTemplate": set(),
    "PushQueryDeviceState": set(),
    "PushBind": {"AppId", "WorkspaceId", "DeliveryToken", "OsType", "UserId"},
    "PushUnBind": {"AppId", "WorkspaceId", "DeliveryToken", "UserId"},
    "PushReport": {"AppId", "WorkspaceId", "DeliveryToken", "OsType"},
}
"""What the vendor's typed library for 2020-10-28 (or 2020-07-10) marks as required."""


@pytest.mark.parametrize("action", REQUIRED)
def test_the_gateway_refuses_a_call_without_what_is_required(client: Client, action: str) -> None:
    version = "2020-10-28" if action in OPERATIONS["2020-10-28"] else "2020-07-10"
    sent = dict.fromkeys(REQUIRED[action], "1")
    for name in REQUIRED[action]:
        without = client.call(action, version, **{k: v for k, v in sent.items() if k != name})
        assert (without.status, without.body["Code"]) == (400, f"Missing{name}")
        assert without.body["Message"].startswith(name)
    assert client.call(action, version, **sent).status == 200


def test_every_operation_is_known(client: Client) -> None:
    assert {name for there in OPERATIONS.values() for name in there} == set(REQUIRED)
    second, third = set(OPERATIONS["2020-07-10"]), set(OPERATIONS["2020-10-28"])
    assert second ^ third == {"CancelMpsScheduler", "PushBind", "PushUnBind", "PushReport"}
    assert all(name.startswith("Push") for name in OPERATIONS["2019-08-21"])
