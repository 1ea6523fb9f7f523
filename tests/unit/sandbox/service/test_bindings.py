"""Phones that report themselves, log users in and out, and are asked for."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.sandbox.client import Client, push_params

SCOPE = {"AppId": "A", "WorkspaceId": "w"}


def call(client: Client, action: str, **params: Any) -> str:
    answer = client.call(action, **{**SCOPE, "DeliveryToken": "t1", "OsType": 1, **params})
    return str(answer.body["ResultCode"])


def state(client: Client, target: str, kind: int = 1) -> dict[str, Any]:
    answer = client.call("PushQueryDeviceState", **SCOPE, Target=target, TargetType=kind)
    return dict(answer.body)


def inbox(client: Client) -> list[tuple[str, str, str | None]]:
    messages = client.control("GET", "inbox")["messages"]
    return [(m["user"], m["outcome"], m["device"]) for m in reversed(messages)]


def test_a_phone_becomes_known(client: Client) -> None:
    assert call(client, "PushReport", ThirdChannel=8, Model="X100") == "OK"
    assert call(client, "PushBind", UserId="u1", PhoneNumber="13800000000") == "OK"

    answer = state(client, "u1", 2)
    assert (answer["Success"], answer["Code"], answer["Message"]) == (True, "100", "SUCCESS")
    assert answer["Data"] == {
        "UserId": "u1",
        "DeviceId": "t1",
        "DeliveryToken": "t1",
        "ThirdToken": "",
        "Platform": "android",
        "Manufacturer": "vivo",
        "Statue": "ONLINE",
    }
    assert state(client, "t1")["Data"] == answer["Data"]
    client.push(TargetMsgkey={"u1": "k"}, Title="x" * 41)
    assert inbox(client) == [("u1", "rejected", "t1")]


@pytest.mark.parametrize(
    ("os", "platform", "manufacturer"),
    [(2, "ios", "unknown"), (7, "harmonyos", "unknown")],
)
def test_platforms(client: Client, os: int, platform: str, manufacturer: str) -> None:
    call(client, "PushReport", OsType=os)

    data = state(client, "t1")["Data"]
    assert (data["Platform"], data["Manufacturer"], data["Statue"]) == (
        *(platform, manufacturer, "UNKNOW"),
    )


def test_who_logs_out_gets_nothing_there(client: Client) -> None:
    call(client, "PushBind", UserId="u1")
    call(client, "PushBind", UserId="u2", DeliveryToken="t2")
    assert call(client, "PushUnBind", UserId="u1") == "OK"
    assert call(client, "PushUnBind", UserId="u1") == "3028"
    assert call(client, "PushUnBind", UserId="u1", DeliveryToken="t2") == "3028"
    assert state(client, "t1")["Data"]["UserId"] == ""
    assert state(client, "u1", 2)["Code"] == "3028"
    assert state(client, "u2", 2)["Data"]["DeviceId"] == "t2"


def test_a_broadcast_reaches_who_is_logged_in_or_who_is_not(client: Client) -> None:
    for number in (1, 2, 3):
        call(client, "PushBind", UserId=f"u{number}", DeliveryToken=f"t{number}")
    call(client, "PushBind", UserId="u4", DeliveryToken="t4", OsType=2)
    call(client, "PushUnBind", UserId="u3", DeliveryToken="t3")
    client.template(Title="Hello")
    nothing = dict.fromkeys(("Title", "Content", "TargetMsgkey"))

    def reached(status: int) -> list[tuple[str, str]]:
        before = len(client.deliveries())
        period = {"BindPeriod": 4, "UnBindPeriod": 4, "PushStatus": status}
        params = push_params(
            **nothing, **period, TemplateName="T", DeliveryType=1, Msgkey=f"k{status}"
        )
        assert client.call("PushBroadcast", **params).body["ResultCode"] == "OK"
        return [(row["target"], row["message_key"]) for row in client.deliveries()[before:]]

    assert reached(0) == [("t1", "k0"), ("t2", "k0")]
    assert reached(1) == [("t1", "k1"), ("t2", "k1"), ("t3", "k1")]
    assert reached(2) == [("t3", "k2")]
    assert inbox(client)[-1] == ("t3", "shown", "t3")


@pytest.mark.parametrize(
    ("action", "changes", "code"),
    [
        ("PushBind", {"UserId": "u", "DeliveryToken": ""}, "3001"),
        ("PushBind", {"UserId": " "}, "3012"),
        ("PushBind", {"UserId": "u", "OsType": 4}, "3008"),
        ("PushBind", {"UserId": "u", "OsType": "x"}, "3008"),
        ("PushUnBind", {"UserId": ""}, "3012"),
        ("PushReport", {"ThirdChannel": 3}, "3028"),
        ("PushReport", {"DeliveryToken": " "}, "3001"),
    ],
)
def test_what_is_refused(client: Client, action: str, changes: dict[str, Any], code: str) -> None:
    assert call(client, action, **changes) == code
    assert state(client, "t1")["Code"] == "3028"


@pytest.mark.parametrize(("target", "kind"), [("", 1), ("t1", 3), ("t1", 0), ("nobody", 2)])
def test_a_state_that_cannot_be_told(client: Client, target: str, kind: int) -> None:
    refused = state(client, target, kind)
    assert set(refused) == {"RequestId", "Success", "Code", "Message"}
    assert (refused["Success"], refused["Code"]) == (False, "3028")
