"""What an entry says to whom, as far as its record tells: nothing else knows once it is removed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pushctl.push.push import DELIVERY_TYPES


@dataclass(frozen=True, slots=True)
class Said:
    """Title and body of a message, and PushSimple's `DeliveryType` of those who get it.

    `delivery_type` is 0 where nobody knows.
    """

    title: str
    body: str
    delivery_type: int = 0


def recorded(spec: Mapping[str, Any]) -> Said:
    """Read a recorded spec; what is missing in it, or is no text, is empty."""
    message = spec.get("message")
    found: Mapping[str, Any] = message if isinstance(message, Mapping) else {}
    dimension = spec.get("to")
    kind = DELIVERY_TYPES.get(dimension, 0) if isinstance(dimension, str) else 0
    return Said(_text(found.get("title")), _text(found.get("body")), kind)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
