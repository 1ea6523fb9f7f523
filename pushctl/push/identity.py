"""Digests, message keys and labels: what makes a push, a message and a target the same one."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

from msgspec.json import encode

# `json.dumps` would make one anew each time.
_ENCODER = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def canonical_json(value: Any) -> str:
    """Encode a value as JSON: keys sorted, no spaces, text as it is."""
    return _ENCODER.encode(value)


def sha256(text: str) -> str:
    """Return the SHA-256 (hex) of a text in UTF-8; a lone surrogate counts as three bytes."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def digest(value: Any) -> str:
    """Return the SHA-256 (hex) of a value's canonical JSON."""
    return sha256(canonical_json(value))


def has_digest(value: Any, expected: str) -> bool:
    """Tell whether a value's digest is the expected one."""
    try:  # almost always the same bytes, in a fraction of the time
        fast = encode(value, order="deterministic")
    except (TypeError, ValueError, OverflowError, RecursionError):
        fast = b""
    return hashlib.sha256(fast).hexdigest() == expected or digest(value) == expected


def message_key(
    *, lineage: str, id: str, generation: int, chunk: int, segment: int, target: str
) -> str:
    """Derive the business id of one message to one target.

    The same for every attempt at the same intent, different for everything else: 130 bits of
    SHA-256 in lower-case base32, 26 characters.
    """
    parts = json.dumps([lineage, id, generation, chunk, segment, target], ensure_ascii=False)
    hashed = hashlib.sha256(parts.encode("utf-8", "surrogatepass")).digest()
    return base64.b32encode(hashed).decode("ascii").lower()[:26]


def is_digest(name: str) -> bool:
    """Tell whether a name is what `hashed_label` makes; no target of a manifest is."""
    return name.startswith("h:") and re.fullmatch(r"h:[0-9a-f]{32}", name) is not None


def hashed_label(salt: str) -> Callable[[str], str]:
    """Return the function that names a target by its salted digest, 128 bits in hex."""

    def label(target: str) -> str:
        return "h:" + digest([salt, target])[:32]

    return label
