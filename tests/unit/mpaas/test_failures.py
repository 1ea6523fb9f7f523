from __future__ import annotations

from typing import Any

import pytest
import requests
import urllib3.exceptions as u3
from alibabacloud_tea_openapi.exceptions import (
    ClientException,
    ServerException,
    ThrottlingException,
)
from darabonba.exceptions import RetryError, UnretryableException
from darabonba.policy.retry import RetryPolicyContext

from pushctl.mpaas.credentials import CredentialsUnavailableError
from pushctl.mpaas.failures import NO_CREDENTIALS, classify
from pushctl.mpaas.interface import NotSent, Refused, Unknown


def client_error(status: int | None, code: str, said: str = "no", **more: Any) -> ClientException:
    return ClientException(
        status_code=status,
        code=code,
        message=f"code: {status}, {said} request id: R",
        data={"Code": code, "Message": said},
        request_id="R",
        **more,
    )


def as_the_client_raises(cause: Exception) -> BaseException:
    """Wrap a cause in the way the vendor's client does, contexts included."""
    try:
        try:
            raise cause
        except OSError as error:
            raise RetryError(str(error))  # noqa: B904  (as the client does)
    except Exception as error:
        context = RetryPolicyContext(retries_attempted=1, exception=error)
    try:
        raise UnretryableException(context)
    except Exception as error:
        return error


def max_retries(reason: Exception) -> requests.ConnectionError:
    return requests.ConnectionError(u3.MaxRetryError(None, "/", reason))


NEW = u3.NewConnectionError(None, "refused")

NEVER_LEFT = {
    "refused": max_retries(NEW),
    "unresolved": max_retries(u3.NameResolutionError("h", None, OSError())),
    "connect timeout": requests.ConnectTimeout(
        u3.MaxRetryError(None, "/", u3.ConnectTimeoutError())
    ),
    "proxy refused": requests.exceptions.ProxyError(
        u3.MaxRetryError(None, "/", u3.ProxyError("p", NEW))
    ),
    "tunnel refused": requests.exceptions.ProxyError(
        u3.MaxRetryError(None, "/", u3.ProxyError("p", OSError("Tunnel connection failed: 407")))
    ),
    "bad address": requests.exceptions.InvalidURL("x"),
}

MAY_HAVE_LEFT = {
    "read timeout": requests.ReadTimeout(u3.ReadTimeoutError(None, "/", "slow")),
    "reset": requests.ConnectionError(
        u3.ProtocolError("Connection aborted.", ConnectionResetError())
    ),
    "broken pipe": requests.ConnectionError(u3.ProtocolError("x", BrokenPipeError())),
    "half an answer": requests.exceptions.ChunkedEncodingError(
        u3.ProtocolError("x", u3.IncompleteRead(1, 2))
    ),
    # What a proxy does that took the request and dropped it looks like this as well.
    "proxy hung up": requests.exceptions.ProxyError(
        u3.MaxRetryError(None, "/", u3.ProxyError("p", ConnectionResetError()))
    ),
    "some TLS error": requests.exceptions.SSLError("EOF occurred in violation of protocol"),
    "proxy error of no kind": requests.exceptions.ProxyError("x"),
    "not JSON": RuntimeError("Failed to parse the value as json format"),
    "a bug": AttributeError("'list' object has no attribute 'get'"),
    "memory": MemoryError(),
}


@pytest.mark.parametrize("cause", NEVER_LEFT.values(), ids=NEVER_LEFT.keys())
def test_classify_knows_what_was_certainly_not_sent(cause: Exception) -> None:
    assert isinstance(classify(as_the_client_raises(cause)), NotSent)


@pytest.mark.parametrize("cause", MAY_HAVE_LEFT.values(), ids=MAY_HAVE_LEFT.keys())
def test_classify_leaves_everything_else_unknown(cause: Exception) -> None:
    assert isinstance(classify(as_the_client_raises(cause)), Unknown)


@pytest.mark.parametrize("error", [Exception(), KeyboardInterrupt(), RetryError("x")])
def test_classify_defaults_to_unknown(error: BaseException) -> None:
    assert isinstance(classify(error), Unknown)


@pytest.mark.parametrize("code", ["Throttling", "Throttling.User", "Throttling.Api"])
def test_classify_throttling_without_a_hint(code: str) -> None:
    outcome = classify(client_error(400, code))
    assert outcome == NotSent(f"the service asked for fewer calls ({code})", True, None)


@pytest.mark.parametrize(
    ("hint", "seconds"), [(2500, 2.5), (1, 0.001), (10**400, 86400.0), (0, None), (-5, None)]
)
def test_classify_turns_the_hint_into_seconds(hint: int, seconds: float | None) -> None:
    error = ThrottlingException(status_code=400, code="Throttling.User", retry_after=hint, data={})
    outcome = classify(error)
    assert isinstance(outcome, NotSent)
    assert outcome.throttled
    assert outcome.retry_after == seconds


def test_classify_takes_429_for_throttling_whatever_its_code() -> None:
    outcome = classify(client_error(429, "None"))
    assert outcome == NotSent("the service asked for fewer calls (HTTP 429)", True, None)


def test_classify_does_not_take_a_hint_on_a_server_error_for_not_sent() -> None:
    error = ThrottlingException(status_code=503, code="ServiceUnavailable", retry_after=9, data={})
    assert isinstance(classify(error), Unknown)


@pytest.mark.parametrize("status", [500, 502, 503, 504, 599])
def test_classify_leaves_server_errors_unknown(status: int) -> None:
    error = ServerException(status_code=status, code="InternalError", request_id="R", data={})
    assert classify(error) == Unknown("the service failed (InternalError)", "R")


@pytest.mark.parametrize(
    "error",
    [
        client_error(408, "RequestTimeout"),
        client_error(400, "SignatureNonceUsed"),
        client_error(400, "ServiceUnavailable"),
        client_error(None, "ParameterMissing"),
        client_error(302, "None"),
    ],
    ids=lambda error: str(error.code),
)
def test_classify_leaves_ambiguous_client_errors_unknown(error: ClientException) -> None:
    assert isinstance(classify(error), Unknown)


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
def test_classify_knows_that_no_other_call_will_succeed(status: int, code: str) -> None:
    outcome = classify(client_error(status, code))
    assert isinstance(outcome, Refused)
    assert (outcome.auth, outcome.code, outcome.request_id) == (True, code, "R")


@pytest.mark.parametrize(
    ("status", "code", "shown"),
    [
        (400, "InvalidParameter", "InvalidParameter"),
        (404, "InvalidApi.NotFound", "InvalidApi.NotFound"),
        (418, "None", "HTTP 418"),
    ],
)
def test_classify_refuses_other_client_errors(status: int, code: str, shown: str) -> None:
    assert classify(client_error(status, code, "so not")) == Refused(shown, "so not", "R")


def test_classify_explains_a_wrong_clock() -> None:
    outcome = classify(client_error(400, "InvalidTimeStamp.Expired"))
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
def test_classify_never_repeats_what_was_signed(said: str) -> None:
    assert "SECRET" not in repr(classify(client_error(400, "SignatureDoesNotMatch", said)))


def test_classify_cuts_long_messages() -> None:
    outcome = classify(client_error(400, "InvalidParameter", "x" * 10_000))
    assert isinstance(outcome, Refused)
    assert len(outcome.message) == 300


@pytest.mark.parametrize(
    "error",
    [as_the_client_raises(CredentialsUnavailableError()), client_error(None, "InvalidCredentials")],
)
def test_classify_refuses_without_credentials(error: BaseException) -> None:
    outcome = classify(error)
    assert isinstance(outcome, Refused)
    assert outcome.auth
    assert outcome.code == NO_CREDENTIALS
    assert "ALIBABA_CLOUD_ACCESS_KEY_ID" in outcome.message


def test_classify_ignores_what_was_being_handled_already() -> None:
    earlier = max_retries(NEW)
    try:
        raise earlier
    except requests.ConnectionError:
        error = as_the_client_raises(ValueError("a bug of today"))
    assert isinstance(classify(error), NotSent), "the trap this test is about"
    assert isinstance(classify(error, handled=earlier), Unknown)


def test_classify_survives_a_ring_of_exceptions() -> None:
    one, other = ValueError("one"), ValueError("other")
    one.__context__, other.__context__ = other, one
    assert isinstance(classify(one), Unknown)
