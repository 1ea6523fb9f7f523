"""What an entry says to whom, as far as its record tells: nothing else knows once it is removed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from pushctl.push.message import AudienceKind


class MessageSummary(Struct, frozen=True):
    """Title and body of a message, and what those are who get it; None where nobody knows."""

    title: str
    body: str
    kind: AudienceKind | None = None


KINDS = frozenset(kind.key for kind in AudienceKind)


def recorded_summary(spec: Mapping[str, Any]) -> MessageSummary:
    """Read a recorded spec; what is missing in it, or is no text, is empty."""
    message = spec.get("message")
    found: Mapping[str, Any] = message if isinstance(message, Mapping) else {}
    to = spec.get("to")
    kind = AudienceKind.of(to) if isinstance(to, str) and to in KINDS else None
    return MessageSummary(_text(found.get("title")), _text(found.get("body")), kind)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
