"""What a failed call means: certainly not sent, refused, or unknown. One pure function decides.

It knows exceptions by the names of their classes and by their attributes and imports none of the
packages that raise them: those take half a second to load, and the same class (`ConnectionError`,
`RetryError`, `ProxyError`) exists several times under one name. The default is `Unknown`; every
other answer needs evidence, because a wrong "not sent" is a second message on somebody's phone.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType

from pushctl.mpaas import result_codes
from pushctl.mpaas.credentials import WHAT_TO_SET, WHERE_LOOKED, CredentialsUnavailableError
from pushctl.mpaas.interface import NotSent, Refused, Unknown

Failure = NotSent | Refused | Unknown

NO_CREDENTIALS = "NoCredentials"
"""The only code that is ours: there was no key, so no service was asked."""

_NOT_SENT = {
    "NameResolutionError": "the host name could not be resolved",
    "NewConnectionError": "no connection could be made",
    "ConnectTimeoutError": "no connection could be made in time",
    "ConnectTimeout": "no connection could be made in time",
    "SSLCertVerificationError": "the server's certificate is not trusted",
    "CertificateError": "the server's certificate is for another host",
    "InvalidProxyURL": "the address of the proxy is not valid",
    "InvalidURL": "the address of the service is not valid",
    "LocationParseError": "the address of the service is not valid",
}

_UNKNOWN = {
    "ReadTimeout": "no answer came in time",
    "ReadTimeoutError": "no answer came in time",
    "ChunkedEncodingError": "the connection broke before the answer was complete",
    "IncompleteRead": "the connection broke before the answer was complete",
    "RemoteDisconnected": "the connection was closed without an answer",
    "ConnectionResetError": "the connection broke before the answer",
    "ConnectionAbortedError": "the connection broke before the answer",
    "BrokenPipeError": "the connection broke before the answer",
    "ProtocolError": "the connection broke before the answer",
    "RedirectError": "the answer was a redirection, which is never followed",
    "AnswerTooLargeError": "the answer was larger than any answer of the service",
    "AnswerTooSlowError": "the answer took longer than any answer of the service",
    "AnswerEncodedError": "the answer was compressed in a way that nobody asked for",
    "DecodeError": "the answer was compressed in a way that nobody asked for",
    "InvalidHeader": "the answer was not proper HTTP",
    "JSONDecodeError": "the answer was not JSON",
    "UnicodeDecodeError": "the answer was not text",
}

_CLOCK = (
    "The clock of this machine and the clock of the service are too far apart (more than 15 "
    "minutes). Set this machine's time, then run again."
)

_LONGEST_WAIT = 86_400_000
_LONGEST_TEXT = 300
_MOST_LINKS = 64


def classify(error: BaseException, *, handled: BaseException | None = None) -> Failure:
    """Decide what the failure of one call to the vendor's client means.

    `handled` is the exception that was already being handled when the call began, if any: Python
    links it below every new one, and a refused connection of an earlier attempt must not be taken
    for the fate of this one.
    """
    chain = tuple(_chain(error, handled))
    for item in chain:
        if isinstance(item, CredentialsUnavailableError):
            return Refused(NO_CREDENTIALS, f"{WHERE_LOOKED} {WHAT_TO_SET}", "", auth=True)
        if "ResponseException" in _names(item):
            return _answered(item)
    if any(_while_connecting(item.__traceback__) for item in chain):
        return NotSent(_reason(chain, _NOT_SENT, "the connection could not be set up"))
    for item in chain:
        for name in _names(item):
            if name in _UNKNOWN:
                return Unknown(_UNKNOWN[name])
            if name in _NOT_SENT:
                return NotSent(_NOT_SENT[name])
        if _tunnel_refused(item):
            return NotSent("the proxy refused to connect to the service")
    return Unknown(f"the call failed in a way nobody foresaw ({type(chain[-1]).__name__})")


def _chain(error: BaseException, handled: BaseException | None) -> Iterator[BaseException]:
    """Yield an exception and everything below it, each wrapper before what it wraps.

    The vendor's client hides the cause in `inner_exception` and in the context of that; urllib3
    uses `reason` and `original_error`; requests passes the wrapped exception as an argument.
    """
    seen = {id(handled)}
    stack = [error]
    while stack and len(seen) <= _MOST_LINKS:
        item = stack.pop()
        if id(item) in seen:
            continue
        seen.add(id(item))
        yield item
        below = (
            getattr(item, "inner_exception", None),
            getattr(item, "original_error", None),
            getattr(item, "reason", None),
            *item.args,
            item.__cause__,
            item.__context__,
        )
        stack.extend(link for link in reversed(below) if isinstance(link, BaseException))


def _names(error: BaseException) -> tuple[str, ...]:
    return tuple(kind.__name__ for kind in type(error).__mro__)


def _while_connecting(traceback: TracebackType | None) -> bool:
    """Tell whether an exception was raised while the connection was being made.

    The request is written after `connect` has returned, so this proves that nothing was sent. The
    name of the exception alone cannot: a reset, a time-out or a TLS error exists on both sides of
    that moment, and `ProxyError` is raised for a request that the proxy took and then dropped.
    """
    while traceback is not None:
        frame = traceback.tb_frame
        if (
            frame.f_code.co_name == "connect"
            and frame.f_globals.get("__name__") == "urllib3.connection"
        ):
            return True
        traceback = traceback.tb_next
    return False


def _tunnel_refused(error: BaseException) -> bool:
    return type(error) is OSError and str(error).startswith("Tunnel connection failed")


def _reason(chain: tuple[BaseException, ...], texts: dict[str, str], otherwise: str) -> str:
    found = (texts[name] for item in chain for name in _names(item) if name in texts)
    return next(found, otherwise)


def _answered(error: BaseException) -> Failure:
    """Classify an error answer of the gateway (an exception with a code and a status)."""
    status = getattr(error, "status_code", None)
    code = _code(error, status)
    request_id = _text(getattr(error, "request_id", None))
    if code.startswith("Throttling") or status == 429:
        return NotSent(f"the service asked for fewer calls ({code})", True, _seconds(error))
    if status is None and code.startswith("InvalidCredentials"):
        return Refused(NO_CREDENTIALS, f"{WHERE_LOOKED} {WHAT_TO_SET}", "", auth=True)
    # A nonce is never used twice by the client, so "used" means that something on the way sent the
    # request again: this copy was turned away, the other one may have been carried out.
    # 408 is a middlebox that gave up on somebody, not always on us.
    if (
        not isinstance(status, int)
        or not 400 <= status < 500
        or status == 408
        or code.startswith(("SignatureNonceUsed", "ServiceUnavailable", "InternalError"))
    ):
        return Unknown(f"the service failed ({code})", request_id)
    if _seconds(error) is not None:
        return NotSent(f"the service asked to wait ({code})", True, _seconds(error))
    if code.startswith("InvalidTimeStamp"):
        return Refused(code, _CLOCK, request_id)
    return Refused(code, _message(error, code), request_id, auth=result_codes.is_auth(code))


def _code(error: BaseException, status: object) -> str:
    code = getattr(error, "code", None)
    # The client formats an absent code as the text "None".
    if isinstance(code, str) and code != "None" and result_codes.is_code(code):
        return code
    return f"HTTP {status}" if isinstance(status, int) else "no code"


def _message(error: BaseException, code: str) -> str:
    """Return what the service said, without what it must not tell.

    The message about a signature goes on with everything that was signed, a temporary key's token
    included: of an authentication failure only the first sentence is kept.
    """
    data = getattr(error, "data", None)
    said = data.get("Message", data.get("message")) if isinstance(data, dict) else None
    text = " ".join(said.split()) if isinstance(said, str) else ""
    if result_codes.is_auth(code) or "signature" in code.lower():
        for end in (". ", ":", ";", ", "):
            text = text.split(end, 1)[0]
    return text[:_LONGEST_TEXT]


def _seconds(error: BaseException) -> float | None:
    """Return the gateway's hint in seconds; the client hands on its milliseconds as they came."""
    hint = getattr(error, "retry_after", None)
    if isinstance(hint, bool) or not isinstance(hint, int) or hint <= 0:
        return None
    return min(hint, _LONGEST_WAIT) / 1000


def _text(value: object) -> str:
    return value[:128] if isinstance(value, str) and value != "None" else ""
