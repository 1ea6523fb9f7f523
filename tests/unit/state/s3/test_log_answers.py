"""Addresses of buckets, and what the answers of a server mean."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from pushctl.errors import ConfigError, StateError, StateFormatError
from pushctl.state.chain.log import Done, NotSent, PutOutcome, Stored, Taken, Unknown
from pushctl.state.s3.log import S3Log, open_log
from tests.loopback import (
    Behaviour,
    Request,
    Serving,
    hang_up,
    no_proxies,
    reply,
    reset,
    serving,
)
from tests.servers.seaweedfs import KEYS

__all__ = ["no_proxies", "serving"]

ETAG = {"ETag": '"1"'}


@pytest.fixture(autouse=True)
def _keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)


def opened(address: str, suffix: str = "", **environ: str) -> S3Log:
    return open_log(address, suffix=suffix, folder=Path(), environ=environ)


def refusal(status: int, code: str) -> Behaviour:
    body = f"<Error><Code>{code}</Code><Message>AKIAEXAMPLE performing PUT</Message></Error>"
    return reply(f'<?xml version="1.0"?>\n{body}', status)


OUTCOMES: dict[str, tuple[Behaviour, PutOutcome]] = {
    "stored": (reply("", 200, ETAG), Done()),
    "no etag": (reply(""), Unknown("no usable answer")),
    "there is one": (refusal(412, "PreconditionFailed"), Taken()),
    "another at the same time": (
        refusal(409, "ConditionalRequestConflict"),
        Unknown("409 ConditionalRequestConflict"),
    ),
    "not modified": (reply("", 304), Unknown("304")),
    "moved for now": (reply("", 307, {"Location": "http://127.0.0.1:9/"}), Unknown("307")),
    "upload too slow": (refusal(400, "RequestTimeout"), Unknown("400 RequestTimeout")),
    "throttled": (refusal(429, "TooManyRequests"), Unknown("429 TooManyRequests")),
    "broken": (refusal(500, "InternalError"), Unknown("500 InternalError")),
    "busy": (refusal(503, "SlowDown"), Unknown("503 SlowDown")),
    "gateway": (reply("kind: Connect, ", 504), Unknown("504")),
    "cut off": (reset, Unknown("no usable answer")),
    "closed": (hang_up, Unknown("no usable answer")),
    "another protocol": (
        lambda c, r: c.sendall(b"SSH-2.0\r\n"),
        Unknown("no usable answer"),
    ),
}


@pytest.mark.parametrize("name", OUTCOMES)
def test_an_answer_says_whether_the_entry_is_stored(serving: Serving, name: str) -> None:
    behaviour, outcome = OUTCOMES[name]
    server = serving(behaviour)
    assert opened(f"s3://bucket?endpoint={server.url}").put(7, b"entry") == outcome
    [request] = server.requests
    assert request.line == "PUT /bucket/pushctl/log/000000000007 HTTP/1.1"
    assert request.headers["if-none-match"] == "*"
    assert request.body == b"entry"


def test_a_large_entry_is_one_request_too(serving: Serving) -> None:
    server = serving(reply("", 200, ETAG))
    body = b"x" * 6_000_000
    assert opened(f"s3://bucket?endpoint={server.url}").put(1, body) == Done()
    [request] = server.requests
    assert request.headers["if-none-match"] == "*"
    assert request.body == body


FINAL = {
    "permission": (403, "AccessDenied"),
    "wrong key": (403, "SignatureDoesNotMatch"),
    "key is over": (400, "ExpiredToken"),
    "no conditions": (501, "NotImplemented"),
    "no bucket": (404, "NoSuchBucket"),
    "another region": (301, "PermanentRedirect"),
}


@pytest.mark.parametrize("name", FINAL)
def test_what_no_later_attempt_can_mend_is_an_error(serving: Serving, name: str) -> None:
    status, code = FINAL[name]
    server = serving(refusal(status, code))
    log = opened(f"s3://bucket?endpoint={server.url}")
    with pytest.raises(StateError) as put:
        log.put(1, b"entry")
    with pytest.raises(StateError) as read:
        log.read(None)
    for error in (put.value, read.value):
        assert (
            "another region" in error.detail
            if status == 301
            else f"{status} {code}" in error.detail
        )
        assert error.detail.startswith("s3://bucket/pushctl: ")
        assert "AKIA" not in str(error)
        assert "credentials" in str(error.fix)
    log.trim(1)
    assert len(server.requests) == 3


def test_a_server_that_refuses_connections_got_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    log = opened(f"s3://bucket?endpoint=http://127.0.0.1:{port}")
    assert log.put(1, b"entry") == NotSent("it cannot be reached")
    with pytest.raises(StateError, match="cannot be reached"):
        log.read(3)
    log.trim(1)


def test_without_credentials_nothing_is_sent(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in KEYS:
        monkeypatch.delenv(name)
    metadata, server = serving(reply("", 404)), serving(reply("", 200, ETAG))
    monkeypatch.setenv("AWS_METADATA_ENDPOINT", metadata.url)
    log = opened(f"s3://bucket?endpoint={server.url}")
    assert log.put(1, b"entry") == NotSent("there are no credentials")
    with pytest.raises(StateError, match="there are no credentials"):
        log.read(None)
    assert metadata.requests
    assert not server.requests


# --- what is read ---------------------------------------------------------------------------------


def bucket(objects: dict[str, bytes | list[bytes]]) -> Behaviour:
    """Answer as a bucket with these objects; of a list every look gets the next, the last stays.

    A listing tells the length of the last one.
    """
    left = {key: list(body) if isinstance(body, list) else [body] for key, body in objects.items()}
    sizes = {key: len(bodies[-1]) for key, bodies in left.items()}

    def behave(connection: socket.socket, request: Request) -> None:
        target = urlsplit(request.line.split()[1])
        if target.query:
            query = {name: values[0] for name, values in parse_qs(target.query).items()}
            start = query.get("start-after", "")
            keys = [k for k in sorted(left) if k.startswith(query["prefix"]) and k > start]
            return reply(listing({key: sizes[key] for key in keys}))(connection, request)
        bodies = left[target.path.removeprefix("/bucket/")]
        body = bodies.pop(0) if len(bodies) > 1 else bodies[0]
        modified = {"Last-Modified": "Mon, 30 Nov 2026 10:00:00 GMT"}
        return reply(body, 200, {**ETAG, **modified})(connection, request)

    return behave


def listing(sizes: dict[str, int]) -> str:
    rows = "".join(
        f"<Contents><Key>{key}</Key><Size>{size}</Size><ETag>1</ETag>"
        "<LastModified>2026-11-30T10:00:00.000Z</LastModified></Contents>"
        for key, size in sizes.items()
    )
    return f"<ListBucketResult><IsTruncated>false</IsTruncated>{rows}</ListBucketResult>"


ReadAll = Callable[..., list[Stored]]


@pytest.fixture
def read(serving: Serving) -> ReadAll:
    def read(objects: dict[str, bytes | list[bytes]], after: int | None) -> list[Stored]:
        objects = {f"team/pushctl/{name}": body for name, body in objects.items()}
        server = serving(bucket(objects))
        return list(opened(f"s3://bucket/team/?endpoint={server.url}").read(after))

    return read


def entries(*slots: int) -> dict[str, bytes | list[bytes]]:
    return {f"log/{slot:012}": str(slot).encode() for slot in slots}


def stored(*slots: int) -> list[Stored]:
    return [Stored(slot, str(slot).encode()) for slot in slots]


SNAPSHOTS = {"snapshots/000000000003": b"", "snapshots/000000000005": b""}


def test_the_newest_snapshot_is_where_a_reader_begins(read: ReadAll) -> None:
    assert read({**entries(*range(1, 8)), **SNAPSHOTS}, None) == stored(5, 6, 7)


def test_what_is_before_a_snapshot_may_be_gone(read: ReadAll) -> None:
    assert read({**entries(4, 5, 6), **SNAPSHOTS}, 0) == stored(4, 5, 6)
    assert read({**entries(4, 5, 6), **SNAPSHOTS}, None) == stored(5, 6)
    assert read({**entries(4, 5, 6), **SNAPSHOTS}, 4) == stored(5, 6)


DAMAGED: dict[str, tuple[dict[str, bytes | list[bytes]], int | None, str]] = {
    "the first": (entries(2, 3), None, "entries 1 to 1 are missing"),
    "the first, all asked for": (entries(2, 3), 0, "entries 1 to 1 are missing"),
    "in between": (entries(1, 2, 6, 7), 1, "entries 3 to 5 are missing"),
    "after what is known": (entries(6), 3, "entries 4 to 5 are missing"),
    "behind the snapshot": ({**entries(6), **SNAPSHOTS}, 0, "entries 1 to 5 are missing"),
    "the snapshot": ({**entries(6), **SNAPSHOTS}, None, "entries 5 to 5 are missing"),
    "the snapshot, at the end": ({**entries(3, 4), **SNAPSHOTS}, 0, "entries 5 to 5 are missing"),
    "everything": (dict(SNAPSHOTS), None, "entries 5 to 5 are missing"),
    "everything, all asked for": (dict(SNAPSHOTS), 0, "entries 1 to 5 are missing"),
    "foreign": ({**entries(1), "log/readme.txt": b""}, None, "log/readme.txt is not an entry"),
    "too short": ({"log/000000000001": [b"", b"", b"entry"]}, 0, "entry 1 has 0 bytes and not 5"),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_what_is_missing_or_foreign_is_said(read: ReadAll, name: str) -> None:
    objects, after, told = DAMAGED[name]
    with pytest.raises(StateFormatError) as error:
        read(objects, after)
    assert error.value.detail == f"s3://bucket/team/pushctl: {told}"
    assert "bring the objects back" in str(error.value.fix)


def test_an_object_that_was_cut_is_read_again(read: ReadAll) -> None:
    assert read({"log/000000000001": [b"en", b"entry"]}, None) == [Stored(1, b"entry")]


# --- addresses ------------------------------------------------------------------------------------

TARGETS = {
    "s3://bucket?endpoint={url}": "/bucket",
    "s3://bucket/?endpoint={url}/": "/bucket",
    "s3://bucket/a/b/?endpoint={url}/gateway": "/gateway/bucket/a/b",
}
"""The folder of the state, for addresses of it."""


@pytest.mark.parametrize("address", TARGETS)
def test_an_address_leads_to_objects(serving: Serving, address: str) -> None:
    server = serving(reply("", 200, ETAG))
    log = opened(address.format(url=server.url), ".prod")
    assert log.put(1, b"entry") == Done()
    key = f"{TARGETS[address]}/pushctl.prod/log/000000000001"
    assert server.requests[0].line == f"PUT {key} HTTP/1.1"
    assert log.address == address.split("?")[0].rstrip("/") + "/pushctl.prod"


def test_the_bucket_may_be_a_part_of_the_hosts_name(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = serving(reply("", 200, ETAG))
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    log = opened("s3://bucket/a?endpoint=http://store.test&path_style=false")
    assert log.put(1, b"entry") == Done()
    [request] = proxy.requests
    assert request.line == "PUT http://bucket.store.test/a/pushctl/log/000000000001 HTTP/1.1"


def test_the_endpoint_of_the_address_comes_before_that_of_the_environment(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, other = serving(reply("", 200, ETAG)), serving(reply("", 200, ETAG))
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", other.url)
    monkeypatch.setenv("AWS_CONDITIONAL_PUT", "disabled")
    assert opened(f"s3://b?endpoint={server.url}", **os.environ).put(1, b"") == Done()
    assert opened("s3://b", **os.environ).put(1, b"") == Done()
    assert (len(server.requests), len(other.requests)) == (1, 1)


def test_the_region_is_signed(serving: Serving) -> None:
    server = serving(reply("", 200, ETAG))
    opened(f"s3://b?region=eu-central-1&endpoint={server.url}").put(1, b"")
    assert "/eu-central-1/s3/aws4_request" in server.requests[0].headers["authorization"]


@pytest.mark.parametrize(
    "address",
    [
        "s3:",
        "s3:///prefix",
        "s3://access:hush@bucket/prefix",
        "s3://bucket/a/../b",
        "s3://bucket/a//b",
        "s3://bucket/ä",
        "s3://bucket#prod",
        "s3://bucket?retries=10",
        "s3://bucket?path_style=yes",
        "s3://bucket?endpoint=host:9000",
        "s3://bucket?endpoint=https://user:hush@host",
        "s3://bucket?endpoint=https://host/?a=b",
    ],
)
def test_an_address_that_is_not_right_is_refused(address: str) -> None:
    with pytest.raises(ConfigError, match="expected s3://BUCKET/PREFIX") as error:
        opened(address)
    assert "hush" not in str(error.value)
