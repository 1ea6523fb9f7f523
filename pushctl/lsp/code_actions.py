"""Changes that an editor offers: the fixes of findings, and formatting."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from pushctl.diagnostics import Diagnostic, Edit, Position, Range
from pushctl.manifest.edit.apply import compatible, files_of
from pushctl.manifest.files.includes import kind_of
from pushctl.manifest.format.formatter import format_file
from pushctl.manifest.yaml.positions import SourceText
from pushctl.text.regex import regex
from pushctl.text.word_diff import common_start

_LINES = regex(r"[^\n]*\n|[^\n]+")


class Action(Struct, frozen=True):
    """A change with its title, and the findings that it fixes."""

    title: str
    edits: tuple[Edit, ...]
    fixes: tuple[Diagnostic, ...]


def quick_fixes(
    findings: Iterable[Diagnostic], name: str, start: Position, end: Position
) -> list[Action]:
    """Return the fixes in a range of a file, one finding at a time."""
    return [
        Action(f"{item.code}: {item.fix or 'fix it'}", item.edits, (item,))
        for item in findings
        if item.edits and item.range is not None and _touches(item.range, name, start, end)
    ]


def fix_all(findings: Iterable[Diagnostic], name: str) -> Action | None:
    """Return everything that can be fixed in one file in one go."""
    fixed = compatible(item for item in findings if files_of(item) == {name})
    edits = tuple(edit for item in fixed for edit in item.edits)
    title = "Fix everything that has one right answer"
    return Action(title, edits, tuple(fixed)) if fixed else None


def formatting(name: str, text: str) -> tuple[Edit, ...]:
    """Return the change that lays a file out, as small as one change can be; none if it cannot."""
    content = text.encode("utf-8", "surrogatepass")
    made = format_file(name, content, kind=kind_of(name)).content
    if made is None or made == content:
        return ()
    return (replacement(name, text, made.decode("utf-8")),)


def replacement(name: str, old: str, new: str) -> Edit:
    """Return the one change of lines that makes a text another one.

    What is the same at the beginning and at the end stays, so that an editor keeps its place.
    """
    before, after = _LINES.findall(old), _LINES.findall(new)
    head = common_start(before, after)
    tail = common_start(before[head:][::-1], after[head:][::-1])
    start = sum(map(len, before[:head]))
    end = start + sum(map(len, before[head : len(before) - tail]))
    where = SourceText(name, old).range(start, end)
    return Edit(where, "".join(after[head : len(after) - tail]))


def _touches(where: Range, name: str, start: Position, end: Position) -> bool:
    return where.filename == name and where.start <= end and start <= where.end
