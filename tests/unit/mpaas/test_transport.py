"""How a call is signed and made, and what its failure means."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

import pytest

from pushctl.credentials import Credentials, CredentialsUnavailableError
from pushctl.http.client import NoAnswerError, NotSentError
from pushctl.mpaas.endpoint import Address
from pushctl.mpaas.failures import NO_CREDENTIALS
from pushctl.mpaas.interface import CHECK_ADDRESS, NotSent, Refused, Unknown
from pushctl.mpaas.signature import by_vendor
from pushctl.mpaas.transport import send, signed

NOW = dt.datetime(2026, 12, 1, 1, 2, 3, tzinfo=dt.UTC)


@pytest.mark.parametrize("token", [None, "tok"])
@pytest.mark.parametrize("body", [b"", "Title=标题+~*&x=%2B".encode()])
@pytest.mark.parametrize("host", ["h.example:8443", "127.0.0.1:4010", "localhost"])
def test_signed_signs_all_that_the_vendor_wants_signed(
    host: str, body: bytes, token: str | None
) -> None:
    key = Credentials("id", "hush", token)
    headers = signed("PushSimple", body, Address("http", host), key, now=NOW, nonce="n-1")
    own = {
        name: value
        for name, value in headers.items()
        if name in ("Host", "Content-Type") or name.startswith("x-acs-")
    }
    payload = hashlib.sha256(body).hexdigest()
    assert headers["Authorization"] == by_vendor(own, payload, key)
    assert (headers["Host"], headers["x-acs-content-sha256"]) == (host, payload)
    assert headers.get("x-acs-security-token") == token
    assert headers["x-acs-date"] == "2026-12-01T01:02:03Z"


def raising(error: Exception) -> Any:
    def fail(*arguments: object, **options: object) -> Any:
        raise error

    return fail


def sent(error: Exception, credential: Any = None) -> object:
    http = type("Http", (), {"call": raising(error)})
    address, key = Address("https", "h.example"), Credentials("id", "hush")
    return send(http(), address, credential or key, "PushSimple", {})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (NotSentError("refused"), NotSent("refused", fix=CHECK_ADDRESS)),
        (NotSentError("refused", "correct it"), NotSent("refused", fix="correct it")),
        (NoAnswerError("silence"), Unknown("silence")),
        (MemoryError("hush"), Unknown("the call failed in a way nobody foresaw (MemoryError)")),
        (OSError("hush"), Unknown("the call failed in a way nobody foresaw (OSError)")),
    ],
)
def test_send_says_what_a_failure_means(error: Exception, outcome: object) -> None:
    assert sent(error) == outcome


def test_send_does_nothing_without_a_key() -> None:
    chain = type("Chain", (), {"current": raising(CredentialsUnavailableError())})()
    outcome = sent(AssertionError("nothing was to be sent"), chain)
    assert isinstance(outcome, Refused)
    assert (outcome.code, outcome.auth) == (NO_CREDENTIALS, True)
    assert "ALIBABA_CLOUD_ACCESS_KEY_ID" in outcome.message
