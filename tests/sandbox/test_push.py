"""What PushSimple refuses, with which code, and what it remembers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.client import FORM, NOW_MS, Client

LIVE = {"DeliveryType": 5, "ActivityEvent": "end", "ActivityContentState": {"a": 1}}
REFUSALS: list[tuple[dict[str, Any], str]] = [
    ({"AppId": None}, "3003"),
    ({"WorkspaceId": "  "}, "3003"),
    ({"TaskName": None}, "3019"),
    ({"TaskName": ""}, "3019"),
    ({"Title": None}, "3024"),
    ({"Content": ""}, "3024"),
    ({"DeliveryType": None}, "3009"),
    ({"DeliveryType": 4}, "3009"),
    ({"DeliveryType": "three"}, "3009"),
    ({"TargetMsgkey": None}, "3021"),
    ({"TargetMsgkey": {}}, "3021"),
    ({"TargetMsgkey": {"": "k"}}, "3012"),
    ({"TargetMsgkey": {"": "k"}, "DeliveryType": 1}, "3021"),
    ({"TargetMsgkey": {"u": ""}}, "3028"),
    ({"TargetMsgkey": {"u": 5}}, "3028"),
    ({"TargetMsgkey": {"u": "k", "v": "k"}}, "3028"),
    ({"TargetMsgkey": "not json"}, "3028"),
    ({"TargetMsgkey": ["u"]}, "3028"),
    ({"TargetMsgkey": {f"u{i}": f"k{i}" for i in range(11)}}, "3029"),
    ({"ExpiredSeconds": None}, "3020"),
    ({"ExpiredSeconds": "soon"}, "3020"),
    ({"ExpiredSeconds": 0}, "3020"),
    ({"ExpiredSeconds": -5}, "3020"),
    ({"PushStyle": None}, "3028"),
    ({"PushStyle": 3}, "3028"),
    ({"ExtendedParams": "[]"}, "3044"),
    ({"ExtendedParams": {f"k{i}": "v" for i in range(21)}}, "3035"),
    ({"ExtendedParams": {"taskId": "v"}}, "3044"),
    ({"StrategyType": 3}, "3028"),
    ({"StrategyType": "x"}, "3028"),
    ({"StrategyType": 1}, "3028"),
    ({"PushAction": 2}, "3028"),
    ({"Silent": 2}, "3028"),
    ({"NotifyType": "loud"}, "3028"),
    ({"Classification": "2"}, "3028"),
    ({"ThirdChannelCategory": {"hms": 9}}, "3028"),
    ({"NotifyLevel": "high"}, "3028"),
    ({"ImageUrls": "[1]"}, "3028"),
    ({"SmsStrategy": 1}, "3028"),
    ({**LIVE, "ActivityEvent": None}, "3028"),
    ({**LIVE, "ActivityContentState": "x"}, "3028"),
    ({**LIVE, "DismissalDate": "later"}, "3028"),
    ({"Content": "长" * 700}, "3050"),
]


@pytest.mark.parametrize(("changes", "code"), REFUSALS)
def test_a_refusal_has_its_code(client: Client, changes: dict[str, Any], code: str) -> None:
    answer = client.push(**changes)

    assert answer.status == 200
    assert answer.body["ResultCode"] == code
    assert answer.body["PushResult"]["Success"] is False
    assert answer.body["PushResult"]["ResultMsg"]
    assert client.tasks() == []


def test_everything_allowed_is_accepted(client: Client) -> None:
    answer = client.push(
        **LIVE,
        TargetMsgkey={f"u{i}": f"k{i}" for i in range(10)},
        ExtendedParams={f"k{i}": "v" for i in range(20)},
        ThirdChannelCategory={"hms": "9"},
        NotifyLevel={"oppo": "2"},
        SmsStrategy=1,
        SmsSignName="s",
        SmsTemplateCode="c",
        SmsTemplateParam="{}",
        TenantId="T",
        Unknown="ignored",
    )

    assert answer.body["ResultCode"] == "OK"


def test_an_immediate_push_is_delivered_and_not_listed(client: Client) -> None:
    answer = client.push(TargetMsgkey={"u1": "k1", "u2": "k2"}, Uri="https://example.com/")

    assert answer.body["PushResult"] == {"Success": True, "ResultMsg": "OK", "Data": ""}
    assert client.list()["TotalCount"] == 0
    delivered = client.deliveries()
    assert [(d["target"], d["message_key"]) for d in delivered] == [("u1", "k1"), ("u2", "k2")]
    assert delivered[0]["payload"]["Uri"] == "https://example.com/"
    assert delivered[0]["at"] == "2026-12-01T10:00:00+08:00"


def test_the_first_version_knows_no_schedule(client: Client) -> None:
    answer = client.push("2019-08-21", PushStyle=None, StrategyType=1)

    assert answer.body["PushResult"]["Data"] == ""
    assert len(client.deliveries()) == 1
    assert client.call("QueryPushSchedulerList", "2019-08-21").status == 404


@pytest.mark.parametrize("version", ["2020-07-10", "2020-10-28"])
def test_the_later_versions_schedule(client: Client, version: str) -> None:
    answer = client.push(version, StrategyType=1, StrategyContent={"fixedTime": NOW_MS + 1000})

    assert len(answer.body["PushResult"]["Data"]) == 32


@pytest.mark.parametrize(
    ("action", "version", "code"),
    [
        ("", "2020-10-28", "InvalidAction.NotFound"),
        ("pushSimple", "2020-10-28", "InvalidApi.NotFound"),
        ("PushSimple", "2018-01-01", "InvalidVersion"),
        ("PushSimple", "", "InvalidVersion"),
    ],
)
def test_unknown_operations(client: Client, action: str, version: str, code: str) -> None:
    answer = client.call(action, version)

    assert (answer.status, answer.body["Code"]) == (404, code)
    assert answer.body["RequestId"]
    assert code in answer.body["Recommend"]


def test_missing_parameters_can_be_the_gateways_business(client: Client) -> None:
    client.control("POST", "knobs", {"missing_params": "gateway"})

    answer = client.push(TaskName=None)

    assert (answer.status, answer.body["Code"]) == (400, "MissingParameter")


def test_optional_requirements(client: Client) -> None:
    client.control("POST", "knobs", {"require_task_name": "off", "require_push_style": False})

    assert client.push(TaskName=None, PushStyle=None).body["ResultCode"] == "OK"


def test_camel_case_parameters_are_behind_a_knob(client: Client) -> None:
    assert client.push(TaskName=None, taskName="t").body["ResultCode"] == "3019"

    client.control("POST", "knobs", {"camel_params": "on"})
    assert client.push(TaskName=None, taskName="t").body["ResultCode"] == "OK"


def test_bounds_behind_knobs(client: Client) -> None:
    client.control("POST", "knobs", {"expired_seconds_max": 100, "payload_bytes": 0})

    assert client.push(ExpiredSeconds=101).body["ResultCode"] == "3026"
    assert client.push(ExpiredSeconds=100, Content="x" * 5000).body["ResultCode"] == "OK"


@pytest.mark.parametrize(
    ("policy", "code", "tasks"), [("accept", "OK", 2), ("reject", "3028", 1), ("drop", "OK", 1)]
)
def test_a_message_key_again(client: Client, policy: str, code: str, tasks: int) -> None:
    client.control("POST", "knobs", {"duplicate_msgkey": policy})
    first = client.create()
    again = client.push(StrategyType=1, StrategyContent={"fixedTime": NOW_MS + 9000})

    assert again.body["ResultCode"] == code
    assert len(client.tasks()) == tasks
    if policy == "drop":
        assert again.body["PushResult"]["Data"] == first
    other = client.push(AppId="B")
    assert other.body["ResultCode"] == "OK"


def test_drop_keeps_the_new_targets(client: Client) -> None:
    client.control("POST", "knobs", {"duplicate_msgkey": "drop"})
    client.create()
    client.create(TargetMsgkey={"u1": "k1", "u2": "k2"})

    assert client.tasks()[1]["targets"] == {"u2": "k2"}


def test_the_answer_can_be_text(client: Client) -> None:
    client.control("POST", "knobs", {"result_shape": "string"})

    assert client.push().body["PushResult"] == '{"Success": true, "ResultMsg": "OK", "Data": ""}'


@pytest.mark.parametrize("body", [b"Title=%ff", b"Title=\xff\xfe", b"%ff=1"])
def test_anything_but_utf8(client: Client, body: bytes) -> None:
    signed = b"AccessKeyId=test&Signature=x&Action=PushSimple&Version=2020-10-28&"

    answer = client.send("POST", "/", signed + body, FORM)

    assert (answer.status, answer.body["ResultCode"]) == (200, "3031")
    assert client.requests()[-1]["code"] == "3031"


def test_a_lone_surrogate_inside_json(client: Client) -> None:
    assert client.push(TargetMsgkey='{"\\ud800": "k"}').body["ResultCode"] == "3028"


def test_a_get_carries_everything_in_the_query(client: Client) -> None:
    query = (
        "AccessKeyId=test&Signature=x&Action=PushSimple&Version=2020-10-28&AppId=A&WorkspaceId=w"
        "&TaskName=t&Title=T&Content=C&DeliveryType=3&TargetMsgkey=%7B%22u%22%3A%22k%22%7D"
        "&ExpiredSeconds=60&PushStyle=0"
    )

    assert client.send("GET", f"/?{query}").body["ResultCode"] == "OK"
