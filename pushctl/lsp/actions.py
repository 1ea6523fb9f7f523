"""Changes that an editor can make: those of findings, and the layout. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pushctl.diagnostics import Diagnostic, Edit, Position, Range
from pushctl.manifest.edit.apply import together
from pushctl.manifest.files.includes import kind_of
from pushctl.manifest.format.formatter import tidied
from pushctl.manifest.yaml.positions import SourceText

_LINES = re.compile(r"[^\n]*\n|[^\n]+")

EVERYTHING = "Mend everything that has one right answer"


@dataclass(frozen=True, slots=True)
class Action:
    """A change with its name, and the findings that it mends."""

    title: str
    edits: tuple[Edit, ...]
    mends: tuple[Diagnostic, ...]


def fixes(
    findings: Iterable[Diagnostic], name: str, start: Position, end: Position
) -> list[Action]:
    """Return what could be mended in a stretch of a file, one finding at a time."""
    return [
        Action(_title(item), item.edits, (item,))
        for item in findings
        if item.edits and item.range is not None and _touches(item.range, name, start, end)
    ]


def fix_all(findings: Iterable[Diagnostic], name: str) -> Action | None:
    """Return everything that can be mended in one file in one go."""
    here = [
        item
        for item in findings
        if item.edits and all(edit.range.filename == name for edit in item.edits)
    ]
    mends = together(here)
    edits = tuple(edit for item in mends for edit in item.edits)
    return Action(EVERYTHING, edits, tuple(mends)) if mends else None


def layout(name: str, text: str) -> tuple[Edit, ...]:
    """Return the change that lays a file out, as small as one change can be; none if it cannot."""
    content = text.encode("utf-8", "surrogatepass")
    made = tidied(name, content, kind=kind_of(name)).content
    if made is None or made == content:
        return ()
    return (replacement(name, text, made.decode("utf-8")),)


def replacement(name: str, old: str, new: str) -> Edit:
    """Return the one change of lines that makes a text another one.

    What is the same at the beginning and at the end stays, so that an editor keeps its place.
    """
    before, after = _LINES.findall(old), _LINES.findall(new)
    most = min(len(before), len(after))
    head = next((at for at in range(most) if before[at] != after[at]), most)
    rest = most - head
    tail = next((at for at in range(rest) if before[-1 - at] != after[-1 - at]), rest)
    start = sum(map(len, before[:head]))
    end = start + sum(map(len, before[head : len(before) - tail]))
    where = SourceText(name, old).range(start, end)
    return Edit(where, "".join(after[head : len(after) - tail]))


def by_file(edits: Iterable[Edit]) -> Mapping[str, list[Edit]]:
    """Sort edits by the files that they are in."""
    found: dict[str, list[Edit]] = {}
    for edit in edits:
        found.setdefault(edit.range.filename, []).append(edit)
    return found


def _title(item: Diagnostic) -> str:
    fix = item.fix or "mend it"
    return f"{item.code}: {fix}"


def _touches(where: Range, name: str, start: Position, end: Position) -> bool:
    return where.filename == name and where.start <= end and start <= where.end
