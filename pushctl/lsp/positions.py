"""Positions as editors count them.

The protocol counts lines from 0 and, unless both sides agree on something else, columns in UTF-16
code units, so that an emoji takes two; here columns are characters, from 1.
Source: Language Server Protocol 3.17, "Text Documents".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from pushctl.diagnostics import Position, Range

_BREAK = re.compile(r"\r\n|\r|\n")


class Units(StrEnum):
    """What the columns of an editor count."""

    UTF8 = "utf-8"
    UTF16 = "utf-16"
    UTF32 = "utf-32"


@dataclass(frozen=True, slots=True)
class EditorPosition:
    """Line and column from 0, the column in the editor's units."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a text, to translate positions in it."""

    lines: tuple[str, ...]
    units: Units = Units.UTF16

    @classmethod
    def of(cls, text: str, units: Units = Units.UTF16) -> Lines:
        """Split a text as the protocol does, which knows fewer line breaks than Python."""
        return cls(tuple(_BREAK.split(text)), units)

    def to_editor(self, position: Position) -> EditorPosition:
        """Return a position of ours as an editor counts."""
        line = position.line - 1
        if line >= len(self.lines):
            return EditorPosition(max(len(self.lines) - 1, 0), self._size(self.lines[-1]))
        return EditorPosition(line, self._size(self.lines[line][: position.column - 1]))

    def to_editor_range(self, where: Range) -> tuple[EditorPosition, EditorPosition]:
        """Return both ends of a range as an editor counts."""
        return self.to_editor(where.start), self.to_editor(where.end)

    def position(self, at: EditorPosition) -> Position:
        """Return an editor's position as ours; behind the end of a line is its end."""
        if at.line >= len(self.lines):
            return Position(len(self.lines), len(self.lines[-1]) + 1)
        line, size, column = self.lines[at.line], 0, 0
        while column < len(line) and size < at.column:
            size += self._size(line[column])
            column += 1
        return Position(at.line + 1, column + 1)

    @property
    def end(self) -> EditorPosition:
        """Return the end of the text."""
        return EditorPosition(len(self.lines) - 1, self._size(self.lines[-1]))

    def _size(self, text: str) -> int:
        match self.units:
            case Units.UTF32:
                return len(text)
            case Units.UTF16:
                return len(text) + sum(character > "\uffff" for character in text)
            case Units.UTF8:
                return len(text.encode("utf-8", "surrogatepass"))
