"""The control API: who may use it, what it shows, and tasks made by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from pushctl.sandbox import Sandbox
from tests.unit.sandbox.client import NOW, NOW_MS, Client, push_params


def test_a_person_creates_and_cancels(client: Client) -> None:
    schedule = {"StrategyType": 1, "StrategyContent": {"fixedTime": NOW_MS + 1000}}
    created = client.control("POST", "tasks", push_params(**schedule))
    as_text = {"TargetMsgkey": '{"u":"k"}', "StrategyContent": '{"fixedTime": 1}'}
    refused = client.control("POST", "tasks", {**push_params(**schedule), **as_text}, status=422)

    assert "past" in refused["error"]
    assert client.list()["List"][0]["CreateType"] == 1
    assert client.tasks()[0]["created_by"] == "console"
    page = f"tasks/{created['id']}/cancel"
    assert client.control("POST", page) == {"cancelled": 1}
    client.control("POST", page, status=409)
    client.control("POST", f"tasks/{'0' * 32}/cancel", status=404)
    assert client.tasks()[0]["status"] == "cancelled"


def test_a_person_cancels_one_occurrence(client: Client) -> None:
    client.loop()
    child = client.tasks()[0]["occurrences"][0]["id"]

    assert client.control("POST", f"tasks/{child}/cancel") == {"cancelled": 1}
    assert client.list()["TotalCount"] == 6


def test_reset_keeps_the_clock_and_the_knobs(client: Client) -> None:
    client.control("POST", "knobs", {"quota.limit": 7})
    client.fault("http-500")
    client.push()
    client.advance(60)
    client.control("POST", "reset")

    assert client.tasks() == client.deliveries() == client.requests() == []
    assert client.control("GET", "faults") == {"faults": []}
    assert client.control("GET", "knobs")["knobs"]["quota.limit"] == 7
    assert client.control("GET", "clock")["now"] == "2026-12-01T10:01:00+08:00"


def test_unknown_pages_and_methods(client: Client) -> None:
    assert "clock" in client.control("GET", "nothing", status=404)["error"]
    client.control("DELETE", "clock", status=405)
    client.control("POST", "tasks/../reset", status=404)
    assert set(client.control("GET", "")["pages"]) >= {"clock", "tasks", "faults"}


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b"5", b"\xff", b"[" * 200_000, b'{"a": "\\ud800"}', b'{"a": 1e999}']
)
def test_bodies_that_are_not_objects(client: Client, body: bytes) -> None:
    assert client.send("POST", "/_sandbox/knobs", body).status == 400
    assert client.send("POST", "/_sandbox/tasks", body).status == 400


@pytest.mark.parametrize(
    "body",
    [
        b'{"AppId": {}, "WorkspaceId": []}',
        b'{"AppId": "A", "WorkspaceId": "w", "TaskName": true}',
    ],
)
def test_odd_tasks_at_the_console(client: Client, body: bytes) -> None:
    assert client.send("POST", "/_sandbox/tasks", body).status == 422


def test_a_whole_reset_returns_to_what_it_was_started_with(tmp_path: Path) -> None:
    seed = tmp_path / "seed.yaml"
    seed.write_text("apps: [S/w]\nusers: {u: [{id: red, vendor: vivo}]}")
    with Sandbox(now=NOW, seed=seed, apps=["A/w", "B"], month31="last") as sandbox:
        client = Client(sandbox.url)
        client.push(TargetMsgkey={"u": "k"})
        client.control("POST", "knobs", {"month31": "error", "quota.limit": 3})
        client.control("POST", "apps", {"apps": ["C"]})
        client.control("POST", "clock", {"set": "2026-12-24T20:00", "speed": 60})
        client.control("POST", "reset", {"all": True})
        clock = client.control("GET", "clock")
        assert (clock["now"], clock["frozen"], client.tasks()) == (NOW, True, [])
        knobs = client.control("GET", "knobs")["knobs"]
        assert (knobs["month31"], knobs["quota.limit"]) == ("last", 100)
        assert client.control("GET", "apps")["apps"] == ["A/w", "B", "S/w"]
        client.push(TargetMsgkey={"u": "k"})
        assert client.control("GET", "inbox")["messages"][0]["device"] == "red"


def test_a_whole_reset_of_one_that_was_told_nothing_lets_the_clock_run(tmp_path: Path) -> None:
    with Sandbox(tmp_path / "sandbox.db", now=NOW, month31="last"):
        pass
    with Sandbox(tmp_path / "sandbox.db") as sandbox:
        client = Client(sandbox.url)
        client.control("POST", "reset", {"all": True})
        assert client.control("GET", "knobs")["knobs"]["month31"] == "skip"
        assert client.control("GET", "clock")["frozen"] is False
