from __future__ import annotations

import datetime as dt
import hashlib
import warnings
from typing import Any

import pytest

from pushctl.http.client import NoAnswerError, NotSentError
from pushctl.mpaas.credentials import Credentials, CredentialsUnavailableError
from pushctl.mpaas.endpoint import Address
from pushctl.mpaas.failures import NO_CREDENTIALS
from pushctl.mpaas.interface import NotSent, Refused, Unknown
from pushctl.mpaas.transport import send, signed

NOW = dt.datetime(2026, 12, 1, 1, 2, 3, tzinfo=dt.UTC)


@pytest.mark.parametrize("token", [None, "tok"])
@pytest.mark.parametrize("body", [b"", "Title=标题+~*&x=%2B".encode()])
def test_signed_signs_as_the_vendors_client_does(body: bytes, token: str | None) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from alibabacloud_tea_openapi.utils import Utils
        from darabonba.request import DaraRequest
    headers = signed(
        "PushSimple", body, "h.example:8443", Credentials("id", "hush", token), now=NOW, nonce="n-1"
    )
    request = DaraRequest()
    request.method, request.pathname, request.query = "POST", "/", {}
    request.headers = {
        name.lower(): value
        for name, value in headers.items()
        if name in ("Host", "Content-Type") or name.startswith("x-acs-")
    }
    payload = hashlib.sha256(body).hexdigest()
    assert headers["Authorization"] == Utils.get_authorization(
        request, "ACS3-HMAC-SHA256", payload, "id", "hush"
    )
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
        (NotSentError("refused"), NotSent("refused")),
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
