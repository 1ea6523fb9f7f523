"""Colour and emphasis for a terminal; the text says the same without them."""

from __future__ import annotations

from typing import NamedTuple

CODES = {"red": 31, "green": 32, "yellow": 33, "cyan": 36, "bold": 1, "dim": 2}


class Style(NamedTuple):
    """How much decoration the terminal gets, and how many cells a line may take."""

    color: bool = False
    cells: int | None = None

    def paint(self, text: str, *names: str) -> str:
        """Wrap a text in the codes of some colours, or leave it."""
        if not self.color or not text:
            return text
        codes = ";".join(str(CODES[name]) for name in names)
        return f"\x1b[{codes}m{text}\x1b[0m"


PLAIN = Style()
