"""Authenticates calls: signatures of version 3 (header) and 1 (parameters), and access keys.

Calls with a key whose secret is known are held to everything that the gateway asks for: the
signature, what it has to cover, a date of the last minutes, a nonce that is new. sandbox/sandbox is
such a key, and `sandbox-sts` with the secret and the security token `sandbox` is a temporary one.
Other keys that look made up are accepted unchecked, unless the knob strict_auth is on.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from urllib.parse import quote

from pushctl.sandbox.errors import GatewayError, gateway_error
from pushctl.sandbox.gateway.decoding import Call, Pairs
from pushctl.sandbox.gateway.nonces import Nonces
from pushctl.sandbox.knobs import Knobs

DEFAULT_KEYS: Mapping[str, str] = {"sandbox": "sandbox", "sandbox-sts": "sandbox"}
_TOKENS: Mapping[str, str] = {"sandbox": "", "sandbox-sts": "sandbox"}
_V3, _V1 = "ACS3-HMAC-SHA256", "HMAC-SHA1"
_TEST_PREFIXES = ("sandbox", "test", "fake", "dummy", "example", "demo", "mock", "ltaifake")
_REAL_PREFIXES = ("ltai", "sts.")
_TEST_TOKENS = ("sts.fake", "sts.test", "sts.sandbox")
_PART = re.compile(r"(Credential|SignedHeaders|Signature)=([^,]*)")
# What a signature of version 3 has to cover, and what else if it is there.
_MUST_SIGN = {
    *("host", "x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce"),
    "x-acs-content-sha256",
}
_MAY_SIGN = {"content-type", "x-acs-security-token"}
_MISMATCH_V3 = "Specified signature does not match our calculation."
_MISMATCH_V1 = "Specified signature is not matched with our calculation."
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_KEYS = "the sandbox knows 'sandbox' (secret 'sandbox') and any key that starts with 'test'"


class _Credentials(NamedTuple):
    method: str
    key_id: str
    signature: str
    signed_headers: str
    timestamp: str
    nonce: str
    token: str


def looks_like_real_key(key_id: str) -> bool:
    """Whether an access key id looks like one of a real account."""
    lower = key_id.lower()
    return lower.startswith(_REAL_PREFIXES) and not lower.startswith(("ltaifake", *_TEST_TOKENS))


def authenticate(
    call: Call, keys: Mapping[str, str], nonces: Nonces, knobs: Knobs, now: float
) -> None:
    """Checks who calls; raises GatewayError.

    `keys` are secrets by access key id, `now` is the machine's own time in epoch seconds.
    """
    credentials = _credentials(call)
    if credentials is None:
        if knobs["unsigned"] == "accept":
            return
        raise gateway_error("MissingAccessKeyId", _KEYS)
    secret = keys.get(credentials.key_id)
    if secret is None:
        _require_test_key(credentials.key_id, strict=knobs.on("strict_auth"))
        return
    _check_token(credentials)
    _verify(call, credentials, secret)
    _check_date(credentials.timestamp, knobs.number("date_window"), now)
    if not credentials.nonce:
        raise gateway_error("MissingSignatureNonce")
    if not nonces.use(credentials.nonce, now):
        raise gateway_error("SignatureNonceUsed")


def _credentials(call: Call) -> _Credentials | None:
    header = call.request.headers.get("authorization", "")
    if header:
        return _header_credentials(call.request.headers, header)
    fields = call.fields
    if "Signature" not in fields and "AccessKeyId" not in fields:
        return None
    if not fields.get("AccessKeyId"):
        raise gateway_error("MissingAccessKeyId", _KEYS)
    if not fields.get("Signature"):
        raise gateway_error("IncompleteSignature", "the Signature is missing")
    return _Credentials(
        fields.get("SignatureMethod", _V1),
        fields["AccessKeyId"],
        fields["Signature"],
        "",
        fields.get("Timestamp", ""),
        fields.get("SignatureNonce", ""),
        fields.get("SecurityToken", ""),
    )


def _header_credentials(headers: Mapping[str, str], header: str) -> _Credentials:
    method, _, rest = header.partition(" ")
    parts = {found[1]: found[2].strip() for found in _PART.finditer(rest)}
    if not parts.get("Credential") or not parts.get("Signature") or "SignedHeaders" not in parts:
        raise gateway_error("IncompleteSignature", "the Authorization header is malformed")
    return _Credentials(
        method,
        parts["Credential"],
        parts["Signature"],
        parts["SignedHeaders"],
        headers.get("x-acs-date", ""),
        headers.get("x-acs-signature-nonce", ""),
        headers.get("x-acs-security-token", ""),
    )


def _require_test_key(key_id: str, *, strict: bool) -> None:
    if looks_like_real_key(key_id):
        raise GatewayError(
            400,
            "Sandbox.RealAccessKey",
            "This is the pushctl sandbox, and the access key looks like one of a real account. "
            "Use the key 'sandbox' with the secret 'sandbox', or a name that starts with "
            "'test', and keep real keys out of local tools.",
        )
    if strict:
        raise gateway_error("InvalidAccessKeyId.NotFound", "strict_auth is on: use 'sandbox'")
    if not key_id.lower().startswith((*_TEST_PREFIXES, *_TEST_TOKENS)):
        raise gateway_error("InvalidAccessKeyId.NotFound", _KEYS)


def _check_token(credentials: _Credentials) -> None:
    # Of a key that somebody else brought along, nobody knows whether it is a temporary one.
    wanted = _TOKENS.get(credentials.key_id, credentials.token)
    if wanted and not credentials.token:
        raise gateway_error("MissingSecurityToken", f"that of {credentials.key_id} is {wanted!r}")
    if credentials.token != wanted:
        hint = f"the token is {wanted!r}" if wanted else "this key is no temporary one"
        raise gateway_error("InvalidSecurityToken.MismatchWithAccessKey", hint)


def _verify(call: Call, credentials: _Credentials, secret: str) -> None:
    # Clients read these messages: one compares what follows the colon with what it signed.
    if credentials.method == _V3:
        body_hash = _body_hash(call, credentials.signed_headers)
        expected, signed = v3_signature(call, credentials.signed_headers, secret, body_hash)
        message = f"{_MISMATCH_V3} server StringToSign is [{signed}]"
    elif credentials.method == _V1:
        expected, signed = v1_signature(call, secret)
        message = f"{_MISMATCH_V1} server string to sign is:{signed}"
    else:
        hint = f"the sandbox verifies {_V3} and {_V1} signatures only"
        raise gateway_error("IncompleteSignature", hint)
    given = credentials.signature.encode("utf-8", "replace")
    if not hmac.compare_digest(expected.encode(), given):
        raise gateway_error("SignatureDoesNotMatch", message=message)


def _body_hash(call: Call, signed_headers: str) -> str:
    _require_signed_headers(call.request.headers, signed_headers)
    body_hash = hashlib.sha256(call.request.body).hexdigest()
    if call.request.headers["x-acs-content-sha256"].lower() != body_hash:
        hint = "x-acs-content-sha256 is not the hash of the body"
        raise gateway_error("SignatureDoesNotMatch", hint)
    return body_hash


def _require_signed_headers(headers: Mapping[str, str], signed_headers: str) -> None:
    missing = _MUST_SIGN.difference(headers)
    wanted = _MUST_SIGN | _MAY_SIGN.intersection(headers)
    unsigned = wanted.difference(signed_headers.lower().split(";"))
    if "x-acs-date" in missing:
        raise gateway_error("MissingTimestamp", "the header x-acs-date is missing")
    if "x-acs-signature-nonce" in missing:
        raise gateway_error("MissingSignatureNonce", "the header x-acs-signature-nonce is missing")
    if missing or unsigned:
        names = ", ".join(sorted(missing or unsigned))
        must = "must be sent and signed" if missing else "must be among SignedHeaders"
        raise gateway_error("IncompleteSignature", f"{names} {must}")


def v3_signature(call: Call, signed_headers: str, secret: str, body_hash: str) -> tuple[str, str]:
    """Returns the ACS3-HMAC-SHA256 signature a call should have, and the text it signs."""
    request = call.request
    names = sorted(filter(None, signed_headers.lower().split(";")))
    canonical = "\n".join(
        (
            request.method,
            request.path if request.path.strip("/") else "/",
            _canonical(call.query),
            "".join([f"{name}:{request.headers.get(name, '')}\n" for name in names]),
            ";".join(names),
            body_hash,
        )
    )
    digest = hashlib.sha256(canonical.encode("latin-1", "replace")).hexdigest()
    to_sign = f"{_V3}\n{digest}"
    return hmac.new(secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest(), to_sign


def v1_signature(call: Call, secret: str) -> tuple[str, str]:
    """Returns the HMAC-SHA1 signature a call should have, and the text it signs."""
    pairs = tuple(pair for pair in call.query + call.form if pair[0] != "Signature")
    to_sign = f"{call.request.method}&%2F&{_encode(_canonical(pairs))}"
    mac = hmac.new(f"{secret}&".encode(), to_sign.encode(), hashlib.sha1)
    return base64.b64encode(mac.digest()).decode("ascii"), to_sign


def _canonical(pairs: Pairs) -> str:
    return "&".join(f"{_encode(key)}={_encode(value)}" for key, value in sorted(pairs))


def _encode(text: str) -> str:
    return quote(text, safe="-_.~", errors="surrogateescape")


def _check_date(timestamp: str, window: int, now: float) -> None:
    if not timestamp:
        raise gateway_error("MissingTimestamp")
    if window and abs(_seconds(timestamp) - now) > window:
        hint = "the date of a signature is compared with the clock of the machine"
        raise gateway_error("InvalidTimeStamp.Expired", hint)


def _seconds(timestamp: str) -> float:
    if not _TIMESTAMP.fullmatch(timestamp):
        raise gateway_error("InvalidTimeStamp.Format", "wanted is 2026-12-01T10:00:00Z, in UTC")
    try:
        return datetime.fromisoformat(timestamp).timestamp()
    except ValueError as error:
        raise gateway_error("InvalidTimeStamp.Format", str(error)) from error
