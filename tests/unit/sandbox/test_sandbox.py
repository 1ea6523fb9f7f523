"""Starting and stopping, paths, and what a mistake of its own looks like."""

from __future__ import annotations

import pytest

from pushctl.sandbox import Sandbox
from tests.unit.sandbox.client import Client


def test_other_paths(client: Client) -> None:
    assert client.send("POST", "/v1/push", b"x").status == 404
    assert client.send("GET", "/favicon.ico").status == 404
    assert client.send("GET", "/_sandbox").status == 404


def test_an_unexpected_mistake_is_an_answer(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pushctl.sandbox.service.parameters.parse_task", lambda *_: 1 // 0)

    answer = client.push()

    assert (answer.status, answer.body["Code"]) == (500, "Sandbox.Bug")
    assert "ZeroDivisionError" in answer.body["Message"]
    assert client.requests() == []


def test_life_of_the_object() -> None:
    sandbox = Sandbox()
    with pytest.raises(RuntimeError):
        _ = sandbox.url
    sandbox.start()
    with pytest.raises(RuntimeError):
        sandbox.start()
    client = Client(sandbox.url)
    client.push()
    sandbox.close()
    sandbox.close()
    with pytest.raises(ConnectionError):
        client.push()
    client.close()
    with sandbox:
        assert Client(sandbox.url).tasks() == []


def test_a_taken_port_is_an_error(sandbox: Sandbox) -> None:
    port = int(sandbox.url.rsplit(":", 1)[1])

    with pytest.raises(OSError, match="in use"):
        Sandbox(port=port).start()
