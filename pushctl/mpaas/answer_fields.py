"""Reads fields of the service's JSON answers, total and whatever the case of their names."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pushctl.masking import mask

_LONGEST_TEXT = 300


def parsed(text: str) -> Any:
    """Return the value of a JSON text; None if it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def get(fields: Mapping[str, Any], name: str) -> Any:
    """Return a field whatever the case of its name; None if it is there in two odd spellings."""
    if name in fields:
        return fields[name]
    found = [value for other, value in fields.items() if other.lower() == name.lower()]
    return found[0] if len(found) == 1 else None


def nested(value: Any) -> dict[str, Any] | None:
    """Return an object that is there as one, or as JSON text; None if it is neither."""
    if isinstance(value, str):
        value = parsed(value)
    return value if isinstance(value, dict) else None


def flag(value: object) -> bool | None:
    """Return a truth value that is there as one, or as a word."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.lower())
    return None


def text(fields: Mapping[str, Any], name: str) -> str:
    """Return a field as one line of at most 300 characters; empty if it is no text.

    What the service says may be recorded and shown, so it holds no credential from here on.
    """
    value = get(fields, name)
    return mask(" ".join(value[:4096].split()))[:_LONGEST_TEXT] if isinstance(value, str) else ""


def request_id(fields: Mapping[str, Any]) -> str:
    """Return what the service's support asks for; empty where there is none."""
    value = get(fields, "RequestId")
    return mask(value[:4096])[:128] if isinstance(value, str) else ""
