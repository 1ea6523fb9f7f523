"""The signature of a call, by the vendor's client or, on this machine, as that makes it.

The vendor's client takes a fifth of a second to import, and only for this: whoever tries the
sandbox need not wait for it.
"""

from __future__ import annotations

import hashlib
import hmac
import warnings
from collections.abc import Mapping
from types import SimpleNamespace

from pushctl.credentials import Credentials

ALGORITHM = "ACS3-HMAC-SHA256"


def by_vendor(headers: Mapping[str, str], payload: str, key: Credentials) -> str:
    """Return the header Authorization of a POST to `/`; `payload` is the SHA-256 of its body."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecations within the vendor's packages
        from alibabacloud_tea_openapi.utils import Utils  # noqa: PLC0415  (see above)

    request = SimpleNamespace(method="POST", pathname="/", query={}, headers=headers)
    made: str = Utils.get_authorization(
        request, ALGORITHM, payload, key.access_key_id, key.access_key_secret
    )
    return made


def on_this_machine(headers: Mapping[str, str], payload: str, key: Credentials) -> str:
    """Return the same as `by_vendor`.

    Source: https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature
    """
    lines = sorted((name.lower(), value.strip()) for name, value in headers.items())
    names = ";".join(name for name, _ in lines)
    shown = "".join(f"{name}:{value}\n" for name, value in lines)
    digest = hashlib.sha256(f"POST\n/\n\n{shown}\n{names}\n{payload}".encode()).hexdigest()
    text = f"{ALGORITHM}\n{digest}".encode()
    made = hmac.digest(key.access_key_secret.encode(), text, "sha256").hex()
    return f"{ALGORITHM} Credential={key.access_key_id},SignedHeaders={names},Signature={made}"
