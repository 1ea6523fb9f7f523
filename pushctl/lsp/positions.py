"""Positions as editors count them.

The protocol counts lines from 0 and, unless both sides agree on something else, columns in UTF-16
code units, so that an emoji takes two; here columns are characters, from 1.
Source: Language Server Protocol 3.17, "Text Documents".
"""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from enum import StrEnum
from itertools import accumulate

from msgspec import Struct, field

from pushctl.diagnostics import Position
from pushctl.text.regex import regex

_BREAK = regex(r"\r\n|\r|\n")


class Units(StrEnum):
    """What the columns of an editor count."""

    UTF8 = "utf-8"
    UTF16 = "utf-16"
    UTF32 = "utf-32"


class Lines(Struct, frozen=True):
    """The lines of a text, to translate positions in it."""

    lines: tuple[str, ...]
    units: Units = Units.UTF16
    _known: dict[int, list[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, text: str, units: Units = Units.UTF16) -> Lines:
        """Split a text as the protocol does, which knows fewer line breaks than Python."""
        return cls(tuple(_BREAK.split(text)), units)

    def to_editor(self, position: Position) -> tuple[int, int]:
        """Return line and column as an editor counts them; past the text is its end."""
        if position.line > len(self.lines):
            return len(self.lines) - 1, self._ends(len(self.lines) - 1)[-1]
        ends = self._ends(position.line - 1)
        return position.line - 1, ends[min(position.column, len(ends)) - 1]

    def position(self, line: int, column: int) -> Position:
        """Return an editor's line and column as ours; behind the end of a line is its end."""
        if line >= len(self.lines):
            return Position(len(self.lines), len(self.lines[-1]) + 1)
        ends = self._ends(line)
        return Position(line + 1, min(bisect.bisect_left(ends, column), len(ends) - 1) + 1)

    def _ends(self, line: int) -> Sequence[int]:
        """Return where an editor's columns are: before the first character, and behind each."""
        text = self.lines[line]
        if text.isascii() or self.units is Units.UTF32:
            return range(len(text) + 1)
        if line not in self._known:
            self._known[line] = [0, *accumulate(map(self._size, text))]
        return self._known[line]

    def _size(self, character: str) -> int:
        if self.units is Units.UTF16:
            return 1 + (character > "\uffff")
        return len(character.encode("utf-8", "surrogatepass"))
