"""Columns that line up in a terminal, where Chinese characters are two cells wide."""

from __future__ import annotations

from collections.abc import Sequence

from wcwidth import wcswidth, wcwidth


def width(text: str) -> int:
    """Return how many cells a text takes; what cannot be measured counts one cell a character."""
    cells: int = wcswidth(text)
    return cells if cells >= 0 else len(text)


def pad(text: str, cells: int) -> str:
    """Fill a text up with spaces to a number of cells."""
    return text + " " * max(0, cells - width(text))


def cut(text: str, cells: int) -> str:
    """Shorten a text to a number of cells, with an ellipsis where something is missing."""
    if width(text) <= cells:
        return text
    kept, used = "", 0
    for character in text:
        used += max(wcwidth(character), 0)
        if used > cells - 1:
            break
        kept += character
    return kept + "…"


def table(rows: Sequence[Sequence[str]], *, gap: str = "  ", cells: int | None = None) -> str:
    """Lay out rows in columns as wide as their widest cell; the last column is not padded.

    With `cells`, every line is cut to that many cells.
    """
    if not rows:
        return ""
    widths = [max(width(row[index]) for row in rows) for index in range(len(rows[0]))]
    lines = [
        gap.join(
            cell if index == len(row) - 1 else pad(cell, widths[index])
            for index, cell in enumerate(row)
        ).rstrip()
        for row in rows
    ]
    if cells is not None:
        lines = [cut(line, cells) for line in lines]
    return "\n".join(lines)
