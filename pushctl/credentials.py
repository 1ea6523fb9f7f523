"""Which key signs the calls: found in the environment, or left to the vendor's own chain."""

from __future__ import annotations

import logging
import threading
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pushctl import masking
from pushctl.errors import ConfigError

_PAIRS = (
    (
        "ALIBABA_CLOUD_ACCESS_KEY_ID",
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
        "ALIBABA_CLOUD_SECURITY_TOKEN",
    ),
    # The names that the product's own pages use; the vendor's packages do not know them.
    ("MPAAS_AK_ENV", "MPAAS_SK_ENV", None),
)

WHERE_LOOKED = (
    "Looked for ALIBABA_CLOUD_ACCESS_KEY_ID with ALIBABA_CLOUD_ACCESS_KEY_SECRET, for MPAAS_AK_ENV "
    "with MPAAS_SK_ENV, and in the vendor's default chain (OIDC role, aliyun CLI profile, "
    "~/.alibabacloud/credentials.ini, role of the ECS instance, ALIBABA_CLOUD_CREDENTIALS_URI)."
)

WHAT_TO_SET = (
    "Set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET (and, for a temporary "
    "key, ALIBABA_CLOUD_SECURITY_TOKEN), or log in with the aliyun CLI."
)


@dataclass(frozen=True, slots=True)
class Credentials:
    """A fixed key; with a `security_token` it is a temporary one and will run out."""

    access_key_id: str
    access_key_secret: str = field(repr=False)
    security_token: str | None = field(default=None, repr=False)

    def current(self) -> Credentials:
        """Return the key to sign with now."""
        return self


@dataclass(slots=True)
class CredentialChain:
    """The vendor's default chain: asked when the first call is made, and again before keys expire.

    Away from its cloud the chain ends by asking 100.100.100.200 (one second to connect, one to
    read). That is left as it is, since an ECS instance role is a fair way to run this; whoever
    minds the wait sets ALIBABA_CLOUD_ECS_METADATA_DISABLED=true. The vendor's package reads its
    variables when it is imported: later changes to the environment are not seen.
    """

    _client: Any = field(default=None, init=False, repr=False, compare=False)
    _lock: Any = field(default_factory=threading.Lock, init=False, repr=False, compare=False)

    def current(self) -> Credentials:
        """Return the key of this moment; raises `CredentialsUnavailableError`.

        The lock makes threads that start together wait for one search instead of each making its
        own.
        """
        with self._lock:
            try:
                if self._client is None:
                    self._client = _vendors_chain()
                key = self._client.get_credential()
            except Exception:
                # Whatever a provider said may quote its answer, so it is dropped: the exception
                # below is raised where nothing links it to this one.
                key = None
        if key is None or not (key.access_key_id and key.access_key_secret):
            raise CredentialsUnavailableError
        masking.remember((key.access_key_secret, key.security_token or ""))
        return Credentials(key.access_key_id, key.access_key_secret, key.security_token)


CredentialSource = Credentials | CredentialChain


class CredentialsUnavailableError(Exception):
    """The chain gave no key, so the call that wanted one was certainly not sent.

    Takes no text on purpose: what the providers say may quote their answers, keys included.
    """


def _vendors_chain() -> Any:
    """Import the vendor's chain, which takes a quarter of a second, and undo what that does."""
    # Its signing asks for the time in a way that Python 3.12 and later warn about.
    for package in ("alibabacloud_", "Tea"):
        warnings.filterwarnings("ignore", category=DeprecationWarning, module=package)
    from alibabacloud_credentials.client import Client  # noqa: PLC0415  (see above)

    # Its loggers print to stderr by themselves, and with DEBUG=sdk in the environment they print
    # every header, signature and token included.
    for name in ("alibabacloud-tea", "credentials"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = False
        logger.disabled = True
    return Client()


def find_credentials(env: Mapping[str, str]) -> CredentialSource:
    """Choose the key from an environment; the chain if none is named there.

    Raises `ConfigError` if only half a pair is set, since going on with some other key than the
    one that was meant would be worse.
    """
    for id_name, secret_name, token_name in _PAIRS:
        # A secret pasted into a CI setting often ends in a newline, which no header may hold.
        key_id, secret = env.get(id_name, "").strip(), env.get(secret_name, "").strip()
        if key_id and secret:
            token = env.get(token_name, "").strip() if token_name else ""
            return Credentials(key_id, secret, token or None)
        if key_id or secret:
            found, lacking = (id_name, secret_name) if key_id else (secret_name, id_name)
            detail = f"{found} is set but {lacking} is not"
            fix = f"Set {lacking} too, or unset {found}."
            raise ConfigError("Half of the credentials is missing", detail, fix=fix)
    return CredentialChain()


def missing_credentials() -> ConfigError:
    """Say that no key was found, where it was looked for and what to set."""
    return ConfigError("No credentials found", WHERE_LOOKED, fix=WHAT_TO_SET)
