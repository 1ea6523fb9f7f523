"""The proxy itself, in front of a server that notes what it got and says it in capitals."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from tests.servers.proxy import Proxy, proxy

BIG = b"x" * 1_000_000


@pytest.fixture
def got() -> list[bytes]:
    return []


@pytest.fixture
def way(got: list[bytes]) -> Iterator[Proxy]:
    def serve(connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as lines:
            for line in lines:
                got.append(line.strip())
                connection.sendall(line.upper())

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threads.append(threading.Thread(target=serve, args=(connection,)))
            threads[-1].start()

    listener = socket.create_server(("127.0.0.1", 0))
    threads = [threading.Thread(target=accept)]
    threads[0].start()
    with proxy(listener.getsockname()[1]) as server:
        yield server
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    for thread in threads:
        thread.join()


class Client:
    def __init__(self, way: Proxy) -> None:
        self.connection = socket.create_connection(("127.0.0.1", way.port), timeout=5)
        self.lines = self.connection.makefile("rb")

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *error: object) -> None:
        self.lines.close()
        self.connection.close()

    def send(self, text: bytes) -> None:
        self.connection.sendall(text + b"\n")

    def ask(self, text: bytes) -> bytes:
        self.send(text)
        return self.answer()

    def answer(self) -> bytes:
        """Return the answer; nothing if the connection has ended."""
        try:
            return self.lines.readline().strip()
        except ConnectionError:
            return b""


def test_it_passes_on_what_it_gets(way: Proxy, got: list[bytes]) -> None:
    with Client(way) as one, Client(way) as other:
        assert [one.ask(b"a"), other.ask(b"b"), one.ask(BIG)] == [b"A", b"B", BIG.upper()]
    assert got == [b"a", b"b", BIG]
    assert (way.requests, way.connections) == (3, 2)


def test_a_lost_request_does_not_arrive(way: Proxy, got: list[bytes]) -> None:
    way.lose_requests(containing=b"this")
    with Client(way) as one, Client(way) as other:
        assert [one.ask(b"other"), one.ask(b"this"), other.ask(b"this")] == [b"OTHER", b"", b"THIS"]
    assert got == [b"other", b"this"]


def test_a_lost_answer_is_to_a_request_that_arrived(way: Proxy, got: list[bytes]) -> None:
    way.lose_answers(2)
    for text, answer in (b"a", b""), (BIG, b""), (b"c", b"C"):
        with Client(way) as client:
            assert client.ask(text) == answer
    assert got == [b"a", BIG, b"c"]


def test_what_is_held_arrives_later_or_never(way: Proxy, got: list[bytes]) -> None:
    with Client(way) as client:
        assert client.ask(b"a") == b"A"
        way.hold()
        client.send(b"b")
        way.resume()
        assert client.answer() == b"B"
    with Client(way) as client:
        assert client.ask(b"c") == b"C"
        way.hold()
        client.send(b"d")
        way.cut()
        way.resume()
        assert client.answer() == b""
    assert got == [b"a", b"b", b"c"]


def test_it_refuses_until_it_accepts_again(way: Proxy) -> None:
    with Client(way) as client:
        assert client.ask(b"a") == b"A"
        way.refuse()
        assert client.answer() == b""
    with pytest.raises(ConnectionRefusedError):
        Client(way)
    way.accept()
    with Client(way) as client:
        assert client.ask(b"b") == b"B"


def test_each_request_waits(way: Proxy) -> None:
    way.delay = 0.05
    with Client(way) as client:
        began = time.monotonic()
        assert [client.ask(b"a"), client.ask(b"b")] == [b"A", b"B"]
        assert time.monotonic() - began >= 0.1
