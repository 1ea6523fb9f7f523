"""How long a text is, in the units in which a vendor counts."""

from __future__ import annotations

import unicodedata
from typing import assert_never

from pushctl.vendors.facts import SmsFacts, Unit


def length(text: str, unit: Unit) -> int:
    """Return the length of a text in a vendor's units.

    Vendors count code points: an emoji of several counts several times.
    """
    match unit:
        case Unit.CHARACTERS:
            return len(text)
        case Unit.CELLS:
            return len(text) if text.isascii() else sum(map(_cells, text))
        case _:
            assert_never(unit)


def _cells(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def fitting(text: str, limit: int, unit: Unit) -> str:
    """Return the longest beginning of a text that is not longer than `limit`."""
    if length(text, unit) <= limit:
        return text
    if unit is Unit.CHARACTERS:
        return text[:limit]
    used = 0
    for at, character in enumerate(text):
        used += _cells(character)
        if used > limit:
            return text[:at]
    return text


def segments(characters: int, sms: SmsFacts) -> int:
    """Return in how many parts a text message is sent; each of them is paid for."""
    return 1 if characters <= sms.single else -(-characters // sms.part)
