"""Columns that line up in a terminal, where Chinese characters are two cells wide."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from wcwidth import wcswidth, wcwidth

_PAINT = re.compile("\x1b\\[[0-9;]*m")
_PARTS = re.compile("\x1b\\[[0-9;]*m|.", re.DOTALL)


def width(text: str) -> int:
    """Return how many cells a text takes; what cannot be measured counts one cell a character.

    Colour takes no room.
    """
    bare = _PAINT.sub("", text) if "\x1b" in text else text
    cells: int = wcswidth(bare)
    return cells if cells >= 0 else len(bare)


def pad(text: str, cells: int) -> str:
    """Fill a text up with spaces to a number of cells."""
    return text + " " * max(0, cells - width(text))


def cut(text: str, cells: int) -> str:
    """Shorten a text to a number of cells, with an ellipsis where something is missing."""
    if width(text) <= cells:
        return text
    kept, used, full = "", 0, False
    for part in _PARTS.findall(text):
        if _PAINT.fullmatch(part):
            kept += part
        elif not full:
            used += max(wcwidth(part), 0)
            full = used > cells - 1
            kept += "…" if full else part
    return kept


def wrap(line: str, cells: int) -> list[str]:
    """Break a line so that each part fits, the following parts indented a little more.

    It is broken at spaces and between Chinese characters. Any other word that is wider than a line
    stays whole: the terminal breaks it, and nothing is lost.
    """
    if width(line) <= cells:
        return [line]
    lead = " " * (len(line) - len(line.lstrip(" ")))
    parts, current, empty = [], lead, True
    for gap, word in _words(line[len(lead) :]):
        joined = current + word if empty else current + gap + word
        if width(joined) > cells and not empty:
            if not word:
                continue
            parts.append(current.rstrip())
            current = f"{lead}  {word}"
        else:
            current = joined
        empty = False
    return [*parts, current.rstrip()]


# A Chinese or Japanese character with the punctuation after it. No line may begin with that: it
# looks bad, and a CI system would obey a line that begins with two colons.
_BREAKABLE = re.compile(
    "(?:\x1b\\[[0-9;]*m)*"
    "[\u2e80-\u2fff\u3005-\u3007\u3021-\u3029\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003fffd]"
    "(?:\x1b\\[0m|(?![（「『《【“‘])[^\\w\\s\x1b])*"
)


def _words(text: str) -> Iterator[tuple[str, str]]:
    """Split a line into what must not be broken, each with the gap before it."""
    for word in text.split(" "):
        gap, at = " ", 0
        for wide in _BREAKABLE.finditer(word):
            if wide.start() > at:
                yield gap, word[at : wide.start()]
                gap = ""
            yield gap, wide[0]
            gap, at = "", wide.end()
        if at < len(word) or not word:
            yield gap, word[at:]


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
