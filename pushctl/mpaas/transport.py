"""Signs and makes one call to the gateway, and says what its failure means.

Imports the vendor's client, which takes a quarter of a second, so it is itself imported only when
a call is about to be made. Only its signature is used: it cannot bound an answer in size or time,
and it hides whether a failed call was sent.
"""

from __future__ import annotations

import datetime as dt
import hashlib
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

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # deprecations within the vendor's packages
    from alibabacloud_tea_openapi.utils import Utils

API_VERSION = "2020-10-28"
SIGNATURE = "ACS3-HMAC-SHA256"


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
        headers = signed(action, body, endpoint.host, key, now=now, nonce=nonce)
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
    host: str,
    credentials: Credentials,
    *,
    now: dt.datetime,
    nonce: str,
) -> dict[str, str]:
    """Return the headers of a call, signed as the vendor's client does it; `now` is in UTC.

    Source: https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature
    """
    payload = hashlib.sha256(body).hexdigest()
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Host": host,
        "x-acs-action": action,
        "x-acs-content-sha256": payload,
        "x-acs-date": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": nonce,
        "x-acs-version": API_VERSION,
    }
    if credentials.security_token:
        headers["x-acs-security-token"] = credentials.security_token
    request = SimpleNamespace(method="POST", pathname="/", query={}, headers=headers)
    authorization = Utils.get_authorization(
        request, SIGNATURE, payload, credentials.access_key_id, credentials.access_key_secret
    )
    return {
        **headers,
        "Accept": "application/json",
        "User-Agent": f"pushctl/{__version__}",
        "Authorization": authorization,
    }
