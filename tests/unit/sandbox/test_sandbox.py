"""Starting and stopping, paths, and what a mistake of its own looks like."""

from __future__ import annotations

import contextlib
import http.client
import socket

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


def listening_on(sandbox: Sandbox) -> object:
    assert sandbox._server is not None
    return sandbox._server.socket.getsockname()[0]


def test_it_listens_for_this_machine_alone_unless_told(sandbox: Sandbox) -> None:
    assert listening_on(sandbox) == "127.0.0.1"


def test_listening_on_every_address() -> None:
    with Sandbox(host="0.0.0.0", hosts=["push.test"]) as sandbox:
        assert listening_on(sandbox) == "0.0.0.0"
        assert sandbox.url.startswith("http://127.0.0.1:")
        client = Client(sandbox.url)
        assert client.push().body["ResultCode"] == "OK"
        for name, status in (("push.test", 400), ("evil.example", 403)):
            assert client.send("POST", "/", b"", {"Host": name}).status == status
        client.close()


def has_ipv6() -> bool:
    with contextlib.suppress(OSError), socket.create_server(("::1", 0), family=socket.AF_INET6):
        return True
    return False


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no ::1")
def test_listening_on_the_other_protocol() -> None:
    with Sandbox(host="::1") as sandbox:
        assert sandbox.url.startswith("http://[::1]:")
        connection = http.client.HTTPConnection("::1", int(sandbox.url.rsplit(":", 1)[1]))
        connection.request("GET", "/_sandbox/clock")
        assert connection.getresponse().status == 200
        connection.close()
