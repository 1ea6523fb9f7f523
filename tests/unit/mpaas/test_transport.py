"""How a call is signed and made, and what its failure means."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.credentials import Credentials, CredentialsUnavailableError
from pushctl.http.client import NoAnswerError, NotSentError
from pushctl.mpaas.endpoint import Address
from pushctl.mpaas.failures import NO_CREDENTIALS
from pushctl.mpaas.interface import CHECK_ADDRESS, NotSent, Refused, Unknown
from pushctl.mpaas.transport import by_vendor, on_this_machine, send, signed

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


# --- two ways to the same signature ---------------------------------------------------------------

TEXT = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=20)
NAMES = ("x-acs-action", "x-acs-date", "x-acs-signature-nonce", "x-acs-security-token")
HEADERS = st.fixed_dictionaries(
    {"Host": TEXT, "Content-Type": TEXT}, optional=dict.fromkeys(NAMES, TEXT)
)


@given(HEADERS, st.binary(max_size=50), TEXT, TEXT)
def test_both_ways_make_the_same(
    headers: dict[str, str], body: bytes, id: str, secret: str
) -> None:
    payload, key = hashlib.sha256(body).hexdigest(), Credentials(id, secret)
    assert on_this_machine(headers, payload, key) == by_vendor(headers, payload, key)


@pytest.mark.parametrize("sign", [by_vendor, on_this_machine])
def test_a_signature_is_what_the_vendor_documents(
    sign: Callable[[Mapping[str, str], str, Credentials], str],
) -> None:
    headers = {"Host": "h.example", "x-acs-date": "2026-12-01T01:02:03Z"}
    canonical = "POST\n/\n\nhost:h.example\nx-acs-date:2026-12-01T01:02:03Z\n\nhost;x-acs-date\nabc"
    text = f"ACS3-HMAC-SHA256\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    made = hmac.digest(b"hush", text.encode(), "sha256").hex()
    wanted = f"ACS3-HMAC-SHA256 Credential=id,SignedHeaders=host;x-acs-date,Signature={made}"
    assert sign(headers, "abc", Credentials("id", "hush")) == wanted
