from __future__ import annotations

import json
from typing import Any

import pytest

from pushctl.mpaas.failures import Failure, text_or_failure
from pushctl.mpaas.interface import CHECK_ADDRESS, NotSent, Refused, Unknown


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
    headers = {"Location": "http://login.corp.example/"}
    assert text_or_failure(status, headers, b"{}", "push.example") == Unknown(
        "the answer of push.example was a redirection to http://login.corp.example/, which is "
        "never followed",
        fix=CHECK_ADDRESS,
    )


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("<!DOCTYPE html><html><title>\n Guest  WiFi</title>", 'a web page "Guest WiFi"'),
        ("\n<HTML><head><TITLE lang=de>Anmeldung</TITLE>", 'a web page "Anmeldung"'),
        ("<html><body>no title", "a web page"),
        (f"<html><title>{'x' * 500}", f'a web page "{"x" * 60}"'),
        ("<?xml version='1.0'?><Error><Code>Busy</Code></Error>", "XML"),
    ],
)
@pytest.mark.parametrize("status", [200, 403, 511])
def test_text_or_failure_describes_what_the_service_never_answers(
    page: str, shown: str, status: int
) -> None:
    outcome = text_or_failure(status, {}, page.encode(), "push.example")
    assert isinstance(outcome, Unknown)
    assert outcome.reason == f"push.example answered with {shown} (status {status})"
    assert outcome.fix == (CHECK_ADDRESS if status < 500 else None)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"1", b"null", b"[" * 100_000])
@pytest.mark.parametrize("status", [400, 403, 429, 500, 799])
def test_text_or_failure_leaves_what_the_gateway_did_not_write_unknown(
    status: int, body: bytes
) -> None:
    assert isinstance(text_or_failure(status, {}, body), Unknown)


@pytest.mark.parametrize("code", ["Throttling", "Throttling.User", "Throttling.Api"])
def test_text_or_failure_knows_throttling_without_a_hint(code: str) -> None:
    outcome = failure(400, code)
    assert outcome == NotSent(f"the service asked for fewer calls ({code})")


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
    assert outcome.retry_after == seconds


def test_text_or_failure_takes_429_for_throttling_whatever_its_code() -> None:
    outcome = failure(429, None)
    assert outcome == NotSent("the service asked for fewer calls (HTTP 429)")


def test_text_or_failure_takes_a_hint_on_a_refusal_for_not_now() -> None:
    outcome = failure(400, "Busy", hint=1500)
    assert outcome == NotSent("the service asked to wait (Busy)", 1.5)


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


@pytest.mark.parametrize(
    ("ahead", "told"),
    [
        (None, "no"),
        (59.0, "no"),
        (660.0, "no (this machine's clock is 11 min behind the service's: set it)"),
        (-7200.0, "no (this machine's clock is 2 h ahead of the service's: set it)"),
    ],
)
@pytest.mark.parametrize(
    "code", ["InvalidTimeStamp.Expired", "IllegalTimestamp", "SignatureDoesNotMatch"]
)
def test_text_or_failure_names_a_wrong_clock(code: str, ahead: float | None, told: str) -> None:
    body = json.dumps({"Code": code, "Message": "no"}).encode()
    outcome = text_or_failure(400, {}, body, ahead=ahead)
    assert isinstance(outcome, Refused)
    assert outcome.message == told


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
