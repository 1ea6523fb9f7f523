"""Findings as values: what is wrong, where it stands, and what to type instead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace


class Severity(StrEnum):
    """How much a finding matters; an error stops the command before anything is sent."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Position(Struct, frozen=True, order=True):
    """A place in a text file; line and column count from 1, columns in characters."""

    line: int
    column: int


class Range(Struct, frozen=True):
    """A stretch of one file; `end` is exclusive. `filename` is relative to the manifest root."""

    filename: str
    start: Position
    end: Position

    @classmethod
    def at(cls, filename: str, line: int = 1) -> Range:
        """Return the place at which a file begins, or one of its lines."""
        return cls(filename, Position(line, 1), Position(line, 1))


NOT_INCLUDED = "not included"
"""The `part` of a line that stands in a file which the manifest does not include."""


class EditedLine(Struct, frozen=True, order=True):
    """The line on which an edited value begins; `number` is 0 if it is about the whole file.

    `part` is the section that it belongs to, such as `defaults`, `audience` or `calendar` for such
    a file, or `NOT_INCLUDED`; it is empty for what is an entry's own. A `former` line is gone: the
    number is that of the version before.
    """

    file: str
    number: int = 0
    part: str = ""
    former: bool = False

    def __str__(self) -> str:
        place = f"{self.file}:{self.number}" if self.number else self.file
        return f"{place}, gone" if self.former else place


class Edit(Struct, frozen=True):
    """A change of a file that a machine can make: the text of `range` becomes `text`.

    An empty range inserts. Positions are those of the file as it was read.
    """

    range: Range
    text: str


class Diagnostic(Struct, frozen=True):
    """One finding.

    `summary` is constant text per code; names and values of the user belong in `detail`.
    `detail` is one or two sentences for somebody who has never seen this program.
    `fix` says what to type, or is None where only the author can know.
    `snippet` is the line itself; empty where it must not be shown.
    `push` is the id of the entry that it is about, None if it is about none or several.
    `edits` do what `fix` says, all of them together; empty where a person has to choose.
    """

    severity: Severity
    code: str
    summary: str
    detail: str
    range: Range | None = None
    snippet: str | None = None
    fix: str | None = None
    push: str | None = None
    edits: tuple[Edit, ...] = ()


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Tell whether any finding is an error."""
    return any(item.severity is Severity.ERROR for item in diagnostics)


def about(push: str, findings: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Say of findings which entry they are about."""
    return (replace(item, push=push) for item in findings)


def in_reading_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Sort by file, line and column, so that a person can fix from top to bottom.

    Findings without a place come last. Equal findings are reported once, as one about no single
    entry where several have it: what an entry was made from may be written in one place.
    """

    def place(item: Diagnostic) -> tuple[bool, str, int, int, str, str]:
        where = item.range
        if where is None:
            return (True, "", 0, 0, item.code, item.detail)
        start = where.start
        return (False, where.filename, start.line, start.column, item.code, item.detail)

    return tuple(sorted(_each_once(diagnostics), key=place))


def _each_once(diagnostics: Iterable[Diagnostic]) -> Iterable[Diagnostic]:
    kept: dict[Diagnostic, Diagnostic] = {}
    for item in diagnostics:
        shared = replace(item, push=None)
        kept[shared] = item if kept.get(shared, item) == item else shared
    return kept.values()
