"""Texts of other people inside a sentence."""

from __future__ import annotations

import json
from typing import Any

_MOST = 60
_BLANKS = {" ": "a space", "\n": "a line break", "\t": "a tab", "\xa0": "a no-break space"}


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


def edges(text: str) -> str:
    """Say `begins with a space`, `ends with a line break`, or both; empty if it does neither."""
    ends = [("begins", text[:1]), ("ends", text[-1:])]
    found = [f"{verb} with {_BLANKS.get(it, 'a wide space')}" for verb, it in ends if it.isspace()]
    return " and ".join(found)
