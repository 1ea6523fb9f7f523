"""From where a value begins to where it ends, worked out from the text alone. Pure.

The loader keeps only beginnings. Ends are needed where a machine changes the text, which is rare,
so they are found when asked for. YAML 1.2 chapters 6 to 8 say where each kind of value ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pushctl.manifest.yaml.positions import BITS, Layer, Marks, Path, SourceText

_LOW = (1 << BITS) - 1
_DOUBLE = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_SINGLE = re.compile(r"'[^']*(?:''[^']*)*'")
# Not `\s`: for YAML an ideographic space is a letter like any other.
_PLAIN = re.compile(r"(?:[^ \t\r\n:]|:(?![ \t\r\n]|\Z)|[ \t]+(?![ \t\r\n#]|\Z))+")
_IN_BRACKETS = re.compile(
    r"(?:[^ \t\r\n:,\[\]{}]|:(?![ \t\r\n,\[\]{}]|\Z)|[ \t]+(?![ \t\r\n#]|\Z))+"
)
_HEADER = re.compile(r"[|>](?:([1-9])[+-]?|[+-]([1-9])?)?[ \t]*(?:#[^\r\n]*)?")
_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")
_TO_NEXT_WORD = re.compile(r"[ \t]*(?:(?:\r\n|\r|\n)[ \t]*)+")
_GAP = re.compile(r"(?:[ \t\r\n,]+|(?<![^ \t\r\n,\[{])#[^\r\n]*)*")
_BEFORE_ROOT = re.compile(r"(?:[ \t\r\n]+|#[^\r\n]*|%[^\r\n]*|---(?=[ \t\r\n]))*")
_TO_COLON = re.compile(r"[ \t\r\n]*:")


class Unclear(Exception):
    """The text is not what the places promise, so nobody should change it."""


@dataclass(frozen=True, slots=True)
class Node:
    """A value where it stands.

    `at` is where it begins and `key_at` where its key does, None for items of a list. An `empty`
    value begins right behind the colon. `flow` tells whether it stands within brackets. `column`
    (from 0) is that of the map or list around it, or of the brackets around that; -1 at the top.
    """

    source: SourceText
    marks: Marks | None
    at: int
    key_at: int | None = None
    flow: bool = False
    column: int = -1
    empty: bool = False

    @property
    def in_brackets(self) -> bool:
        """Whether this is a map or a list in brackets."""
        return self.marks is not None and self.source.text[self.at : self.at + 1] in ("{", "[")

    @property
    def raw(self) -> str:
        """The value as it is written."""
        return self.source.text[self.at : end(self)]


def node(layer: Layer) -> Node:
    """Return the map that a layer is the places of."""
    text, at = layer.source.text, layer.at
    if at == 0:
        found = _BEFORE_ROOT.match(text)
        at = found.end() if found else 0
    return Node(layer.source, layer.marks, at)


def children(parent: Node) -> Iterator[tuple[str | int, Node]]:
    """Yield what is in a map or a list, in the order of the text."""
    marks = parent.marks
    if isinstance(marks, dict):
        for key in marks:
            yield key, child(parent, key)
    elif isinstance(marks, list):
        for index in range(len(marks)):
            yield index, child(parent, index)


def child(parent: Node, key: str | int) -> Node:
    """Return one value inside; raises `KeyError` or `IndexError`, or `Unclear`."""
    marks, source = parent.marks, parent.source
    assert marks is not None
    place = marks[key]  # type: ignore[index]
    number, inner = (place, None) if isinstance(place, int) else place
    at, key_at = number & _LOW, number >> BITS
    flow = parent.in_brackets or parent.flow
    column = parent.column if flow else column_of(source, parent.at)
    if isinstance(key, int):
        # What is empty begins at the white space behind its dash.
        nothing = inner is None and source.text[at : at + 1] in ("", " ", "\t", "\r", "\n")
        return Node(source, inner, at, None, flow, column, empty=nothing)
    if at == key_at and inner is None:
        behind = _TO_COLON.match(source.text, key_end(source.text, key_at, flow=flow))
        if behind is None and not flow:
            raise Unclear
        at = behind.end() if behind else key_end(source.text, key_at, flow=flow)
        return Node(source, None, at, key_at, flow, column, empty=True)
    return Node(source, inner, at, key_at, flow, column)


def find(start: Node, path: Path) -> Node | None:
    """Follow a path into a map; None if it does not lead anywhere."""
    at = start
    for key in path:
        here = isinstance(key, str) and isinstance(at.marks, dict) and key in at.marks
        there = isinstance(key, int) and isinstance(at.marks, list) and key < len(at.marks)
        if not here and not there:
            return None
        at = child(at, key)
    return at


def first(layers: Iterable[Layer], path: Path) -> Node | None:
    """Return the value at a path in the first layer that has it; None if it is unclear."""
    try:
        return next((found for layer in layers if (found := find(node(layer), path))), None)
    except Unclear:
        return None


def column_of(source: SourceText, at: int) -> int:
    """Return the column of an offset, from 0, in characters."""
    return source.position(at).column - 1


def line_start(source: SourceText, at: int) -> int:
    """Return where the line of an offset begins."""
    return at - column_of(source, at)


def line_end(text: str, at: int) -> int:
    """Return where the line of an offset ends, before its break."""
    found = _LINE.match(text, at)
    return found.end(1) if found else len(text)


def end(item: Node) -> int:
    """Return where a value ends, exclusive, without a comment behind it; raises `Unclear`."""
    text = item.source.text
    if item.empty:
        return item.at
    if item.marks is None:
        return scalar_end(item.source, item.at, flow=item.flow, column=item.column)
    if text[item.at : item.at + 1] in ("&", "!", "*"):
        raise Unclear
    last = _last(item)
    if not item.in_brackets:
        if last is None:
            raise Unclear
        return end(last)
    closed = skip(text, item.at + 1 if last is None else end(last))
    if text[closed : closed + 1] != {"{": "}", "[": "]"}[text[item.at]]:
        raise Unclear
    return closed + 1


def _last(item: Node) -> Node | None:
    marks = item.marks
    if not marks:
        return None
    key: str | int = next(reversed(marks)) if isinstance(marks, dict) else len(marks) - 1
    return child(item, key)


def key_end(text: str, at: int, *, flow: bool) -> int:
    """Return where a key ends, before the colon."""
    quoted = _quoted_end(text, at)
    if quoted is not None:
        return quoted
    found = _plain_end(text, at, flow=flow)
    if found is None:
        raise Unclear
    return found


def scalar_end(source: SourceText, at: int, *, flow: bool, column: int) -> int:
    """Return where a text or number ends that begins at an offset; raises `Unclear`.

    `column` is that of the map or list around it: the lines of a long text are further in.
    """
    text = source.text
    quoted = _quoted_end(text, at)
    if quoted is not None:
        return quoted
    if not flow and text[at : at + 1] in ("|", ">"):
        return BlockText.read(text, at, column).end
    stop = _plain_end(text, at, flow=flow)
    if stop is None:
        raise Unclear
    while (follows := _TO_NEXT_WORD.match(text, stop)) is not None:
        begin = follows.end()
        outside = not flow and _indent(text, line_start(source, begin)) <= column
        more = None if outside else _plain_end(text, begin, flow=flow)
        if more is None or text[begin] == "#":
            break
        stop = more
    return stop


def _plain_end(text: str, at: int, *, flow: bool) -> int | None:
    """Return how far plain text goes on its line; None if there is none."""
    found = (_IN_BRACKETS if flow else _PLAIN).match(text, at)
    return None if found is None else at + len(found[0].rstrip(" \t"))


def skip(text: str, at: int) -> int:
    """Return where the next value or sign stands, behind white space, commas and comments."""
    gap = _GAP.match(text, at)
    return gap.end() if gap else at


def _quoted_end(text: str, at: int) -> int | None:
    pattern = {'"': _DOUBLE, "'": _SINGLE}.get(text[at : at + 1])
    if pattern is None:
        return None
    found = pattern.match(text, at)
    if found is None:
        raise Unclear
    return found.end()


def _indent(text: str, begin: int) -> int:
    at = begin
    while text[at : at + 1] == " ":
        at += 1
    return at - begin


def block_text(item: Node) -> BlockText | None:
    """Return a text that begins with | or >; None for all other values."""
    text = item.source.text
    if item.marks is not None or item.flow or text[item.at : item.at + 1] not in ("|", ">"):
        return None
    return BlockText.read(text, item.at, item.column)


@dataclass(frozen=True, slots=True)
class BlockText:
    """A text that begins with | or >: its first line, and its lines without indentation.

    Blank lines at its end are counted only where they mean something (`|+`).
    """

    header: str
    lines: tuple[str, ...]
    end: int

    @property
    def keeps(self) -> bool:
        """Whether blank lines at its end are part of it."""
        return "+" in self.header.partition("#")[0]

    @property
    def remark(self) -> str:
        """The comment behind its first line, if any."""
        return "".join(self.header.partition("#")[1:])

    @staticmethod
    def read(text: str, at: int, column: int) -> BlockText:
        """Read the text that begins at an offset, in a map or list of a column."""
        found = _HEADER.match(text, at)
        if found is None:
            raise Unclear
        header, stop = found[0], found.end()
        explicit = found[1] or found[2]
        indent = max(column, 0) + int(explicit) if explicit else 0
        lines: list[str] = []
        ends = [stop]
        following = _LINE.match(text, stop)
        while following is not None and following[2]:
            following = _LINE.match(text, following.end())
            if following is None or (not following[2] and not following[1]):
                break
            line = following[1]
            inner = len(line) - len(line.lstrip(" "))
            if not indent and inner < len(line):
                indent = inner
                if indent <= column:
                    break
            if inner < len(line) and inner < indent:
                break
            lines.append(line)
            ends.append(following.end(1))
        lines = [line[indent:] for line in lines] if indent else ["" for _ in lines]
        if "+" not in header.partition("#")[0]:
            while lines and not lines[-1]:
                lines.pop()
        return BlockText(header.rstrip(), tuple(lines), ends[len(lines)])
