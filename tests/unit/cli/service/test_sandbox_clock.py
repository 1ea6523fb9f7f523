"""What a sandbox's clock shows, asked in each way, and in words."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from unittest import mock

import pytest

from pushctl.cli.service.sandbox_clock import (
    SandboxClock,
    fields_of,
    line_of,
    of_address,
    of_data,
)
from pushctl.sandbox import Sandbox
from pushctl.time_zones import zone

NOW = "2026-12-01T09:00:00+08:00"
FROZEN = SandboxClock(1_796_086_800.0, 0.0)
SHANGHAI = zone("Asia/Shanghai")


@pytest.mark.parametrize(
    ("speed", "runs"), [(0, "stands still"), (1, "runs"), (3600, "runs at 3600 times real time")]
)
def test_it_is_said_in_one_line(speed: float, runs: str) -> None:
    shown = SandboxClock(FROZEN.now + 0.7, speed)
    assert line_of(shown, SHANGHAI) == (
        f"Sandbox clock: Tue 1 Dec 2026 09:00 Asia/Shanghai, {runs}.\n"
    )
    fields = {"now": NOW, "frozen": speed == 0, "speed": speed}
    assert fields_of(shown, SHANGHAI) == {"sandbox_clock": fields}


def test_of_a_service_nothing_is_said() -> None:
    assert (line_of(None, SHANGHAI), fields_of(None, SHANGHAI)) == ("", {})


def test_a_sandbox_tells_at_its_address_and_in_its_file(tmp_path: Path) -> None:
    data = tmp_path / "sand box?.db"
    with Sandbox(data, now=NOW) as sandbox:
        assert of_address(sandbox.url) == of_data(data) == FROZEN
    assert of_data(data) == FROZEN
    assert list(tmp_path.iterdir()) == [data]


def test_a_file_behind_a_link_or_with_a_clock_that_is_none_is_not_believed(tmp_path: Path) -> None:
    data = tmp_path / "sandbox.db"
    with Sandbox(data, now=NOW):
        pass
    (tmp_path / "link.db").symlink_to(data)
    (tmp_path / "folder").symlink_to(tmp_path)
    assert of_data(tmp_path / "link.db") is of_data(tmp_path / "folder" / "sandbox.db") is None
    for clock in ("[NaN, 0, 1]", "[1, 2, 3, 4]", "{", "[[], [], []]"):
        with contextlib.closing(sqlite3.connect(data)) as connection, connection:
            connection.execute("UPDATE meta SET value = ? WHERE key = 'clock'", (clock,))
        assert of_data(data) is None, clock


def test_a_file_that_is_none_tells_nothing(tmp_path: Path) -> None:
    (tmp_path / "other.db").write_text("not a database")
    for data in (tmp_path / "other.db", tmp_path / "absent.db"):
        assert of_data(data) is None
    assert not (tmp_path / "absent.db").exists()


@pytest.fixture
def other() -> Iterator[tuple[str, list[tuple[int, bytes]]]]:
    """The address of another emulator, and what it answers next."""
    answers: list[tuple[int, bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = answers.pop()
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        yield f"http://127.0.0.1:{server.server_port}", answers
        server.shutdown()


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, {"epoch": 5, "speed": 1}),
        (302, {}),
        (200, {"epoch": 5}),
        (200, {"epoch": None, "speed": 1}),
        (200, {"epoch": float("nan"), "speed": 1}),
        (200, {"epoch": 1e300, "speed": 1}),
        (200, {"epoch": 5, "speed": float("inf")}),
        (200, [1]),
        (200, "x"),
    ],
)
def test_another_emulator_without_that_page_has_no_clock(
    other: tuple[str, list[tuple[int, bytes]]], status: int, body: object
) -> None:
    address, answers = other
    answers.append((status, json.dumps(body).encode()))
    assert of_address(address) is None
    answers.append((200, b"{"))
    assert of_address(address) is None
    answers.append((200, b'{"epoch": 5, "speed": 1}'))
    assert of_address(address) == SandboxClock(5, 1)


@pytest.mark.parametrize("address", ["https://127.0.0.1:1", "http://127.0.0.1:1", "127.0.0.1", ""])
def test_who_is_not_there_or_speaks_otherwise_has_none(address: str) -> None:
    assert of_address(address) is None


@pytest.mark.parametrize(
    "address", ["http://mpaas.example", "http://127.0.0.1.example", "x.example"]
)
def test_nobody_on_another_machine_is_asked(address: str) -> None:
    with mock.patch("http.client.HTTPConnection", side_effect=AssertionError):
        assert of_address(address) is None
