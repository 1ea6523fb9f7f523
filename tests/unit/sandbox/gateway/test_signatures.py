"""Which access keys and signatures are accepted, and how others are refused."""

from __future__ import annotations

import pytest

from pushctl.sandbox import Sandbox
from tests.unit.sandbox.client import FORM, Client


def answer(client: Client, key: str, signature: str = "x") -> tuple[int, str]:
    body = (
        f"Format=JSON&AccessKeyId={key}&Signature={signature}&Action=PushSimple&Version=2020-10-28"
    )
    reply = client.send("POST", "/", body, FORM)
    return reply.status, reply.body.get("Code") or reply.body["ResultCode"]


@pytest.mark.parametrize("key", ["sandbox-x", "test", "testKey1", "LTAIFAKE123", "FAKE", "demo"])
def test_made_up_keys_are_accepted_unchecked(client: Client, key: str) -> None:
    assert answer(client, key) == (200, "3003")


@pytest.mark.parametrize("key", ["LTAI5tAbCdEf", "ltai4xyz", "STS.NTabc"])
def test_keys_that_look_real_are_turned_away(client: Client, key: str) -> None:
    assert answer(client, key) == (400, "Sandbox.RealAccessKey")
    assert key not in str(client.requests())


def test_other_keys_are_unknown(client: Client) -> None:
    assert answer(client, "somebody") == (404, "InvalidAccessKeyId.NotFound")


def test_a_known_key_is_verified_even_when_not_strict(client: Client) -> None:
    assert answer(client, "sandbox") == (400, "SignatureDoesNotMatch")


def test_strict_knows_nobody_else() -> None:
    with Sandbox(strict_auth="on") as sandbox:
        client = Client(sandbox.url)
        assert answer(client, "test") == (404, "InvalidAccessKeyId.NotFound")
        client.close()


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "MissingAccessKeyId"),
        ("AccessKeyId=&Signature=x", "MissingAccessKeyId"),
        ("AccessKeyId=test", "IncompleteSignature"),
        ("Signature=x", "MissingAccessKeyId"),
        ("AccessKeyId=sandbox&Signature=x&SignatureMethod=HMAC-SHA256", "IncompleteSignature"),
    ],
)
def test_incomplete_query_signatures(client: Client, query: str, code: str) -> None:
    reply = client.send("GET", f"/?Format=JSON&{query}&Action=PushSimple&Version=2020-10-28")

    assert (reply.status, reply.body["Code"]) == (400, code)


@pytest.mark.parametrize(
    "header",
    [
        "Bearer abc",
        "ACS3-HMAC-SHA256",
        "ACS3-HMAC-SHA256 Credential=test",
        "ACS3-HMAC-SHA256 Credential=,SignedHeaders=host,Signature=x",
        "ACS3-HMAC-SM3 Credential=sandbox,SignedHeaders=host,Signature=x",
    ],
)
def test_incomplete_header_signatures(client: Client, header: str) -> None:
    reply = client.send("POST", "/", b"", {"Authorization": header})

    assert (reply.status, reply.body["Code"]) == (400, "IncompleteSignature")


@pytest.mark.parametrize("signature", ["x", "\xe9", ""])
def test_a_wrong_header_signature(client: Client, signature: str) -> None:
    header = f"ACS3-HMAC-SHA256 Credential=sandbox,SignedHeaders=host,Signature={signature}"
    reply = client.send("POST", "/", b"", {"Authorization": header.encode("latin-1")})

    assert reply.status == 400


def test_unsigned_calls_behind_a_knob(client: Client) -> None:
    client.control("POST", "knobs", {"unsigned": "accept"})

    reply = client.send("POST", "/?Action=PushSimple&Version=2020-10-28", b"")
    assert reply.body["ResultCode"] == "3003"


def test_a_real_looking_key_cannot_be_registered() -> None:
    with pytest.raises(ValueError, match="looks real"):
        Sandbox(keys={"LTAI5tAbCdEf": "s"})


def test_strict_wants_a_date_and_a_nonce() -> None:
    with Sandbox(strict_auth="on", unsigned="accept") as sandbox:
        client = Client(sandbox.url)
        reply = client.send("POST", "/?Action=PushSimple&Version=2020-10-28", b"")
        assert reply.body["ResultCode"] == "3003", "unsigned is unsigned"
        client.close()
