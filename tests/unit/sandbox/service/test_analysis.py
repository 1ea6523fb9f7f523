"""What became of pushes, in numbers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.sandbox.client import DAY_MS, MIDNIGHT_MS, NOW_MS, Client

SCOPE = {"AppId": "A", "WorkspaceId": "w"}
LATER = {"StrategyType": 1, "StrategyContent": {"fixedTime": NOW_MS + 3_600_000}}
ANNE = {"Target": "anne", "MsgKey": "a"}
BORIS = {"Target": "boris", "MsgKey": "b"}


@pytest.fixture(autouse=True)
def with_template(client: Client) -> None:
    client.template(Title="Hello")


def ask(client: Client, name: str, **params: Any) -> Any:
    answer = client.call(f"QueryPushAnalysis{name}", **{**SCOPE, **params})
    assert answer.body["ResultCode"] == "OK", answer.headers["x-sandbox-hint"]
    return answer.body["ResultContent"]["Data"]


def tasks(client: Client, **params: Any) -> list[str]:
    return [row["TaskName"] for row in ask(client, "TaskList", **{"StartTime": 0, **params})]


def index(client: Client, **params: Any) -> tuple[float, float]:
    data = ask(client, "CoreIndex", **{"StartTime": NOW_MS, "EndTime": NOW_MS, **params})
    assert data["PushTotalNum"] == data["PushNum"]
    return data["PushNum"], data["ArrivalNum"]


def test_a_task_is_listed_once_it_is_sent(client: Client) -> None:
    client.push(TaskName="simple")
    client.batch(ANNE, TaskName="now")
    client.batch(BORIS, TaskName="later", **LATER)
    assert tasks(client) == ["now"]
    client.control("POST", "knobs", {"analysis_waiting": "show"})
    assert tasks(client) == ["later", "now"]
    client.control("POST", "knobs", {"analysis_waiting": "hide"})
    client.advance(3600)
    assert tasks(client) == ["later", "now"]
    assert tasks(client, TaskName="now") == ["now"]
    assert tasks(client, TaskId="3") == ["later"]
    assert tasks(client, PageNumber=2, PageSize=1) == ["now"]
    assert tasks(client, StartTime=NOW_MS + 1) == []
    assert tasks(client, WorkspaceId="x") == []


def test_a_row_says_this_and_no_more(client: Client) -> None:
    client.batch(ANNE, TaskName="now")
    client.call("DeleteTemplate", **SCOPE, TemplateName="T")
    assert ask(client, "TaskList", StartTime=NOW_MS) == [
        {
            "TaskId": "1",
            "TaskName": "now",
            "TemplateId": "1",
            "TemplateName": "T",
            "Type": 2,
            "GmtCreate": NOW_MS,
            "List": [],
        }
    ]


def test_the_detail_of_a_loop(client: Client) -> None:
    content = {"startTime": MIDNIGHT_MS, "endTime": MIDNIGHT_MS + 2 * DAY_MS, "circleType": 1}
    loop = {"StrategyType": 2, "StrategyContent": {**content, "time": "12:00:00"}}
    client.batch(ANNE, BORIS, **loop)
    client.advance(2 * 86_400)

    assert ask(client, "TaskDetail", TaskId="1") == {
        "TaskId": 1,
        "PushNum": 4.0,
        "PushSuccessNum": 4.0,
        "PushArrivalNum": 4.0,
        "StartTime": NOW_MS + 2 * 3_600_000,
        "EndTime": NOW_MS + 26 * 3_600_000,
        "Duration": "86400",
    }


def test_what_no_phone_showed_has_not_arrived(client: Client) -> None:
    phone = {"DeliveryToken": "t", "OsType": 1, "ThirdChannel": 8}
    client.call("PushReport", **SCOPE, **phone)
    client.call("PushBind", **SCOPE, **phone, UserId="anne")
    client.batch(ANNE, BORIS)
    client.template("long", Title="x" * 41)
    client.batch(ANNE, BORIS, TemplateName="long")

    arrived = [ask(client, "TaskDetail", TaskId=number)["PushArrivalNum"] for number in (1, 2)]
    assert arrived == [2.0, 1.0]
    assert index(client) == (4.0, 3.0)
    for kind in ({"Channel": "VIVO"}, {"Platform": "ANDROID"}):
        assert index(client, **kind) == (2.0, 1.0)
    for kind in ({"Channel": "OPPO"}, {"Platform": "IOS"}):
        assert index(client, **kind) == (0.0, 0.0)
    vivo = ask(client, "CoreIndex", StartTime=NOW_MS, EndTime=NOW_MS, Channel="VIVO")
    assert vivo["ArrivalRate"] == 50.0


def test_the_index_of_days_kinds_and_tasks(client: Client) -> None:
    client.push(DeliveryType=2)
    client.batch(ANNE, BORIS)
    client.advance(86_400)
    client.push()

    assert index(client) == (3.0, 3.0)
    assert index(client, EndTime=NOW_MS + DAY_MS) == (4.0, 4.0)
    assert index(client, StartTime=MIDNIGHT_MS + DAY_MS, EndTime=NOW_MS + DAY_MS) == (1.0, 1.0)
    assert index(client, Type="SIMPLE") == (1.0, 1.0)
    assert index(client, Type="MULTIPLE") == (2.0, 2.0)
    assert index(client, TaskId="2") == (2.0, 2.0)
    assert index(client, Platform="IOS") == (1.0, 1.0)
    assert index(client, WorkspaceId="x") == (0.0, 0.0)


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("TaskList", {"StartTime": "today"}),
        ("TaskList", {"StartTime": 0, "PageSize": 0}),
        ("TaskDetail", {"TaskId": "1"}),
        ("TaskDetail", {"TaskId": "x"}),
        ("CoreIndex", {"StartTime": DAY_MS, "EndTime": 0}),
        ("CoreIndex", {"StartTime": 0, "EndTime": 91 * DAY_MS}),
        ("CoreIndex", {"StartTime": 0, "EndTime": 10**17}),
        ("CoreIndex", {"StartTime": 0, "EndTime": 0, "Platform": "android"}),
        ("CoreIndex", {"StartTime": 0, "EndTime": 0, "Channel": "HONOR"}),
        ("CoreIndex", {"StartTime": 0, "EndTime": 0, "Type": "0"}),
    ],
)
def test_a_bad_question(client: Client, name: str, params: dict[str, Any]) -> None:
    client.push()
    answer = client.call(f"QueryPushAnalysis{name}", **SCOPE, **params)
    assert answer.body["ResultCode"] == "3028"


def test_ninety_days_are_the_longest_span(client: Client) -> None:
    assert index(client, StartTime=NOW_MS - 90 * DAY_MS) == (0.0, 0.0)
