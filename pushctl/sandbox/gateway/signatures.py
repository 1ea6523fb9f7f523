"""Authenticates calls: signatures of version 3 (header) and 1 (parameters), and access keys."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from pushctl.sandbox.errors import GatewayError
from pushctl.sandbox.gateway.decoding import Call, Pairs
from pushctl.sandbox.storage.store import Session

DEFAULT_KEYS: Mapping[str, str] = {"sandbox": "sandbox"}
_V3, _V1 = "ACS3-HMAC-SHA256", "HMAC-SHA1"
_TEST_PREFIXES = ("sandbox", "test", "fake", "dummy", "example", "demo", "mock", "ltaifake")
_REAL_PREFIXES = ("ltai", "sts.")
_TEST_TOKENS = ("sts.fake", "sts.test", "sts.sandbox")
_PART = re.compile(r"(Credential|SignedHeaders|Signature)=([^,]*)")


@dataclass(frozen=True, slots=True)
class _Credentials:
    method: str
    key_id: str
    signature: str
    signed_headers: str
    timestamp: str
    nonce: str


def looks_like_real_key(key_id: str) -> bool:
    """Whether an access key id looks like one of a real account."""
    lower = key_id.lower()
    return lower.startswith(_REAL_PREFIXES) and not lower.startswith(("ltaifake", *_TEST_TOKENS))


def authenticate(call: Call, keys: Mapping[str, str], session: Session) -> None:
    """Checks who calls; `keys` are secrets by access key id. Raises GatewayError."""
    knobs = session.knobs
    credentials = _credentials(call)
    if credentials is None:
        if knobs["unsigned"] == "accept":
            return
        raise GatewayError(400, "MissingAccessKeyId", "AccessKeyId is mandatory for this action.")
    secret = keys.get(credentials.key_id)
    if secret is None:
        _require_test_key(credentials.key_id, strict=knobs.on("strict_auth"))
    else:
        _verify(call, credentials, secret)
    if knobs.on("strict_auth"):
        _check_freshness(credentials, session)


def _credentials(call: Call) -> _Credentials | None:
    header = call.request.headers.get("authorization", "")
    if header:
        return _header_credentials(call, header)
    fields = call.fields
    if "Signature" not in fields and "AccessKeyId" not in fields:
        return None
    if not fields.get("AccessKeyId"):
        raise GatewayError(400, "MissingAccessKeyId", "AccessKeyId is mandatory for this action.")
    if not fields.get("Signature"):
        raise GatewayError(400, "IncompleteSignature", "The Signature is missing.")
    return _Credentials(
        fields.get("SignatureMethod", _V1),
        fields["AccessKeyId"],
        fields["Signature"],
        "",
        fields.get("Timestamp", ""),
        fields.get("SignatureNonce", ""),
    )


def _header_credentials(call: Call, header: str) -> _Credentials:
    method, _, rest = header.partition(" ")
    parts = {found[1]: found[2].strip() for found in _PART.finditer(rest)}
    if not parts.get("Credential") or not parts.get("Signature") or "SignedHeaders" not in parts:
        raise GatewayError(400, "IncompleteSignature", "The Authorization header is malformed.")
    return _Credentials(
        method,
        parts["Credential"],
        parts["Signature"],
        parts["SignedHeaders"],
        call.request.headers.get("x-acs-date", ""),
        call.request.headers.get("x-acs-signature-nonce", ""),
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
    if strict or not key_id.lower().startswith((*_TEST_PREFIXES, *_TEST_TOKENS)):
        raise GatewayError(
            404,
            "InvalidAccessKeyId.NotFound",
            "Specified access key is not found. The sandbox knows 'sandbox' (secret 'sandbox')"
            + ("." if strict else " and any key whose id starts with 'sandbox' or 'test'."),
        )


def _verify(call: Call, credentials: _Credentials, secret: str) -> None:
    if credentials.method == _V3:
        expected, to_sign = v3_signature(call, credentials.signed_headers, secret)
        _require_body_hash(call)
    elif credentials.method == _V1:
        expected, to_sign = v1_signature(call, secret)
    else:
        raise GatewayError(
            400, "IncompleteSignature", f"The sandbox verifies {_V3} and {_V1} signatures only."
        )
    given = credentials.signature.encode("utf-8", "replace")
    if not hmac.compare_digest(expected.encode(), given):
        raise GatewayError(
            400,
            "SignatureDoesNotMatch",
            "Specified signature does not match the calculation of the server. "
            f"server string to sign is:{to_sign}",
        )


def _require_body_hash(call: Call) -> None:
    claimed = call.request.headers.get("x-acs-content-sha256", "")
    if claimed.lower() != hashlib.sha256(call.request.body).hexdigest():
        raise GatewayError(
            400, "SignatureDoesNotMatch", "x-acs-content-sha256 is not the hash of the body."
        )


def v3_signature(call: Call, signed_headers: str, secret: str) -> tuple[str, str]:
    """Returns the ACS3-HMAC-SHA256 signature a call should have, and the text it signs."""
    request = call.request
    names = sorted(name for name in signed_headers.lower().split(";") if name)
    canonical = "\n".join(
        (
            request.method,
            request.path if request.path.strip("/") else "/",
            _canonical(call.query),
            "".join(f"{name}:{request.headers.get(name, '')}\n" for name in names),
            ";".join(names),
            hashlib.sha256(request.body).hexdigest(),
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


def _check_freshness(credentials: _Credentials, session: Session) -> None:
    knobs = session.knobs
    window = knobs.number("date_window")
    if window:
        try:
            date = datetime.strptime(credentials.timestamp, "%Y-%m-%dT%H:%M:%SZ")
        except ValueError as error:
            raise GatewayError(
                400, "InvalidTimeStamp.Format", "Specified time stamp is not well formatted."
            ) from error
        if abs(date.replace(tzinfo=UTC).timestamp() - session.real_time) > window:
            raise GatewayError(
                400, "InvalidTimeStamp.Expired", "Specified time stamp or date is expired."
            )
    keep = knobs.number("nonce_seconds")
    if keep and not credentials.nonce:
        raise GatewayError(400, "MissingParameter", "The signature nonce is mandatory.")
    if keep and not session.remember_nonce(credentials.nonce[:256], keep):
        raise GatewayError(400, "SignatureNonceUsed", "Specified signature nonce was used already.")
