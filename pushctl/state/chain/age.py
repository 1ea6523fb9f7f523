"""Entries that only the holders of a key can read, sealed as the `age` program does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyrage
from msgspec import Struct
from pyrage.x25519 import Identity, Recipient

from pushctl.errors import ConfigError, StateError

RECIPIENTS, KEY = "PUSHCTL_AGE_RECIPIENTS", "PUSHCTL_AGE_KEY"
NEEDED = f"{RECIPIENTS} needs the public keys of all who read it, {KEY} the secret key of one"


class AgeSeal(Struct, frozen=True):
    """Seals for all `recipients`, opens with one of `keys`; the contract is `chain.entry.Seal`."""

    recipients: Sequence[Any]
    keys: Sequence[Any]

    def close(self, data: bytes) -> bytes:
        """See `Seal.close`; raises `StateError` unless this process could open it again."""
        if not self.recipients:
            raise StateError("The state would be unsealed", f"{RECIPIENTS} is not set", fix=NEEDED)
        sealed: bytes = pyrage.encrypt(data, self.recipients)
        self.open(sealed)
        return sealed

    def open(self, data: bytes) -> bytes:
        try:
            opened: bytes = pyrage.decrypt(data, self.keys)
        except pyrage.DecryptError as error:
            detail = f"it is sealed for others than the holder of {KEY}"
            raise StateError("The state cannot be opened", detail, fix=NEEDED) from error
        return opened


def open_seal(environ: Mapping[str, str]) -> AgeSeal:
    """Return the seal that the environment asks for; raises `ConfigError`, which quotes no key."""
    key = environ.get(KEY, "").strip()
    try:
        if key and not key.startswith("AGE-SECRET-KEY-"):
            key = Path(key).expanduser().read_text("utf-8")
        keys = [Identity.from_str(line) for line in key.split("\n") if line and line[0] != "#"]
        named = environ.get(RECIPIENTS, "").replace(",", " ").split()
        recipients = [Recipient.from_str(word) for word in named]
    except (OSError, ValueError, pyrage.IdentityError, pyrage.RecipientError) as error:
        detail = f"age1..., and AGE-SECRET-KEY-1... or a file with it: {type(error).__name__}"
        raise ConfigError("The keys cannot be understood", detail, fix=NEEDED) from None
    if not keys:
        raise ConfigError(f"{KEY} is not set", "who writes must be able to read", fix=NEEDED)
    return AgeSeal(recipients, keys)
