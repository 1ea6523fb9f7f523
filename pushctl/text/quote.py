"""Texts of other people inside a sentence."""

from __future__ import annotations

import json
from typing import Any

_MOST = 60


def quoted(text: str) -> str:
    """Put a text in quotes, at most 60 characters, without anything that disturbs a terminal."""
    short = text if len(text) <= _MOST else text[: _MOST - 1] + "…"
    return json.dumps(short, ensure_ascii=False)


def described(value: Any) -> str:
    """Say in a few words what a value is."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return f"the word {str(value).lower()}"
    if isinstance(value, int | float):
        return f"the number {value}"
    if isinstance(value, str):
        return f"the text {quoted(value)}"
    return "a list" if isinstance(value, list) else "a map"
