"""Signs and makes one call to the gateway, and says what its failure means.

Of the vendor's client only the signature is used: it cannot bound an answer in size or time, and it
hides whether a failed call was sent. It takes a fifth of a second to import, so what goes to this
machine, as to the sandbox, is signed without it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import uuid
import warnings
from collections.abc import Mapping
from types import SimpleNamespace
from urllib.parse import urlencode

from pushctl import __version__
from pushctl.credentials import Credentials, CredentialSource, CredentialsUnavailableError
from pushctl.http.client import Answer, HttpClient, NoAnswerError, NotSentError, WithheldError
from pushctl.mpaas.endpoint import Address
from pushctl.mpaas.failures import NO_KEY, Failure
from pushctl.mpaas.interface import CHECK_ADDRESS, NotSent, Objection, Unknown, no_objection
from pushctl.push.push import Parameter

API_VERSION = "2020-10-28"
ALGORITHM = "ACS3-HMAC-SHA256"


def send(
    http: HttpClient,
    endpoint: Address,
    credential: CredentialSource,
    action: str,
    parameters: Mapping[str, Parameter],
    objection: Objection = no_objection,
) -> Answer | Failure:
    """Make one call, once; returns its answer, whatever the status, or why there is none."""
    body = urlencode(sorted(parameters.items())).encode()
    now, nonce = dt.datetime.now(dt.UTC), uuid.uuid4().hex
    try:
        key = credential.current()
        headers = signed(action, body, endpoint, key, now=now, nonce=nonce)
        url = f"{endpoint.url}/"
        return http.call("POST", url, headers=headers, body=body, objection=objection)
    except CredentialsUnavailableError:
        return NO_KEY
    except WithheldError as error:
        return NotSent(str(error))
    except NotSentError as error:
        return NotSent(str(error), fix=error.fix or CHECK_ADDRESS)
    except NoAnswerError as error:
        return Unknown(str(error))
    except Exception as error:
        # The one broad catch: whatever a library, or a bug in it, raises after a request may have
        # left is "unknown". The exception goes no further: it may hold the request.
        return Unknown(f"the call failed in a way nobody foresaw ({type(error).__name__})")


def signed(
    action: str,
    body: bytes,
    endpoint: Address,
    credentials: Credentials,
    *,
    now: dt.datetime,
    nonce: str,
) -> dict[str, str]:
    """Return the headers of a call, signed; `now` is in UTC."""
    payload = hashlib.sha256(body).hexdigest()
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Host": endpoint.host,
        "x-acs-action": action,
        "x-acs-content-sha256": payload,
        "x-acs-date": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": nonce,
        "x-acs-version": API_VERSION,
    }
    if credentials.security_token:
        headers["x-acs-security-token"] = credentials.security_token
    sign = on_this_machine if endpoint.is_local else by_vendor
    return {
        **headers,
        "Accept": "application/json",
        "User-Agent": f"pushctl/{__version__}",
        "Authorization": sign(headers, payload, credentials),
    }


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
