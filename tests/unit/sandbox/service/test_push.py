"""Pushing at once and later, the quota, and message keys used before."""

from __future__ import annotations

import pytest

from tests.unit.sandbox.client import DAY_MS, MIDNIGHT_MS, NOW_MS, Client


def test_the_quota_counts_unexecuted_tasks(client: Client) -> None:
    client.control("POST", "knobs", {"quota.limit": 2})
    task_id = client.create()
    assert client.loop().body["ResultCode"] == "OK"

    full = client.loop()
    assert full.body["ResultCode"] == "3051"
    assert full.body["ResultMessage"] == "SCHEDULED_TASK_TOO_MUCH"
    assert client.push().body["ResultCode"] == "OK"
    client.create(WorkspaceId="other")
    client.cancel(task_id)
    client.create()
    assert client.loop().body["ResultCode"] == "3051"
    client.advance(3600)
    client.loop()
    assert len(client.tasks()) == 6


def test_the_quota_may_count_occurrences(client: Client) -> None:
    client.control("POST", "knobs", {"quota_limit": 10, "quota_counts": "occurrences"})

    assert client.loop().body["ResultCode"] == "OK"
    assert client.loop().body["ResultCode"] == "3051"
    client.advance(4 * 86_400)
    assert client.loop(startTime=MIDNIGHT_MS + 4 * DAY_MS).body["ResultCode"] == "OK"


def test_an_immediate_push_is_delivered_and_not_listed(client: Client) -> None:
    answer = client.push(TargetMsgkey={"u1": "k1", "u2": "k2"}, Uri="https://example.com/")

    assert answer.body["PushResult"] == {"Success": True, "ResultMsg": "OK", "Data": ""}
    assert client.list()["TotalCount"] == 0
    delivered = client.deliveries()
    assert [(d["target"], d["message_key"]) for d in delivered] == [("u1", "k1"), ("u2", "k2")]
    assert delivered[0]["payload"]["Uri"] == "https://example.com/"
    assert delivered[0]["at"] == "2026-12-01T10:00:00+08:00"


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
