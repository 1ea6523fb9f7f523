"""What PushSimple refuses, with which code, and what it accepts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.sandbox.client import Client

LIVE = {"DeliveryType": 5, "ActivityEvent": "end", "ActivityContentState": {"a": 1}}
REFUSALS: list[tuple[dict[str, Any], str]] = [
    ({"AppId": ""}, "3003"),
    ({"WorkspaceId": "  "}, "3003"),
    ({"TaskName": None}, "3019"),
    ({"TaskName": ""}, "3019"),
    ({"Title": " "}, "3024"),
    ({"Content": ""}, "3024"),
    ({"DeliveryType": ""}, "3009"),
    ({"DeliveryType": 4}, "3009"),
    ({"DeliveryType": "three"}, "3009"),
    ({"TargetMsgkey": ""}, "3021"),
    ({"TargetMsgkey": {}}, "3021"),
    ({"TargetMsgkey": {"": "k"}}, "3012"),
    ({"TargetMsgkey": {"": "k"}, "DeliveryType": 1}, "3021"),
    ({"TargetMsgkey": {"u": ""}}, "3028"),
    ({"TargetMsgkey": {"u": 5}}, "3028"),
    ({"TargetMsgkey": {"u": "k", "v": "k"}}, "3028"),
    ({"TargetMsgkey": "not json"}, "3028"),
    ({"TargetMsgkey": ["u"]}, "3028"),
    ({"TargetMsgkey": {f"u{i}": f"k{i}" for i in range(11)}}, "3029"),
    ({"ExpiredSeconds": ""}, "3020"),
    ({"ExpiredSeconds": "soon"}, "3020"),
    ({"ExpiredSeconds": 0}, "3020"),
    ({"ExpiredSeconds": -5}, "3020"),
    ({"ExpiredSeconds": 10**9 + 1}, "3026"),
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
    message = answer.body["ResultMessage"]
    assert answer.body["PushResult"] == {"Success": False, "ResultMsg": message}
    assert answer.hint
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


def test_a_task_name_may_be_optional(client: Client) -> None:
    client.control("POST", "knobs", {"require_task_name": "off"})

    assert client.push(TaskName=None).body["ResultCode"] == "OK"


def test_what_the_first_sample_of_the_vendor_sends_is_accepted(client: Client) -> None:
    answer = client.push(
        TenantId="T",
        PushStyle=None,
        Silent=1,
        PushAction=0,
        Uri="https://example.com/",
        StrategyType=0,
        ExtendedParams={"a": "b"},
        NotifyType="notify",
    )

    assert answer.body["ResultCode"] == "OK"


def test_bounds_behind_knobs(client: Client) -> None:
    client.control("POST", "knobs", {"expired_seconds_max": 100, "payload_bytes": 0})

    assert client.push(ExpiredSeconds=101).body["ResultCode"] == "3026"
    assert client.push(ExpiredSeconds=100, Content="x" * 5000).body["ResultCode"] == "OK"
