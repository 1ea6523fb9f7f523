"""The source map of a file, and the provenance of values that were put together from several.

While a file is loaded, one number is kept for each key or list item: the offsets where it begins.
Lines, columns and the end of a value are worked out when a finding needs them. The data itself
stays plain, so that nothing behind the loader has to know about positions.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable
from typing import Any, TypeAlias

from msgspec import Struct, field

from pushctl.diagnostics import Position, Range
from pushctl.text.regex import regex

Path: TypeAlias = tuple[str | int, ...]
Offsets: TypeAlias = "int | tuple[int, SourceMap]"
SourceMap: TypeAlias = "dict[str, Offsets] | list[Offsets]"
"""For each key or list item its offsets, and the source map of what is inside it, if anything."""

BREAK = regex(r"\r\n|\r|\n")
"""Where a line ends, as YAML 1.2 has it."""

MAX_UNDERLINED = 1000
"""How many characters on either side are looked at to find the end of a value on its line."""

BITS = 32
"""Offsets fit in 32 bits: a key's goes above its value's, in one number."""
_LOW = (1 << BITS) - 1
_QUOTED = regex(r""""(?:[^"\\\r\n]|\\[^\r\n])*"?|'[^'\r\n]*'?""")
_WORD = regex(r"[^\s,\[\]{}#:]+")
_PLAIN = regex(r"(?:[^\s:]|:(?=\S)|[ \t]+(?![\s#]))+")
_IN_BRACKETS = regex(r"(?:[^\s:,\[\]{}]|:(?![\s,\]}])|[ \t]+(?![\s#]))+")
"""Plain text as far as one line of it goes, and where commas and brackets end it."""
_VARIABLE = regex(r"""(["']?)\$\{[ ]*([A-Za-z_][\w.-]*)[ ]*\}\1[ \t]*(?=[\r\n,\]}#]|\Z)""")


class SourceText:
    """The text of one file, and where its lines begin.

    `damaged` holds the offsets of the maps from which something had to be left out: what is missing
    in them may be there. `nodes` is what `node_ranges` keeps of the text, None before it is asked.
    """

    __slots__ = ("_starts", "damaged", "name", "nodes", "text")

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self.damaged: set[int] = set()
        self.nodes: dict[int, Any] | None = None
        self._starts: list[int] | None = None

    def position(self, offset: int) -> Position:
        """Turn an offset into line and column, both from 1."""
        if self._starts is None:
            self._starts = [0, *(found.end() for found in BREAK.finditer(self.text))]
        line = bisect.bisect_right(self._starts, offset)
        return Position(line, offset - self._starts[line - 1] + 1)

    def column(self, offset: int) -> int:
        """Return the column of an offset, from 0, in characters."""
        return self.position(offset).column - 1

    def line_start(self, offset: int) -> int:
        """Return the offset where the line of an offset begins."""
        return offset - self.column(offset)

    def line_end(self, offset: int) -> int:
        """Return the offset where the line of an offset ends, before its break."""
        found = BREAK.search(self.text, offset)
        return found.start() if found else len(self.text)

    def offset(self, position: Position) -> int:
        """Turn line and column, both from 1, into an offset; past the end of a line is its end."""
        self.position(0)
        starts = self._starts or [0]
        if position.line > len(starts):
            return len(self.text)
        begin = starts[position.line - 1]
        end = starts[position.line] if position.line < len(starts) else len(self.text)
        return max(begin, min(begin + position.column - 1, end))

    def range(self, offset: int, end: int | None = None) -> Range:
        """Return the stretch of text that begins at an offset; its end is found if not given."""
        offset = max(0, min(offset, len(self.text)))
        if end is None:
            end = self._end(offset)
        return Range(self.name, self.position(offset), self.position(max(offset, end)))

    def _end(self, offset: int) -> int:
        """Find the end of a value on its own line; good enough to underline it."""
        text, last = self.text, offset + MAX_UNDERLINED
        quoted = _QUOTED.match(text, offset, last)
        if quoted is not None:
            return quoted.end()
        found = self._plain(offset).match(text, offset, last)
        if found is None:
            return min(offset + 1, len(text))
        return offset + max(len(found[0].rstrip(" \t,")), 1)

    def _plain(self, offset: int) -> re.Pattern[str]:
        """Return what plain text at an offset consists of."""
        if self.text[offset : offset + 1] in ("[", "]", "{", "}", "&", "*", "!", ","):
            return _WORD
        line = self.text[max(self.line_start(offset), offset - MAX_UNDERLINED) : offset]
        return _IN_BRACKETS if "[" in line or "{" in line else _PLAIN


class ProvenanceLayer(Struct, frozen=True):
    """One part of one file as a layer of provenance; `at` is the offset where it begins."""

    source: SourceText
    source_map: SourceMap | None
    at: int

    def child(self, key: str | int) -> ProvenanceLayer | None:
        """Return the layer of a value inside, or None if this layer does not have it."""
        offsets = _child(self.source_map, key)
        if offsets is None:
            return None
        number, source_map = (offsets, None) if isinstance(offsets, int) else offsets
        return ProvenanceLayer(self.source, source_map, number & _LOW)

    def key(self, key: str | int) -> int | None:
        """Return the offset where a key inside begins, or an item of a list."""
        offsets = _child(self.source_map, key)
        if offsets is None:
            return None
        number = offsets if isinstance(offsets, int) else offsets[0]
        return number >> BITS if isinstance(key, str) else number & _LOW


def inside(layers: tuple[ProvenanceLayer, ...], *path: str | int) -> tuple[ProvenanceLayer, ...]:
    """Return the layers of a value, as far as these have it."""
    for key in path:
        layers = tuple(found for layer in layers if (found := layer.child(key)) is not None)
    return layers


def _child(source_map: SourceMap | None, key: str | int) -> Offsets | None:
    if isinstance(source_map, dict):
        return source_map.get(key) if isinstance(key, str) else None
    if isinstance(source_map, list) and isinstance(key, int) and 0 <= key < len(source_map):
        return source_map[key]
    return None


class Provenance(Struct, frozen=True):
    """Where a value and everything in it came from; the strongest layer first.

    A path is looked up in each layer in turn, so a value from `defaults` is found there.
    `home` is where to point if nothing fits. `names` says where the value of a variable stands that
    an instance of `for_each` has of its own; None for all others.
    """

    layers: tuple[ProvenanceLayer, ...]
    home: Range
    names: Callable[[str], Range | None] | None = None

    def locate(self, *path: str | int) -> Range:
        """Return where the value at `path` stands, or its nearest known parent.

        Where nothing but a variable of an instance is written, that is where its value stands.
        """
        return self._find(path, keys=False)

    def exactly(self, *path: str | int) -> Range | None:
        """Return where the value at `path` itself is written, None if it is not."""
        found = ((layer, _walk(layer, path, keys=False)) for layer in self.layers)
        return next(
            (layer.source.range(at) for layer, (depth, at) in found if depth == len(path)), None
        )

    def locate_key(self, *path: str | int) -> Range:
        """Return where the key of the value at `path` stands, or its nearest known parent."""
        return self._find(path, keys=True)

    def _find(self, path: Path, *, keys: bool) -> Range:
        deepest, where = -1, self.home
        if not path:
            return where
        for layer in self.layers:
            found = _walk(layer, path, keys=keys)
            if found[0] == len(path):
                text, at, key = layer.source.text, found[1], path[-1]
                if keys and isinstance(key, str) and text.startswith(key, at):
                    return layer.source.range(at, at + len(key))
                return (None if keys else self._named(text, at)) or layer.source.range(at)
            if found[0] > deepest and found[0] > 0:
                deepest, where = found[0], layer.source.range(found[1])
        return where

    def _named(self, text: str, at: int) -> Range | None:
        """Return where the value of a variable stands, if nothing else is written at an offset."""
        found = _VARIABLE.match(text, at) if self.names is not None else None
        return self.names(found[2]) if found is not None and self.names is not None else None

    def is_damaged(self, *path: str | int) -> bool:
        """Tell whether something was left out of the map at `path`."""
        return any(layer.at in layer.source.damaged for layer in inside(self.layers, *path))

    def child(self, *path: str | int) -> Provenance:
        """Return the provenance of the value at `path`."""
        return Provenance(inside(self.layers, *path), self.locate(*path), self.names)


def _walk(layer: ProvenanceLayer, path: Path, *, keys: bool) -> tuple[int, int]:
    """Follow a path as far as a layer knows it; returns how far that was, and the offset there."""
    at = layer.at
    for depth, key in enumerate(path):
        inner = layer.child(key)
        if inner is None:
            return depth, at
        begins = layer.key(key)
        # A container on the lines below its key is best pointed at by its key.
        at = begins if begins is not None and (keys or inner.source_map is not None) else inner.at
        layer = inner
    return len(path), at


class Document(Struct, frozen=True):
    """One file as plain data, with its source map, and the file that it extends."""

    source: SourceText
    data: dict[str, Any]
    source_map: SourceMap = field(default_factory=dict)
    shared: Document | None = None

    @property
    def damaged(self) -> bool:
        """Whether something had to be left out."""
        return bool(self.source.damaged)

    @property
    def layer(self) -> ProvenanceLayer:
        """Return the whole file as a layer."""
        return ProvenanceLayer(self.source, self.source_map, 0)

    @property
    def provenance(self) -> Provenance:
        """Return the provenance of data that came from this file alone."""
        return Provenance((self.layer,), self.source.range(0))
