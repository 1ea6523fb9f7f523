"""What an answer that is not 2xx means: certainly not carried out, refused, or unknown.

The default is `Unknown`; every other answer needs evidence, because a wrong "not sent" is a second
message on somebody's phone.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from typing import Any

from pushctl.credentials import WHAT_TO_SET, WHERE_LOOKED
from pushctl.masking import mask
from pushctl.mpaas import answer_fields, result_codes
from pushctl.mpaas.interface import CHECK_ADDRESS, NotSent, Refused, Unknown
from pushctl.text.duration import span
from pushctl.text.regex import regex

Failure = NotSent | Refused | Unknown

NO_CREDENTIALS = "NoCredentials"
"""A code of ours: there was no key, so no service was asked."""

NO_KEY = Refused(NO_CREDENTIALS, f"{WHERE_LOOKED} {WHAT_TO_SET}", "", auth=True)

_TITLE = regex(r"<title[^>]{0,200}>([^<]{1,200})", re.IGNORECASE)

_LONGEST_WAIT = 86_400_000
"""Milliseconds; a hint beyond a day is none."""


def text_or_failure(
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    host: str = "the service",
    ahead: float | None = None,
) -> str | Failure:
    """Return the text of a 2xx answer, or what another one means.

    `ahead` is by how many seconds the clock of the service is ahead of this machine's, if known.
    """
    if 300 <= status < 400:
        to = mask(headers.get("Location", "nowhere"))[:120]
        why = f"the answer of {host} was a redirection to {to}, which is never followed"
        return Unknown(why, fix=CHECK_ADDRESS)
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return Unknown("the answer was not text")
    if text.lstrip().startswith("<"):
        return _web_page(status, text, host)
    if 200 <= status < 300:
        return text
    error = answer_fields.parsed(text)
    if not isinstance(error, dict):
        return Unknown(f"the answer of {host} had the status {status} and was not a JSON object")
    return gateway_error(status, headers, error, ahead or 0.0)


def _web_page(status: int, text: str, host: str) -> Unknown:
    """Describe what the service never answers, such as the page where a network wants a login."""
    found = _TITLE.search(text[:65536])
    title = f' "{mask(" ".join(found[1].split()))[:60]}"' if found else ""
    kind = "a web page" if "html" in text[:1024].lower() else "XML"
    why = f"{host} answered with {kind}{title} (status {status})"
    return Unknown(why, fix=CHECK_ADDRESS if status < 500 else None)


def gateway_error(
    status: int, headers: Mapping[str, str], error: Mapping[str, Any], ahead: float
) -> Failure:
    """Classify an error answer by its HTTP status, its headers and the fields of its body.

    Codes are those of the vendor's pages of common errors. Which status comes with which is not
    documented for this product, so below 500 the code decides.
    """
    code = answer_fields.get(error, "Code")
    if not isinstance(code, str) or not result_codes.is_code(code):
        code = f"HTTP {status}"
    code = mask(code)
    request_id = answer_fields.request_id(error)
    hint = _seconds(headers.get("x-acs-retry-after"))
    if code.startswith("Throttling") or status == 429:
        return NotSent(f"the service asked for fewer calls ({code})", hint)
    # A nonce is never used twice here, so "used" means that something on the way sent the request
    # again: this copy was turned away, the other one may have been carried out.
    # 408 is a middlebox that gave up on somebody, not always on us.
    if (
        not 400 <= status < 500
        or status == 408
        or code.startswith(("SignatureNonceUsed", "ServiceUnavailable", "InternalError"))
    ):
        return Unknown(f"the service failed ({code})", request_id)
    if hint is not None:
        return NotSent(f"the service asked to wait ({code})", hint)
    message = _message(error, code)
    if abs(ahead) >= 60:  # which may be why
        side = "behind" if ahead > 0 else "ahead of"
        message += f" (this machine's clock is {span(abs(ahead))} {side} the service's: set it)"
    return Refused(code, message, request_id, auth=result_codes.is_auth(code))


def _message(error: Mapping[str, Any], code: str) -> str:
    """Return what the service said, without what it must not tell.

    The message about a signature goes on with everything that was signed, a temporary key's token
    included: of an authentication failure only the first sentence is kept.
    """
    text = answer_fields.text(error, "Message")
    if result_codes.is_auth(code) or "signature" in code.lower():
        for end in (". ", ":", ";", ", "):
            text = text.split(end, 1)[0]
    return text


def _seconds(hint: str | None) -> float | None:
    """Return the gateway's hint, milliseconds as text, in seconds; None if it is none.

    That it is milliseconds is how the vendor's client library uses it.
    """
    with contextlib.suppress(ValueError):
        milliseconds = int(hint or "")
        return min(milliseconds, _LONGEST_WAIT) / 1000 if milliseconds > 0 else None
    return None
