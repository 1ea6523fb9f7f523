"""Which key signs the calls: found in the environment, or left to the vendor's own chain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

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


@dataclass(frozen=True, slots=True)
class CredentialChain:
    """The vendor's default chain: asked when the first call is made, and again before keys expire.

    Away from its cloud the chain ends by asking 100.100.100.200 (one second to connect, one to
    read). That is left as it is, since an ECS instance role is a fair way to run this; whoever
    minds the wait sets ALIBABA_CLOUD_ECS_METADATA_DISABLED=true. The vendor's package reads its
    variables when it is imported: later changes to the environment are not seen.
    """


CredentialSource = Credentials | CredentialChain


class CredentialsUnavailableError(Exception):
    """The chain gave no key, so the call that wanted one was certainly not sent.

    Takes no text on purpose: what the providers say may quote their answers, keys included.
    """


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
            raise ConfigError(
                "Half of the credentials is missing",
                f"{found} is set but {lacking} is not",
                fix=f"Set {lacking} too, or unset {found}.",
            )
    return CredentialChain()


def secrets(env: Mapping[str, str]) -> tuple[str, ...]:
    """Return everything in an environment that must never be shown."""
    names = [name for _, secret, token in _PAIRS for name in (secret, token) if name is not None]
    return tuple(value for name in names if (value := env.get(name, "").strip()))


def missing_credentials() -> ConfigError:
    """Say that no key was found, where it was looked for and what to set."""
    return ConfigError("No credentials found", WHERE_LOOKED, fix=WHAT_TO_SET)
