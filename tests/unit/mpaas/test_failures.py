from __future__ import annotations

import json
from typing import Any

import pytest

from pushctl.mpaas.failures import Failure, text_or_failure
from pushctl.mpaas.interface import NotSent, Refused, Unknown


def failure(status: int, code: object, said: str = "no", hint: object = None) -> str | Failure:
    headers = {} if hint is None else {"x-acs-retry-after": str(hint)}
    body = {"Code": code, "Message": said, "RequestId": "R"}
    return text_or_failure(status, headers, json.dumps(body).encode())


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_text_or_failure_returns_the_text_of_an_answer(status: int) -> None:
    assert text_or_failure(status, {}, "标题".encode()) == "标题"


@pytest.mark.parametrize("status", [100, 199, 200, 400, 500])
def test_text_or_failure_knows_what_is_no_text(status: int) -> None:
    assert text_or_failure(status, {}, b"\xff") == Unknown("the answer was not text")


@pytest.mark.parametrize("status", [300, 302, 304, 308, 399])
def test_text_or_failure_leaves_redirections_unknown(status: int) -> None:
    outcome = text_or_failure(status, {}, b"{}")
    assert outcome == Unknown("the answer was a redirection, which is never followed")


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"1", b"null", b"[" * 100_000])
@pytest.mark.parametrize("status", [400, 403, 429, 500, 799])
def test_text_or_failure_leaves_what_the_gateway_did_not_write_unknown(
    status: int, body: bytes
) -> None:
    assert isinstance(text_or_failure(status, {}, body), Unknown)


@pytest.mark.parametrize("code", ["Throttling", "Throttling.User", "Throttling.Api"])
def test_text_or_failure_knows_throttling_without_a_hint(code: str) -> None:
    outcome = failure(400, code)
    assert outcome == NotSent(f"the service asked for fewer calls ({code})", True, None)


@pytest.mark.parametrize(
    ("hint", "seconds"),
    [
        (2500, 2.5),
        (1, 0.001),
        (10**400, 86400.0),
        (0, None),
        (-5, None),
        ("soon", None),
        ("", None),
    ],
)
def test_text_or_failure_turns_the_hint_into_seconds(hint: object, seconds: float | None) -> None:
    outcome = failure(400, "Throttling.User", hint=hint)
    assert isinstance(outcome, NotSent)
    assert outcome.throttled
    assert outcome.retry_after == seconds


def test_text_or_failure_takes_429_for_throttling_whatever_its_code() -> None:
    outcome = failure(429, None)
    assert outcome == NotSent("the service asked for fewer calls (HTTP 429)", True, None)


def test_text_or_failure_takes_a_hint_on_a_refusal_for_not_now() -> None:
    outcome = failure(400, "Busy", hint=1500)
    assert outcome == NotSent("the service asked to wait (Busy)", True, 1.5)


def test_text_or_failure_does_not_take_a_hint_on_a_server_error_for_not_sent() -> None:
    assert isinstance(failure(503, "ServiceUnavailable", hint=9), Unknown)


@pytest.mark.parametrize("status", [500, 502, 503, 504, 599])
def test_text_or_failure_leaves_server_errors_unknown(status: int) -> None:
    assert failure(status, "InternalError") == Unknown("the service failed (InternalError)", "R")


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (408, "RequestTimeout"),
        (400, "SignatureNonceUsed"),
        (400, "ServiceUnavailable"),
        (100, "x"),
        (600, "x"),
    ],
)
def test_text_or_failure_leaves_ambiguous_errors_unknown(status: int, code: str) -> None:
    assert isinstance(failure(status, code), Unknown)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (404, "InvalidAccessKeyId.NotFound"),
        (400, "InvalidAccessKeyId.Inactive"),
        (400, "SignatureDoesNotMatch"),
        (400, "IncompleteSignature"),
        (400, "MissingAccessKeyId"),
        (403, "Forbidden"),
        (403, "Forbidden.RAM"),
        (403, "NoPermission"),
        (400, "InvalidSecurityToken.Expired"),
    ],
)
def test_text_or_failure_knows_that_no_other_call_will_succeed(status: int, code: str) -> None:
    outcome = failure(status, code)
    assert isinstance(outcome, Refused)
    assert (outcome.auth, outcome.code, outcome.request_id) == (True, code, "R")


@pytest.mark.parametrize(
    ("status", "code", "shown"),
    [
        (400, "InvalidParameter", "InvalidParameter"),
        (404, "InvalidApi.NotFound", "InvalidApi.NotFound"),
        (418, None, "HTTP 418"),
        (418, "no code at all", "HTTP 418"),
    ],
)
def test_text_or_failure_refuses_other_client_errors(status: int, code: Any, shown: str) -> None:
    assert failure(status, code, "so not") == Refused(shown, "so not", "R")


def test_text_or_failure_explains_a_wrong_clock() -> None:
    outcome = failure(400, "InvalidTimeStamp.Expired")
    assert isinstance(outcome, Refused)
    assert not outcome.auth
    assert "clock" in outcome.message


@pytest.mark.parametrize(
    "said",
    [
        "Specified signature is not matched with our calculation. server string to sign is:SECRET",
        "Specified signature does not match: x-acs-security-token:SECRET",
        "Bad signature; SECRET, SECRET",
    ],
)
def test_text_or_failure_never_repeats_what_was_signed(said: str) -> None:
    assert "SECRET" not in repr(failure(400, "SignatureDoesNotMatch", said))


def test_text_or_failure_cuts_long_messages() -> None:
    outcome = failure(400, "InvalidParameter", "x" * 10_000)
    assert isinstance(outcome, Refused)
    assert len(outcome.message) == 300
