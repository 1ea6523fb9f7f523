"""What the phones show."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.sandbox.client import NOW, NOW_MS, Client


def inbox(client: Client, query: str = "") -> Any:
    return client.control("GET", f"inbox?{query}")


def test_without_a_seed_one_unnamed_phone_shows_everything(client: Client) -> None:
    client.push(TaskName="greeting")

    page = inbox(client)
    (message,) = page["messages"]
    payload = message.pop("payload")
    task_id = message.pop("task_id")
    assert (page["total"], page["next"]) == (1, None)
    assert payload["Title"] == "Title"
    assert task_id == client.deliveries()[0]["task_id"]
    (delivery,) = client.deliveries()
    for name in ("target", "due", "due_ms", "strategy_type", "occurrence_id", "revoked_ms"):
        assert message.pop(name) == delivery[name], "what a row of deliveries has, too"
    assert message == {
        "id": message["id"],
        "delivery": 1,
        "at": NOW,
        "at_ms": NOW_MS,
        "user": "u1",
        "device": None,
        "vendor": None,
        "system": None,
        "outcome": "shown",
        "rule": None,
        "until": None,
        "revoked": None,
        "channel": "push",
        "segments": None,
        "title": "Title",
        "content": "Content",
        "task_name": "greeting",
        "app": "A",
        "workspace": "w",
        "message_key": "k1",
        "delivery_type": 3,
    }


def test_pages_follow_each_other_without_gaps(client: Client) -> None:
    for number in range(7):
        client.push(TargetMsgkey={f"u{number}": "k"})

    seen, before = [], ""
    while True:
        page = inbox(client, f"limit=3{before}")
        assert page["total"] == 7
        seen += [message["user"] for message in page["messages"]]
        if page["next"] is None:
            break
        before = f"&before={page['next']}"
    assert seen == [f"u{number}" for number in range(6, -1, -1)]
    client.control("GET", "inbox?limit=x", status=400)


def test_a_withdrawn_message_says_when(client: Client) -> None:
    client.push()
    client.call("RevokePushMessage", AppId="A", WorkspaceId="w", MessageId="k1", TargetId="u1")

    (message,) = inbox(client)["messages"]
    assert (message["outcome"], message["rule"]) == ("revoked", f"withdrawn at {NOW}")
    assert inbox(client, "q=is:revoked")["total"] == 1
    assert inbox(client, "q=is:shown")["total"] == 0


@pytest.mark.parametrize("q", ["is:nonsense", "after:yesterday", "before:2026-13-01"])
def test_a_search_that_means_nothing_is_refused(client: Client, q: str) -> None:
    assert "error" in client.control("GET", f"inbox?q={q}", status=400)
