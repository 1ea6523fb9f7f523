"""What template pushes, batches and broadcasts say to whom, and what of them is refused."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.sandbox.client import NOW_MS, Client, push_params

LATER = {"StrategyType": 1, "StrategyContent": {"fixedTime": NOW_MS + 3_600_000}}
ANNE = {"Target": "anne", "MsgKey": "k1", "TemplateKeyValue": '{"name": "Anne"}'}
BORIS = {"Target": "boris", "MsgKey": "k2", "TemplateKeyValue": '{"name": "Boris"}'}


@pytest.fixture(autouse=True)
def with_template(client: Client) -> None:
    client.template(Uri="app://#name#", PushStyle=1, ShowStyle=1, JumpAction=1)


def by_template(client: Client, action: str = "PushTemplate", **changes: Any) -> dict[str, Any]:
    values = {"TemplateName": "T", "TemplateKeyValue": {"name": "Anne"}}
    params = push_params(**{"Title": None, "Content": None, "PushStyle": None, **values, **changes})
    return dict(client.call(action, **params).body)


def broadcast(client: Client, **changes: Any) -> dict[str, Any]:
    default = {"DeliveryType": 1, "Msgkey": "k", "BindPeriod": 4, "TargetMsgkey": None}
    return by_template(client, "PushBroadcast", **{**default, **changes})


def test_a_template_push_says_the_same_to_all(client: Client) -> None:
    body = by_template(client, TargetMsgkey={"u1": "k1", "u2": "k2"}, PushAction=0)

    assert body["PushResult"] == {"Success": True, "ResultMsg": "OK", "Data": ""}
    first, second = client.deliveries()
    assert (first["title"], first["content"]) == ("Hello Anne", "Content")
    assert (second["title"], second["target"]) == ("Hello Anne", "u2")
    said = {"Title": "Hello Anne", "Uri": "app://Anne", "PushStyle": "1", "Silent": "1"}
    assert first["payload"].items() >= said.items()
    assert first["payload"]["PushAction"] == "0", "the push wins over its template"


def test_a_batch_says_something_else_to_each(client: Client) -> None:
    inner = {"ExtendedParams": '{"b": "2", "c": "3"}'}
    answer = client.batch(ANNE, {**BORIS, **inner}, ExtendedParams={"a": "1", "b": "1"})

    assert answer.body["ResultCode"] == "OK"
    first, second = client.deliveries()
    assert (first["title"], first["message_key"], first["target"]) == ("Hello Anne", "k1", "anne")
    assert (second["title"], second["payload"]["Uri"]) == ("Hello Boris", "app://Boris")
    assert first["payload"]["ExtendedParams"] == {"a": "1", "b": "1"}
    assert second["payload"]["ExtendedParams"] == {"a": "1", "b": "2", "c": "3"}
    assert "TargetMsg" not in first["payload"]


def test_a_batch_takes_a_hundred_targets(client: Client) -> None:
    targets = [{**ANNE, "Target": f"u{n}", "MsgKey": f"k{n}"} for n in range(101)]

    assert client.batch(*targets).body["ResultCode"] == "3029"
    assert client.batch(*targets[:100]).body["ResultCode"] == "OK"
    assert len(client.deliveries()) == 100


def test_they_are_scheduled_listed_by_kind_and_cancelled(client: Client) -> None:
    client.create()
    by_template(client, **LATER)
    batch = client.batch(ANNE, BORIS, **LATER).body["PushResult"]["Data"]
    broadcast(client, **LATER)

    rows = [client.list(Type=kind)["List"] for kind in range(4)]
    assert [[row["Type"] for row in found] for found in rows] == [[0], [1], [2], [3]]
    assert [found[0]["PushTitle"] for found in rows] == [
        *("Title", "Hello Anne", "Hello #name#", "Hello Anne"),
    ]
    assert client.list()["TotalCount"] == 4
    kinds = [task["kind"] for task in client.tasks()]
    assert kinds == ["simple", "template", "batch", "broadcast"]
    assert client.cancel(batch) == {batch: 1}
    client.advance(3600)
    assert [row["title"] for row in client.deliveries()] == ["Title", "Hello Anne"]


def test_deleting_a_template_changes_nothing_that_waits(client: Client) -> None:
    client.batch(ANNE, **LATER)
    client.call("DeleteTemplate", AppId="A", WorkspaceId="w", TemplateName="T")
    client.advance(3600)

    assert [row["title"] for row in client.deliveries()] == ["Hello Anne"]


def test_a_broadcast_reaches_nobody_where_no_phone_is_known(client: Client) -> None:
    assert broadcast(client)["ResultCode"] == "OK"
    assert client.deliveries() == []


def test_the_quota_counts_every_kind(client: Client) -> None:
    client.control("POST", "knobs", {"quota.limit": 3})
    client.create()
    by_template(client, **LATER)
    client.batch(ANNE, **LATER)

    assert broadcast(client, **LATER)["ResultCode"] == "3051"


@pytest.mark.parametrize("kind", ["template", "batch", "broadcast"])
def test_a_message_key_of_any_kind_was_used_before(client: Client, kind: str) -> None:
    client.control("POST", "knobs", {"duplicate_msgkey": "reject"})

    def again() -> object:
        if kind == "template":
            return by_template(client, TargetMsgkey={"u": "k"}, **LATER)["ResultCode"]
        if kind == "broadcast":
            return broadcast(client, **LATER)["ResultCode"]
        return client.batch({**ANNE, "MsgKey": "k"}, **LATER).body["ResultCode"]

    assert [again(), again()] == ["OK", "3028"]
    assert client.push(TargetMsgkey={"u": "k"}).body["ResultCode"] == "3028"


def test_a_batch_drops_the_targets_whose_key_was_used_before(client: Client) -> None:
    client.control("POST", "knobs", {"duplicate_msgkey": "drop"})
    client.batch(ANNE)
    client.batch(ANNE, BORIS)

    assert [row["title"] for row in client.deliveries()] == ["Hello Anne", "Hello Boris"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"TemplateName": ""}, "3025"),
        ({"TemplateName": "none"}, "3022"),
        ({"WorkspaceId": "x"}, "3022"),
        ({"TemplateKeyValue": {}}, "3023"),
        ({"TemplateKeyValue": "Anne"}, "3028"),
        ({"TaskName": ""}, "3019"),
        ({"ExpiredSeconds": 0}, "3020"),
        ({"TargetMsgkey": {f"u{n}": f"k{n}" for n in range(11)}}, "3029"),
        ({"ExtendedParams": {"taskId": "1"}}, "3044"),
        ({"TemplateKeyValue": {"name": "长" * 700}}, "3050"),
    ],
)
def test_a_refused_template_push(client: Client, changes: dict[str, Any], code: str) -> None:
    assert by_template(client, **changes)["ResultCode"] == code
    assert client.tasks() == []


@pytest.mark.parametrize(
    ("second", "code"),
    [
        ({"Target": "anne"}, "3028"),
        ({"MsgKey": "k1"}, "3028"),
        ({"MsgKey": ""}, "3028"),
        ({"Target": " "}, "3012"),
        ({"TemplateKeyValue": "{}"}, "3023"),
        ({"ExtendedParams": "[]"}, "3044"),
        ({"ExtendedParams": '{"silent": 1}'}, "3044"),
        ({"ExtendedParams": str({f"k{n}": 1 for n in range(10)}).replace("'", '"')}, "3049"),
        ({"ExtendedParams": str({f"k{n}": 1 for n in range(9)}).replace("'", '"')}, "OK"),
        ({"TemplateKeyValue": '{"name": "%s"}' % ("长" * 700)}, "3050"),
        ({"TemplateKeyValue": '{"name": "\\ud800"}'}, "3028"),
    ],
)
def test_a_refused_target_of_a_batch(client: Client, second: dict[str, str], code: str) -> None:
    assert client.batch(ANNE, {**BORIS, **second}).body["ResultCode"] == code
    assert len(client.deliveries()) == (2 if code == "OK" else 0)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"TargetMsg": ""}, "3021"),
        ({"TargetMsg": "anne"}, "3028"),
        ({"TargetMsg.1": "anne"}, "3028"),
        ({"TargetMsg.2.Target": "anne"}, "3028"),
        ({"TargetMsg.1.Target": "anne", "DeliveryType": 5}, "3009"),
    ],
)
def test_a_batch_that_cannot_be_read(client: Client, changes: dict[str, Any], code: str) -> None:
    assert client.batch(**changes).body["ResultCode"] == code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"DeliveryType": 3}, "3030"),
        ({"DeliveryType": 5}, "3030"),
        ({"DeliveryType": 4}, "3009"),
        ({"Msgkey": ""}, "3028"),
        ({"PushStatus": 3}, "3028"),
        ({"BindPeriod": None}, "3028"),
        ({"BindPeriod": 5}, "3028"),
        ({"PushStatus": 2}, "3028"),
        ({"PushStatus": 2, "UnBindPeriod": 1}, "OK"),
        ({"AndroidChannel": 3}, "3028"),
        ({"TimeMode": 1}, "3028"),
        ({"DeliveryType": 7}, "OK"),
    ],
)
def test_a_refused_broadcast(client: Client, changes: dict[str, Any], code: str) -> None:
    assert broadcast(client, **changes)["ResultCode"] == code


def test_a_bind_period_may_be_optional(client: Client) -> None:
    client.control("POST", "knobs", {"require_bind_period": "off"})
    assert broadcast(client, BindPeriod=None)["ResultCode"] == "OK"
