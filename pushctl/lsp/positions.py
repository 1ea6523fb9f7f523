"""Positions as editors count them.

The protocol counts lines from 0 and, unless both sides agree on something else, columns in UTF-16
code units, so that an emoji takes two; here columns are characters, from 1.
Source: Language Server Protocol 3.17, "Text Documents".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from pushctl.diagnostics import Position

_BREAK = re.compile(r"\r\n|\r|\n")


class Units(StrEnum):
    """What the columns of an editor count."""

    UTF8 = "utf-8"
    UTF16 = "utf-16"
    UTF32 = "utf-32"


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a text, to translate positions in it."""

    lines: tuple[str, ...]
    units: Units = Units.UTF16

    @classmethod
    def of(cls, text: str, units: Units = Units.UTF16) -> Lines:
        """Split a text as the protocol does, which knows fewer line breaks than Python."""
        return cls(tuple(_BREAK.split(text)), units)

    def to_editor(self, position: Position) -> tuple[int, int]:
        """Return line and column as an editor counts them; past the text is its end."""
        if position.line > len(self.lines):
            return len(self.lines) - 1, self._size(self.lines[-1])
        line = position.line - 1
        return line, self._size(self.lines[line][: position.column - 1])

    def position(self, line: int, column: int) -> Position:
        """Return an editor's line and column as ours; behind the end of a line is its end."""
        if line >= len(self.lines):
            return Position(len(self.lines), len(self.lines[-1]) + 1)
        text, size, at = self.lines[line], 0, 0
        while at < len(text) and size < column:
            size += self._size(text[at])
            at += 1
        return Position(line + 1, at + 1)

    def _size(self, text: str) -> int:
        match self.units:
            case Units.UTF32:
                return len(text)
            case Units.UTF16:
                return len(text) + sum(character > "\uffff" for character in text)
            case Units.UTF8:
                return len(text.encode("utf-8", "surrogatepass"))
