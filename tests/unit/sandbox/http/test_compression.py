"""Bodies are packed for those who ask, and unpacked within bounds."""

from __future__ import annotations

import gzip
import json

import pytest

from pushctl.sandbox.http.compression import MAX_BODY, packed, unpacked
from pushctl.sandbox.http.messages import Response
from tests.unit.sandbox.client import FORM, Client

LONG = Response(body=b"x" * 1025)


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("gzip", True),
        ("GZIP", True),
        ("deflate, gzip;q=0.5, br", True),
        ("x-gzip", True),
        ("gzip;q=0", False),
        ("gzip; q=0.0", False),
        ("identity", False),
        ("", False),
        ("not-gzip", False),
    ],
)
def test_who_gets_gzip(accepted: str, expected: bool) -> None:
    response = packed(LONG, accepted)
    assert (("Content-Encoding", "gzip") in response.headers) == expected
    assert (gzip.decompress(response.body) if expected else response.body) == LONG.body


@pytest.mark.parametrize(
    "response", [Response(body=b"x" * 1024), Response(body=b"x" * 5000, cut=9), Response(drop=True)]
)
def test_short_and_broken_answers_stay_as_they_are(response: Response) -> None:
    assert packed(response, "gzip") is response


def test_a_body_is_unpacked() -> None:
    assert unpacked(gzip.compress(b"a=b")) == b"a=b"
    assert len(unpacked(gzip.compress(b"x" * MAX_BODY))) == MAX_BODY


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"a=b", "not gzip"),
        (b"", "one whole"),
        (gzip.compress(b"a=b")[:-1], "one whole"),
        (gzip.compress(b"a=b") + b"x", "one whole"),
        (gzip.compress(b"x" * (MAX_BODY + 1)), "more than"),
        (gzip.compress(b"x" * MAX_BODY * 3), "more than"),
    ],
    ids=["plain", "empty", "cut", "longer", "large", "bomb"],
)
def test_a_body_that_cannot_be_unpacked(body: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        unpacked(body)


def test_the_wire(client: Client) -> None:
    for number in range(5):
        client.push(TaskName=f"t{number}")
    plain = client.send("GET", "/_sandbox/tasks")
    answer = client.send("GET", "/_sandbox/tasks", None, {"Accept-Encoding": "gzip"})

    assert plain.headers.get("content-encoding") is None
    assert (answer.headers["content-encoding"], answer.headers["vary"]) == (
        *("gzip", "Accept-Encoding"),
    )
    assert json.loads(gzip.decompress(answer.raw)) == plain.body


def test_a_packed_call(client: Client) -> None:
    body = b"Format=JSON&AccessKeyId=test&Signature=x&Action=PushSimple&Version=2020-10-28"
    client.fault("throttle", match="Action=PushSimple", times=1)
    for coding, sent, code in [
        ("gzip", gzip.compress(body), "Throttling.User"),
        ("gzip", gzip.compress(body), "MissingAppId"),
        ("identity", body, "MissingAppId"),
        ("gzip", body, "InvalidParameter"),
        ("br", body, "UnsupportedContentEncoding"),
    ]:
        answer = client.send("POST", "/", sent, {**FORM, "Content-Encoding": coding})
        assert code in (answer.body.get("Code"), answer.body.get("ResultCode"))
