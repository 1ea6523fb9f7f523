"""Malformed, hostile and unusual HTTP."""

from __future__ import annotations

import threading
import time

import pytest

from pushctl.sandbox import Sandbox
from tests.unit.sandbox.client import Client

HEAD = b"POST / HTTP/1.1\r\nHost: localhost\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


def status(raw: bytes) -> int:
    return int(raw.split(b" ", 2)[1]) if raw else 0


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
        (b"hello\r\n\r\n", 400),
        (b"GET  / HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
        (b"G(T / HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 200 + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\nA: " + b"b" * 66_000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nA : b\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nA: b\r\n folded\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nA: b\x00\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", 403),
        (b"GET / HTTP/1.1\r\nHost: localhost", 400),
        (HEAD + b"Content-Length: -5\r\n\r\n", 400),
        (HEAD + b"Content-Length: +5\r\n\r\nabcde", 400),
        (HEAD + b"Content-Length: 1_0\r\n\r\n", 400),
        (HEAD + b"Content-Length: \xb2\r\n\r\n", 400),
        (HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef", 400),
        (HEAD + b"Content-Length: 99999999\r\n\r\n", 413),
        (HEAD + b"Content-Length: 99999999999999999999\r\n\r\n", 400),
        (HEAD + b"Content-Length: 50\r\n\r\nshort", 400),
        (HEAD + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
        (CHUNKED + b"xyz\r\n", 400),
        (CHUNKED + b"-1\r\n", 400),
        (CHUNKED + b"0x5\r\nabcde\r\n", 400),
        (CHUNKED + b"fffffffff\r\n", 400),
        (CHUNKED + b"ffffffff\r\n", 413),
        (CHUNKED + b"5\r\nabc", 400),
        (CHUNKED + b"3\r\nabcdef\r\n0\r\n\r\n", 400),
        (CHUNKED + b"5" * 5000, 400),
        (CHUNKED + b"0\r\n" + b"A: b\r\n" * 200, 400),
        (CHUNKED + b"", 400),
    ],
)
def test_malformed(client: Client, data: bytes, expected: int) -> None:
    assert status(client.raw(data)) == expected
    assert client.push().body["ResultCode"] == "OK", "the server goes on"


def test_an_endless_body_is_cut_off(client: Client) -> None:
    piece = b"100000\r\n" + b"a" * 0x100000 + b"\r\n"

    assert status(client.raw(CHUNKED + piece * 11)) in (413, 0)
    assert client.push().status == 200


def test_silence_and_hanging_up(client: Client) -> None:
    assert client.raw(b"") == b""
    assert client.raw(b"\r\n\r\n") == b""


def test_two_requests_in_one_packet_and_strange_chunks(client: Client) -> None:
    body = b"Format=JSON&AccessKeyId=test&Signature=x&Action=Nothing&Version=2020-10-28"
    one = CHUNKED + b"%x;ext=1\r\n%s\r\n0\r\nTrailer: x\r\n\r\n" % (len(body), body)

    raw = client.raw(one + b"\r\n" + one)

    assert raw.count(b"HTTP/1.1 404") == 2
    assert raw.count(b"InvalidAction.NotFound") >= 2


def test_expect_continue(client: Client) -> None:
    raw = client.raw(HEAD + b"Expect: 100-continue\r\nContent-Length: 3\r\n\r\na=b")

    assert raw.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 400 ")


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        (b"HTTP/1.1", b"", b"keep-alive"),
        (b"HTTP/1.1", b"Connection: Close\r\n", b"close"),
        (b"HTTP/1.0", b"", b"close"),
        (b"HTTP/1.0", b"Connection: keep-alive\r\n", b"keep-alive"),
    ],
)
def test_keep_alive(client: Client, first: bytes, second: bytes, kept: bytes) -> None:
    raw = client.raw(b"GET / " + first + b"\r\nHost: localhost\r\n" + second + b"\r\n")

    assert b"Connection: " + kept + b"\r\n" in raw


@pytest.mark.parametrize("target", ["//", "http://127.0.0.1/", "HTTP://localhost:1?a=b"])
def test_odd_targets_reach_the_api(client: Client, target: str) -> None:
    raw = client.raw(f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())

    assert b"MissingAccessKeyId" in raw


def test_nothing_reaches_the_terminal(client: Client, capfd: pytest.CaptureFixture[str]) -> None:
    for data in (b"\xff\xfe", HEAD + b"Content-Length: -1\r\n\r\n", CHUNKED + b"zz\r\n"):
        client.raw(data)
    client.push(Title="\x1b[31m")

    assert capfd.readouterr() == ("", "")


def test_closing_is_told_from_resetting(client: Client) -> None:
    client.fault("lost-response", times=1)
    assert client.raw(HEAD + b"\r\n") == b""

    client.fault("reset-before", times=1)
    with pytest.raises(ConnectionResetError):
        client.raw(HEAD + b"\r\n")


def test_hundreds_of_calls_a_second(sandbox: Sandbox, client: Client) -> None:
    started = time.monotonic()
    for _ in range(200):
        client.push()
    elapsed = time.monotonic() - started

    assert elapsed < 4, "far slower than it was built to be"


def test_many_connections(sandbox: Sandbox) -> None:
    statuses: list[int] = []

    def push() -> None:
        client = Client(sandbox.url)
        statuses.extend(client.push().status for _ in range(3))
        client.close()

    threads = [threading.Thread(target=push) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 120
