"""Writes entries with their comments as lines in the one layout.

Fields stand in the order of the reference, each level two spaces further in. At the top and between
pushes, what takes several lines is set apart by a blank line. Maps and lists in brackets stay on
one line if they fit and hold no comment. Texts are never wrapped anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct, field

from pushctl.manifest.format.block_text import BlockText, block_text
from pushctl.manifest.format.comments import CannotFormat, Comment, Entry
from pushctl.manifest.format.field_order import FieldOrder
from pushctl.manifest.yaml import errors as yaml_errors
from pushctl.manifest.yaml.positions import BREAK
from pushctl.text.width import width

WIDTH = 100
"""The most columns of a line with brackets; wide characters take two."""

_STEP = 2
_GAP = 2


class _Piece(Struct):
    """An entry as lines: comments above it, then itself.

    `open` tells whether blank lines at its end would become part of its text.
    """

    above: list[tuple[bool, str]]
    body: list[str]
    blank: bool = False
    open: bool = False


class _Lines(Struct):
    """Lines one below the other; never two blank ones in a row."""

    lines: list[str] = field(default_factory=list)
    open: bool = False

    def add(self, lines: Iterable[str], *, blank: bool, open: bool = False) -> None:
        if blank and self.lines and not self.open:
            self.lines.append("")
        self.lines += lines
        self.open = open


def lines(whole: Entry, shape: FieldOrder) -> list[str]:
    """Return the lines of a file."""
    result = _Lines([comment.text for comment in whole.beside])
    if whole.inside:
        header, apart = _header(whole.inside[0])
        result.add(header, blank=False)
        _stack(result, _pieces(whole, shape, 0), spaced=True, apart=apart)
    elif whole.node.in_brackets:
        result.add(["{}"], blank=False)
    for comment in whole.below:
        result.add([comment.text], blank=comment.blank)
    return result.lines


def _header(first: Entry) -> tuple[list[str], bool]:
    """Take the comments off the first entry that are about the whole file.

    Those are the ones up to the last blank line, or all if there is none. The second value tells
    whether there is one.
    """
    rows = first.above
    apart = [at for at, comment in enumerate(rows) if comment.blank and at]
    split = len(rows) if first.blank or not apart else apart[-1]
    header, first.above = rows[:split], rows[split:]
    found: list[str] = []
    for comment in header:
        found += ["", comment.text] if comment.blank and found else [comment.text]
    return found, bool(header) and (first.blank or bool(apart))


def _stack(result: _Lines, pieces: Iterable[_Piece], *, spaced: bool, apart: bool = False) -> None:
    """Put pieces one below the other; `apart` sets the first one apart from what is above it."""
    before: _Piece | None = None
    for piece in pieces:
        far = spaced and before is not None and max(len(piece.body), len(before.body)) > 1
        far = far or (apart and before is None)
        for blank, text in piece.above:
            result.add([text], blank=blank or far)
            far = False
        result.add(piece.body, blank=piece.blank or far, open=piece.open)
        before = piece


def _pieces(owner: Entry, shape: FieldOrder, indent: int, *, top: bool = True) -> Iterator[_Piece]:
    """Lay out what is inside a map or a list, in order."""
    for name, entry in _ordered(owner, shape):
        spaced = top and name == "pushes"
        yield _piece(entry, shape.below(name), indent, spaced=spaced)


def _ordered(owner: Entry, shape: FieldOrder) -> list[tuple[str | int, Entry]]:
    """Return what is inside with its names, fields in the order of the schema."""
    inside = owner.inside or []
    if not isinstance(owner.value, dict):
        return list(enumerate(inside))
    named: list[tuple[str | int, Entry]] = list(zip(owner.value, inside, strict=True))
    return sorted(named, key=lambda item: shape.rank(str(item[0]))) if shape.fields else named


def _piece(entry: Entry, shape: FieldOrder, indent: int, *, spaced: bool) -> _Piece:
    pad = " " * indent
    lead = f"{pad}-" if entry.key is None else f"{pad}{_word(entry.key)}:"
    above = [(comment.blank, pad + comment.text) for comment in entry.above]
    if BREAK.search(entry.key or ""):
        raise CannotFormat
    value = _in_brackets(entry, shape, WIDTH - width(lead) - 1)
    if entry.inside is not None and value is None:
        return _block(entry, shape, indent, lead, above, spaced=spaced)
    piece = _Piece(above, [f"{lead} {value}"], entry.blank)
    if entry.inside is None:
        piece = _single(entry, lead, indent, above)
    for comment in entry.beside[:-1]:
        above.append((False, pad + comment.text))
    if entry.beside:
        at = -1 if block_text(entry.node) is None else 0
        piece.body[at] = _beside(piece.body[at], entry.beside[-1])
    return piece


def _block(
    entry: Entry,
    shape: FieldOrder,
    indent: int,
    lead: str,
    above: list[tuple[bool, str]],
    *,
    spaced: bool,
) -> _Piece:
    """Lay out a map or list on the lines below its key, or beginning behind its dash."""
    within = _Lines()
    further = indent + _STEP
    pieces = list(_pieces(entry, shape, further, top=False))
    beside = entry.beside
    if entry.key is None:
        above += [(False, " " * indent + comment.text) for comment in beside]
        above += [(blank, text[_STEP:]) for blank, text in pieces[0].above]
        pieces[0].above, beside = [], []
    _stack(within, pieces, spaced=spaced)
    for comment in (*beside[1:], *entry.below):
        within.add([" " * further + comment.text], blank=comment.blank)
    if entry.key is None:
        body = [f"{lead} {within.lines[0][further:]}", *within.lines[1:]]
    else:
        body = [_beside(lead, beside[0]) if beside else lead, *within.lines]
    return _Piece(above, body, entry.blank, within.open)


def _single(entry: Entry, lead: str, indent: int, above: list[tuple[bool, str]]) -> _Piece:
    """Lay out one value; a long text keeps its lines."""
    text = entry.node.raw
    block = block_text(entry.node)
    pad = " " * (indent + _STEP)
    if block is not None:
        signs = _indicators(block, entry.value)
        head = f"{lead} {signs}"
        if block.comment:
            head += " " * _GAP + block.comment
        body = [pad + line if line else "" for line in block.lines]
        return _Piece(above, [head, *body], entry.blank, signs.endswith("+"))
    if not text:
        return _Piece(above, [lead], entry.blank)
    first, *more = BREAK.split(text)
    if not more:
        return _Piece(above, [f"{lead} {_word(text)}"], entry.blank)
    body = [pad + line.lstrip(" \t") if line.strip(" \t") else "" for line in more]
    return _Piece(above, [f"{lead} {first}", *body], entry.blank)


def _indicators(block: BlockText, value: object) -> str:
    """Return the signs behind a key whose text is on the lines below it."""
    chomp = "-" if "-" in block.signs else "+" if "+" in block.signs else ""
    if block.lines and not str(value).endswith("\n"):
        chomp = "-"  # the file ended within its last line
    first = next((at for at, line in enumerate(block.lines) if line.strip(" ")), len(block.lines))
    deep = any(line.startswith(" ") for line in block.lines[: first + 1])
    return block.signs[0] + (str(_STEP) if deep else "") + chomp


def _in_brackets(entry: Entry, shape: FieldOrder, room: int) -> str | None:
    """Write a map or list on one line; None if it does not stand in brackets, or does not fit."""
    if entry.inside is None or not entry.node.in_brackets:
        return None
    text = _flow(entry, shape)
    return text if text is not None and width(text) <= room else None


def _flow(entry: Entry, shape: FieldOrder) -> str | None:
    if entry.inside is None:
        text = entry.node.raw
        return None if BREAK.search(text) else _word(text) or "null"
    parts: list[str] = []
    for name, item in _ordered(entry, shape):
        alone = not (item.above or item.beside or item.below)
        value = _flow(item, shape.below(name)) if alone else None
        if value is None:
            return None
        parts.append(value if item.key is None else f"{_word(item.key)}: {value}")
    joined = ", ".join(parts)
    return f"{{{joined}}}" if isinstance(entry.value, dict) else f"[{joined}]"


def _word(text: str) -> str:
    """Put quotes around what other tools would read differently."""
    return f'"{text}"' if yaml_errors.AMBIGUOUS.fullmatch(text) else text


def _beside(line: str, comment: Comment) -> str:
    return line + " " * max(_GAP, comment.gap) + comment.text
