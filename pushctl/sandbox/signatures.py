"""Who is calling: the two signature schemes, and which access keys a toy may accept.

One reason to change: how calls are authenticated.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol
from urllib.parse import quote

from pushctl.sandbox.assumptions import Knobs
from pushctl.sandbox.codes import GatewayError
from pushctl.sandbox.wire import Call, Pairs

OWN_KEYS: Mapping[str, str] = {"sandbox": "sandbox"}
_V3, _V1 = "ACS3-HMAC-SHA256", "HMAC-SHA1"
_TOY_PREFIXES = ("sandbox", "test", "fake", "dummy", "example", "demo", "mock", "ltaifake")
_REAL_PREFIXES = ("ltai", "sts.")
_TOY_TOKENS = ("sts.fake", "sts.test", "sts.sandbox")
_PART = re.compile(r"\s*(Credential|SignedHeaders|Signature)=([^,]*)")


class NonceMemory(Protocol):
    """Where used nonces are remembered, by every process that shares the data."""

    def nonce_is_new(self, nonce: str, real: float, keep: int) -> bool:
        """Remembers a nonce; False when it was already known."""


@dataclass(frozen=True, slots=True)
class _Claim:
    method: str
    key_id: str
    signature: str
    signed_headers: str
    moment: str
    nonce: str


def looks_real(key_id: str) -> bool:
    """Whether an access key id has the shape of one that opens a real account."""
    lower = key_id.lower()
    return lower.startswith(_REAL_PREFIXES) and not lower.startswith(("ltaifake", *_TOY_TOKENS))


def authenticate(
    call: Call, keys: Mapping[str, str], knobs: Knobs, nonces: NonceMemory, real: float
) -> None:
    """Returns when the caller may go on; raises what the gateway would answer otherwise."""
    claim = _claim(call)
    if claim is None:
        if knobs["unsigned"] == "accept":
            return
        raise GatewayError(400, "MissingAccessKeyId", "AccessKeyId is mandatory for this action.")
    secret = keys.get(claim.key_id)
    if secret is None:
        _require_toy(claim.key_id, strict=knobs.on("strict_auth"))
    else:
        _verify(call, claim, secret)
    if knobs.on("strict_auth"):
        _require_fresh(claim, knobs, nonces, real)


def _claim(call: Call) -> _Claim | None:
    header = call.request.headers.get("authorization", "")
    if header:
        return _header_claim(call, header)
    fields = call.fields
    if "Signature" not in fields and "AccessKeyId" not in fields:
        return None
    if not fields.get("AccessKeyId"):
        raise GatewayError(400, "MissingAccessKeyId", "AccessKeyId is mandatory for this action.")
    if not fields.get("Signature"):
        raise GatewayError(400, "IncompleteSignature", "The Signature is missing.")
    return _Claim(
        fields.get("SignatureMethod", _V1),
        fields["AccessKeyId"],
        fields["Signature"],
        "",
        fields.get("Timestamp", ""),
        fields.get("SignatureNonce", ""),
    )


def _header_claim(call: Call, header: str) -> _Claim:
    method, _, rest = header.partition(" ")
    parts = {found[1]: found[2].strip() for found in _PART.finditer(rest)}
    if not parts.get("Credential") or not parts.get("Signature") or "SignedHeaders" not in parts:
        raise GatewayError(400, "IncompleteSignature", "The Authorization header is malformed.")
    return _Claim(
        method,
        parts["Credential"],
        parts["Signature"],
        parts["SignedHeaders"],
        call.request.headers.get("x-acs-date", ""),
        call.request.headers.get("x-acs-signature-nonce", ""),
    )


def _require_toy(key_id: str, *, strict: bool) -> None:
    if looks_real(key_id):
        raise GatewayError(
            400,
            "Sandbox.RealAccessKey",
            "This is the pushctl sandbox, and the access key looks like one of a real account. "
            "Use the key 'sandbox' with the secret 'sandbox', or a name that starts with "
            "'test', and keep real keys out of local tools.",
        )
    if strict or not key_id.lower().startswith((*_TOY_PREFIXES, *_TOY_TOKENS)):
        raise GatewayError(
            404,
            "InvalidAccessKeyId.NotFound",
            "Specified access key is not found. The sandbox knows 'sandbox' (secret 'sandbox')"
            + ("." if strict else " and any key whose id starts with 'sandbox' or 'test'."),
        )


def _verify(call: Call, claim: _Claim, secret: str) -> None:
    if claim.method == _V3:
        expected, to_sign = v3_signature(call, claim.signed_headers, secret)
        _require_body_hash(call)
    elif claim.method == _V1:
        expected, to_sign = v1_signature(call, secret)
    else:
        raise GatewayError(
            400, "IncompleteSignature", f"The sandbox verifies {_V3} and {_V1} signatures only."
        )
    given = claim.signature.encode("utf-8", "replace")
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
    """The ACS3-HMAC-SHA256 signature a call should carry, and the text that is signed."""
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
    """The HMAC-SHA1 signature a call should carry, and the text that is signed."""
    pairs = tuple(pair for pair in call.query + call.form if pair[0] != "Signature")
    to_sign = f"{call.request.method}&%2F&{_encode(_canonical(pairs))}"
    mac = hmac.new(f"{secret}&".encode(), to_sign.encode(), hashlib.sha1)
    return base64.b64encode(mac.digest()).decode("ascii"), to_sign


def _canonical(pairs: Pairs) -> str:
    return "&".join(f"{_encode(key)}={_encode(value)}" for key, value in sorted(pairs))


def _encode(text: str) -> str:
    return quote(text, safe="-_.~", errors="surrogateescape")


def _require_fresh(claim: _Claim, knobs: Knobs, nonces: NonceMemory, real: float) -> None:
    window = knobs.number("date_window")
    if window:
        try:
            moment = datetime.strptime(claim.moment, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        except ValueError as error:
            raise GatewayError(
                400, "InvalidTimeStamp.Format", "Specified time stamp is not well formatted."
            ) from error
        if abs(moment.timestamp() - real) > window:
            raise GatewayError(
                400, "InvalidTimeStamp.Expired", "Specified time stamp or date is expired."
            )
    keep = knobs.number("nonce_seconds")
    if keep and not claim.nonce:
        raise GatewayError(400, "MissingParameter", "The signature nonce is mandatory.")
    if keep and not nonces.nonce_is_new(claim.nonce[:256], real, keep):
        raise GatewayError(400, "SignatureNonceUsed", "Specified signature nonce was used already.")
