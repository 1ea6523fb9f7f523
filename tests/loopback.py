"""A server on this machine that misbehaves on demand, below the level of HTTP where need be."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import pytest


@dataclass(frozen=True)
class Request:
    """One request as it came in."""

    line: str
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        pairs = parse_qs(self.body.decode(), keep_blank_values=True)
        return {key: values[0] for key, values in pairs.items()}


Behaviour = Callable[[socket.socket, Request], None]


@dataclass
class Loopback:
    """Answers each request with what `behaviour` does; keeps what it got."""

    behaviour: Behaviour
    port: int = 0
    requests: list[Request] = field(default_factory=list)
    connections: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def reply(
    body: Any = "", status: int = 200, headers: dict[str, str] | None = None, cut: int = 0
) -> Behaviour:
    """Answer properly; `cut` bytes at the end are promised and not sent."""
    raw = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else None
    raw = json.dumps(body).encode() if raw is None else raw
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(raw)}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    head = "\r\n".join(lines).encode() + b"\r\n\r\n"

    def behave(connection: socket.socket, request: Request) -> None:
        connection.sendall(head + raw[: len(raw) - cut])

    return behave


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """Behave differently each time; the last one stays."""
    left = list(behaviours)

    def behave(connection: socket.socket, request: Request) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(connection, request)

    return behave


def hang_up(connection: socket.socket, request: Request) -> None:
    """Close without an answer."""


def reset(connection: socket.socket, request: Request) -> None:
    """Abort the connection: the other side sees a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def silence(connection: socket.socket, request: Request) -> None:
    """Say nothing until the other side has given up."""
    connection.settimeout(5)
    connection.recv(1)


@contextmanager
def loopback(behaviour: Behaviour) -> Iterator[Loopback]:
    """Run a server for as long as the block lasts."""
    server = Loopback(behaviour)
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    server.port = listener.getsockname()[1]
    workers: list[threading.Thread] = []

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            server.connections += 1
            worker = threading.Thread(target=_serve, args=(connection, server))
            workers.append(worker)
            worker.start()

    acceptor = threading.Thread(target=accept)
    acceptor.start()
    try:
        yield server
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        acceptor.join()
        for worker in workers:
            worker.join()


def _serve(connection: socket.socket, server: Loopback) -> None:
    with connection:
        request = _read(connection)
        if request is not None:
            server.requests.append(request)
            server.behaviour(connection, request)


def _read(connection: socket.socket) -> Request | None:
    data = b""
    while b"\r\n\r\n" not in data:
        part = connection.recv(65536)
        if not part:
            return None
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    line, *rest = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, _, value in (item.partition(": ") for item in rest)}
    while len(body) < int(headers.get("content-length", 0)):
        part = connection.recv(65536)
        if not part:
            return None
        body += part
    return Request(line, headers, body)


IMPATIENT = {"connect_timeout": 0.2, "read_timeout": 0.2}


def patience(behaviour: Behaviour) -> dict[str, float]:
    """Wait briefly for what never comes, and long enough on a busy machine for what does."""
    return IMPATIENT if behaviour is silence else {}


Serving = Callable[[Behaviour], Loopback]


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "NO_PROXY",
        "REQUESTS_CA_BUNDLE",
        "DEBUG",
    ):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def serving() -> Iterator[Callable[[Behaviour], Loopback]]:
    """Start a server that ends with the test."""
    open_servers = []

    def start(behaviour: Behaviour) -> Loopback:
        context = loopback(behaviour)
        open_servers.append(context)
        return context.__enter__()

    yield start
    for context in open_servers:
        context.__exit__(None, None, None)
