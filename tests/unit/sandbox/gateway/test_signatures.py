"""Which access keys and signatures are accepted, and how others are refused."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlencode

import pytest

from pushctl.sandbox import Sandbox
from tests.unit.sandbox.client import FORM, Answer, Client


def answer(client: Client, key: str, signature: str = "x") -> tuple[int, str]:
    body = (
        f"Format=JSON&AccessKeyId={key}&Signature={signature}&Action=PushSimple&Version=2020-10-28"
    )
    reply = client.send("POST", "/", body, FORM)
    return reply.status, reply.body.get("Code") or reply.body["ResultCode"]


@pytest.mark.parametrize("key", ["sandbox-x", "test", "testKey1", "LTAIFAKE123", "FAKE", "demo"])
def test_made_up_keys_are_accepted_unchecked(client: Client, key: str) -> None:
    assert answer(client, key) == (400, "MissingAppId")


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
    assert reply.body["Code"] == "MissingAppId"


def test_a_real_looking_key_cannot_be_registered() -> None:
    with pytest.raises(ValueError, match="looks real"):
        Sandbox(keys={"LTAI5tAbCdEf": "s"})


def v3(url: str, drop: str = "", unsigned: str = "", **changes: str) -> dict[str, str]:
    """The headers of a PushSimple without parameters, signed by the key sandbox."""
    secret = changes.pop("secret", "sandbox")
    key = changes.pop("key", "sandbox")
    headers = {
        "host": url.removeprefix("http://"),
        "content-type": FORM["content-type"],
        "x-acs-action": "PushSimple",
        "x-acs-version": "2020-10-28",
        "x-acs-date": timestamp(),
        "x-acs-signature-nonce": os.urandom(16).hex(),
        "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
    }
    headers |= {name.replace("_", "-"): value for name, value in changes.items()}
    headers.pop(drop, None)
    names = sorted(set(headers) - set(unsigned.split()))
    lines = "".join(f"{name}:{headers[name]}\n" for name in names)
    signed = ";".join(names)
    request = f"POST\n/\n\n{lines}\n{signed}\n{hashlib.sha256(b'').hexdigest()}"
    to_sign = f"ACS3-HMAC-SHA256\n{hashlib.sha256(request.encode()).hexdigest()}"
    signature = hmac.new(secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    parts = f"Credential={key},SignedHeaders={signed},Signature={signature}"
    return {**headers, "Authorization": f"ACS3-HMAC-SHA256 {parts}"}


def timestamp(seconds: float = 0.0) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def code(reply: Answer) -> str:
    return str(reply.body.get("Code") or reply.body["ResultCode"])


def signed(client: Client, **changes: str) -> str:
    return code(client.send("POST", "/", b"", v3(client.url, **changes)))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "MissingAppId"),
        ({"secret": "wrong"}, "SignatureDoesNotMatch"),
        ({"x_acs_content_sha256": "0" * 64}, "SignatureDoesNotMatch"),
        ({"drop": "x-acs-date"}, "MissingTimestamp"),
        ({"drop": "x-acs-signature-nonce"}, "MissingSignatureNonce"),
        ({"drop": "x-acs-content-sha256"}, "IncompleteSignature"),
        ({"drop": "x-acs-action"}, "IncompleteSignature"),
        ({"unsigned": "host"}, "IncompleteSignature"),
        ({"unsigned": "x-acs-action"}, "IncompleteSignature"),
        ({"unsigned": "x-acs-version"}, "IncompleteSignature"),
        ({"unsigned": "x-acs-date"}, "IncompleteSignature"),
        ({"unsigned": "x-acs-signature-nonce"}, "IncompleteSignature"),
        ({"unsigned": "content-type"}, "IncompleteSignature"),
        ({"x_acs_date": "2026-12-01 10:00:00"}, "InvalidTimeStamp.Format"),
        ({"x_acs_date": "2026-13-01T10:00:00Z"}, "InvalidTimeStamp.Format"),
        ({"key": "sandbox-sts"}, "MissingSecurityToken"),
        ({"key": "sandbox-sts", "x_acs_security_token": "sandbox"}, "MissingAppId"),
        (
            {"key": "sandbox-sts", "x_acs_security_token": "old"},
            "InvalidSecurityToken.MismatchWithAccessKey",
        ),
        (
            {"x_acs_security_token": "sandbox"},
            "InvalidSecurityToken.MismatchWithAccessKey",
        ),
        (
            {
                "key": "sandbox-sts",
                "x_acs_security_token": "sandbox",
                "unsigned": "x-acs-security-token",
            },
            "IncompleteSignature",
        ),
        ({"key": "test", "secret": "?", "unsigned": "host", "x_acs_date": "today"}, "MissingAppId"),
    ],
)
def test_a_known_key_is_held_to_everything(
    client: Client, changes: dict[str, str], expected: str
) -> None:
    assert signed(client, **changes) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (-880, "MissingAppId"),
        (-920, "InvalidTimeStamp.Expired"),
        (880, "MissingAppId"),
        (960, "InvalidTimeStamp.Expired"),
    ],
)
def test_a_date_is_one_of_these_minutes(client: Client, seconds: int, expected: str) -> None:
    assert signed(client, x_acs_date=timestamp(seconds)) == expected
    assert code(v1(client, Timestamp=timestamp(seconds))) == expected


def test_a_key_of_ones_own_may_be_a_temporary_one() -> None:
    with Sandbox(keys={"test-mine": "mine"}) as sandbox:
        client = Client(sandbox.url)
        mine = {"key": "test-mine", "secret": "mine"}
        assert signed(client, **mine) == "MissingAppId"
        assert signed(client, **mine, x_acs_security_token="any") == "MissingAppId"
        client.close()


def test_what_is_unsigned_is_named(client: Client) -> None:
    names = ("host", "x-acs-action", "x-acs-date", "x-acs-version")
    reply = client.send("POST", "/", b"", v3(client.url, unsigned=" ".join(names)))
    assert f"{', '.join(names)} must be among SignedHeaders" in reply.hint
    assert client.requests()[-1]["detail"] == reply.hint


def test_signed_headers_are_named_in_any_order(client: Client) -> None:
    headers = v3(client.url)
    before, names, after = re.split("(?<=SignedHeaders=)(.*)(?=,)", headers["Authorization"])
    headers["Authorization"] = before + ";".join(reversed(names.split(";"))) + after
    assert code(client.send("POST", "/", b"", headers)) == "MissingAppId"


def test_the_clock_of_the_sandbox_is_not_the_date_of_a_signature(client: Client) -> None:
    client.advance(86_400 * 400)
    assert signed(client) == "MissingAppId"


def test_a_nonce_counts_once_for_known_keys(client: Client) -> None:
    same = {"x_acs_signature_nonce": "abc"}
    assert signed(client, secret="wrong", **same) == "SignatureDoesNotMatch"
    assert signed(client, **same) == "MissingAppId", "a refused call does not use a nonce up"
    assert signed(client, **same) == "SignatureNonceUsed"
    assert [signed(client, key="test", **same) for _ in range(2)] == [
        "MissingAppId",
        "MissingAppId",
    ]


def v1(client: Client, secret: str = "sandbox", drop: str = "", **changes: str) -> Answer:
    fields = {
        "AccessKeyId": "sandbox",
        "Action": "PushSimple",
        "Format": "JSON",
        "SignatureMethod": "HMAC-SHA1",
        "SignatureNonce": os.urandom(16).hex(),
        "Timestamp": timestamp(),
        "Title": "it's ~ok* 标题",
        "Version": "2020-10-28",
        **changes,
    }
    fields.pop(drop, None)
    pairs = "&".join(f"{key}={quote(value, safe='~')}" for key, value in sorted(fields.items()))
    to_sign = f"POST&%2F&{quote(pairs, safe='~')}"
    mac = hmac.new(f"{secret}&".encode(), to_sign.encode(), hashlib.sha1).digest()
    body = urlencode({**fields, "Signature": base64.b64encode(mac).decode()})
    reply = client.send("POST", "/", body, FORM)
    if secret != "sandbox":
        # The vendor's client for Python takes the text after the first colon for this.
        assert reply.body["Message"].split(":")[1] == to_sign
    return reply


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "MissingAppId"),
        ({"secret": "wrong"}, "SignatureDoesNotMatch"),
        ({"drop": "Timestamp"}, "MissingTimestamp"),
        ({"drop": "SignatureNonce"}, "MissingSignatureNonce"),
        ({"AccessKeyId": "sandbox-sts"}, "MissingSecurityToken"),
        ({"AccessKeyId": "sandbox-sts", "SecurityToken": "sandbox"}, "MissingAppId"),
    ],
)
def test_a_known_key_is_held_to_everything_by_parameters(
    client: Client, changes: dict[str, str], expected: str
) -> None:
    assert code(v1(client, **changes)) == expected


@pytest.mark.parametrize(
    ("reply", "beginning"),
    [
        (
            lambda client: client.send("POST", "/", b"", v3(client.url, secret="wrong")),
            "Specified signature does not match our calculation. server StringToSign is [ACS3-",
        ),
        (
            lambda client: v1(client, secret="wrong"),
            "Specified signature is not matched with our calculation. server string to sign is:P",
        ),
    ],
)
def test_a_mismatch_begins_as_clients_expect(
    client: Client, reply: Callable[[Client], Answer], beginning: str
) -> None:
    assert reply(client).body["Message"].startswith(beginning)


def test_dates_may_be_of_any_age_behind_a_knob(client: Client) -> None:
    client.control("POST", "knobs", {"date_window": 0})

    assert signed(client, x_acs_date="2020-01-01T00:00:00Z") == "MissingAppId"
    assert signed(client, drop="x-acs-date") == "MissingTimestamp"
