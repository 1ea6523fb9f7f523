"""Widths of text in terminal cells: Chinese characters take two, colour takes none."""

from __future__ import annotations

from collections.abc import Sequence


def width(text: str) -> int:
    """Return how many cells a text takes."""
    if text.isascii() and text.isprintable():
        return len(text)
    from wcwidth import width as cells  # noqa: PLC0415  (not free, and most lines need none of it)

    return cells(text)


def ljust(text: str, cells: int) -> str:
    """Fill a text up with spaces to a number of cells."""
    return text + " " * (cells - width(text))


def utf16_units(text: str) -> int:
    """Count UTF-16 units, the strictest way to count in which a code host may count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def fitting(text: str, cells: int) -> int:
    """Return how many code points of a text fit into some cells, never half of a grapheme.

    A control character counts one cell.
    """
    from wcwidth import iter_graphemes  # noqa: PLC0415  (see above)
    from wcwidth import width as cells_of  # noqa: PLC0415  (see above)

    used = at = 0
    for grapheme in iter_graphemes(text):
        used += cells_of(grapheme, control_codes="ignore") or 1
        if used > cells:
            return at
        at += len(grapheme)
    return at


def clipped(text: str, cells: int) -> str:
    """Shorten a line to a number of cells, with an ellipsis where something is missing."""
    if width(text) <= cells:
        return text
    from wcwidth import clip  # noqa: PLC0415  (see above)

    return clip(text, 0, max(cells - 1, 0), fillchar="") + "…"


def wrap(line: str, cells: int) -> list[str]:
    """Break a line so that each part fits, the following parts indented by two more spaces.

    A word that is wider than a line stays whole: the terminal breaks it, and it can be copied.
    """
    if width(line) <= cells:
        return [line]
    from pushctl.text.wrapper import Wrapper  # noqa: PLC0415  (see above)

    lead = " " * (len(line) - len(line.lstrip(" ")))
    wrapper = Wrapper(
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
