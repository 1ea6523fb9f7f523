"""Calls signed as the vendor's clients sign them."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import UTC, datetime

HOST = "127.0.0.1"
FORM = "application/x-www-form-urlencoded"


def signed(
    action: str,
    body: str,
    *,
    key: str = "sandbox",
    secret: str = "sandbox",
    host: str = "127.0.0.1",
) -> dict[str, str]:
    """Return the headers of a call of the current API version, with a signature of version 3."""
    digest = hashlib.sha256(body.encode()).hexdigest()
    headers = {
        "content-type": FORM,
        "host": host,
        "x-acs-action": action,
        "x-acs-content-sha256": digest,
        "x-acs-date": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": secrets.token_hex(16),
        "x-acs-version": "2020-10-28",
    }
    names = ";".join(headers)
    lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
    canonical = f"POST\n/\n\n{lines}\n{names}\n{digest}"
    to_sign = f"ACS3-HMAC-SHA256\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.new(secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    names = f"Credential={key},SignedHeaders={names}"
    return {**headers, "Authorization": f"ACS3-HMAC-SHA256 {names},Signature={signature}"}
