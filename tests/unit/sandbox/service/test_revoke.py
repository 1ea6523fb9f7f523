"""Withdrawing what was delivered."""

from __future__ import annotations

import pytest

from tests.unit.sandbox.client import Client, push_params

SCOPE = {"AppId": "A", "WorkspaceId": "w"}
WEEK = 7 * 86_400
ANNE = {"Target": "anne", "MsgKey": "a"}
BORIS = {"Target": "boris", "MsgKey": "b"}


def revoke(client: Client, message: str, target: str, **scope: str) -> str:
    sent = {**SCOPE, "MessageId": message, "TargetId": target, **scope}
    return str(client.call("RevokePushMessage", **sent).body["ResultCode"])


def revoke_task(client: Client, number: object, **scope: str) -> str:
    answer = client.call("RevokePushTask", **{**SCOPE, "TaskId": number, **scope})
    return str(answer.body["ResultCode"])


def number_of(client: Client) -> str:
    answer = client.call("QueryPushAnalysisTaskList", **SCOPE, StartTime=0)
    return str(answer.body["ResultContent"]["Data"][0]["TaskId"])


def revoked(client: Client) -> list[bool]:
    return [row["revoked"] is not None for row in client.deliveries()]


def test_a_message_within_seven_days(client: Client) -> None:
    client.create()
    assert revoke(client, "k1", "u1") == "3028"
    client.advance(3600)
    assert revoke(client, "k1", "u2") == "3028"
    assert revoke(client, "k1", "u1", WorkspaceId="x") == "3028"
    assert revoke(client, "k1", "u1") == "OK"
    assert client.deliveries()[0]["revoked"] == "2026-12-01T11:00:00+08:00"
    client.advance(WEEK + 1)
    assert revoke(client, "k1", "u1") == "3028"
    assert revoke(client, "", "u1") == "3028"


def test_a_message_of_a_template_push_but_of_no_batch(client: Client) -> None:
    client.template(Title="Hello")
    nothing = dict.fromkeys(("Title", "Content"))
    client.call("PushTemplate", **push_params(**nothing, TemplateName="T"))
    client.batch(ANNE)

    assert revoke(client, "k1", "u1") == "OK"
    assert revoke(client, "a", "anne") == "3028"
    assert revoked(client) == [True, False]


def test_a_batch_within_seven_days(client: Client) -> None:
    client.template(Title="Hello")
    client.push()
    client.batch(ANNE, BORIS)
    number = number_of(client)

    assert revoke_task(client, number, AppId="B") == "3028"
    assert revoked(client) == [False] * 3
    client.advance(WEEK)
    assert revoke_task(client, number) == "OK"
    assert revoked(client) == [False, True, True]
    client.advance(1)
    assert revoke_task(client, number) == "3028"


@pytest.mark.parametrize("number", ["1", "99", "all", ""])
def test_only_numbers_of_batches_and_broadcasts(client: Client, number: str) -> None:
    client.push()
    assert revoke_task(client, number) == "3028"
    assert revoked(client) == [False]
