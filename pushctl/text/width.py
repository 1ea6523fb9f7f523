"""Widths of text in terminal cells: Chinese characters take two, colour takes none."""

from __future__ import annotations

import re
from collections.abc import Sequence

from wcwidth import clip, iter_graphemes, ljust, width
from wcwidth.textwrap import SequenceTextWrapper

__all__ = ["clipped", "fitting", "ljust", "table", "utf16_units", "width", "wrap"]


def utf16_units(text: str) -> int:
    """Count UTF-16 units, the strictest way to count in which a code host may count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def fitting(text: str, cells: int) -> int:
    """Return how many code points of a text fit into some cells, never half of a grapheme.

    A control character counts one cell.
    """
    used = at = 0
    for grapheme in iter_graphemes(text):
        used += width(grapheme, control_codes="ignore") or 1
        if used > cells:
            return at
        at += len(grapheme)
    return at


def clipped(text: str, cells: int) -> str:
    """Shorten a line to a number of cells, with an ellipsis where something is missing."""
    return text if width(text) <= cells else clip(text, 0, max(cells - 1, 0), fillchar="") + "…"


class _Wrapper(SequenceTextWrapper):
    """Breaks lines at spaces and after a Chinese or Japanese character with its punctuation.

    No line may begin with punctuation: it looks bad, and a CI system would obey a line that begins
    with two colons.
    """

    wordsep_simple_re = re.compile(
        "( +|[\u2e80-\u2fff\u3005-\u3007\u3021-\u3029\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff"
        "\U00020000-\U0003fffd](?:(?![（「『《【“‘])[^\\w\\s])*)"
    )


def wrap(line: str, cells: int) -> list[str]:
    """Break a line so that each part fits, the following parts indented by two more spaces.

    A word that is wider than a line stays whole: the terminal breaks it, and it can be copied.
    """
    if width(line) <= cells:
        return [line]
    lead = " " * (len(line) - len(line.lstrip(" ")))
    wrapper = _Wrapper(
        cells,
        initial_indent=lead,
        subsequent_indent=f"{lead}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    return wrapper.wrap(line[len(lead) :])


def table(rows: Sequence[Sequence[str]], *, gap: str = "  ") -> str:
    """Lay out rows in columns as wide as their widest cell; the last column is not padded."""
    columns = list(zip(*rows, strict=True))[:-1]
    widths = [max(map(width, column)) for column in columns]
    lines = (gap.join((*map(ljust, row[:-1], widths), row[-1])).rstrip() for row in rows)
    return "\n".join(lines)
