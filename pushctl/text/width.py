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


def wrap(line: str, cells: int, hang: int = 2) -> list[str]:
    """Break a line so that each part fits, the following parts indented by `hang` more cells.

    A word that is wider than a line stays whole: the terminal breaks it, and it can be copied.
    """
    if width(line) <= cells:
        return [line]
    from pushctl.text.wrapper import Wrapper  # noqa: PLC0415  (see above)

    lead = " " * (len(line) - len(line.lstrip(" ")))
    wrapper = Wrapper(
        cells,
        initial_indent=lead,
        subsequent_indent=lead + " " * hang,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return wrapper.wrap(line[len(lead) :])


def fold(text: str, cells: int | None) -> str:
    """Break every line of a text as `wrap` does; None for what is not a terminal."""
    if fits(text, cells):
        return text
    return "\n".join(part for line in text.split("\n") for part in wrap(line, cells or 0))


def fits(text: str, cells: int | None) -> bool:
    """Tell whether no line of a text is wider than a terminal; None for what is none."""
    return cells is None or all(width(line) <= cells for line in text.split("\n"))


def table(rows: Sequence[Sequence[str]], *, gap: str = "  ") -> str:
    """Lay out rows in columns as wide as their widest cell; the last column is not padded."""
    columns = list(zip(*rows, strict=True))[:-1]
    widths = [max(map(width, column)) for column in columns]
    lines = (gap.join((*map(ljust, row[:-1], widths), row[-1])).rstrip() for row in rows)
    return "\n".join(lines)


def fitting_table(rows: Sequence[Sequence[str]], cells: int | None) -> str:
    """Lay out rows as `table` does, or where that is too wide each row on lines of its own.

    The first row has the names of the columns.
    """
    whole = table(rows)
    if fits(whole, cells):
        return whole
    (_, *names), *rest = rows
    lines = []
    for first, *others in rest:
        named = zip(names, others, strict=True)
        lines += [first, "  " + " · ".join(f"{name.lower()} {cell}" for name, cell in named)]
    return fold("\n".join(lines), cells)
