"""Calendars: the days that schedules may skip by name, from text files and ics files.

A text file has one day, or two days with `..` between them, on each line; words behind it are for
people, and so is what follows a `#`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pushctl.diagnostics import Diagnostic, Position, Range, Severity
from pushctl.manifest.files.reader import FileProblem, Files
from pushctl.manifest.schedule import ics
from pushctl.manifest.schedule.parse import Days, joined
from pushctl.manifest.schema import patterns
from pushctl.manifest.yaml import errors as yaml_errors
from pushctl.manifest.yaml.positions import Provenance
from pushctl.text.quote import quoted

MAX_BYTES = 1_000_000
MAX_FINDINGS = 20

LINE = "A line of a calendar cannot be used"
EMPTY = "The calendar is empty"
EXAMPLE = "write a day such as 2026-12-25, or days such as 2027-02-05..2027-02-11"

_DAY = patterns.DATE.strip("^$")
_LINE = re.compile(rf"(?P<first>{_DAY})(?: *\.\. *(?P<last>{_DAY}))?(?P<words>\s.*)?")


@dataclass(frozen=True, slots=True)
class Calendar:
    """What a calendar file holds: its days in order, and what is wrong with it."""

    days: tuple[Days, ...]
    findings: tuple[Diagnostic, ...]


def read(
    files: Files, named: Mapping[str, str], provenance: Provenance
) -> tuple[dict[str, tuple[Days, ...]], list[Diagnostic]]:
    """Read the files of all calendars, each once; those that cannot be read have no days.

    `provenance` is that of the map that names them.
    """
    found: dict[str, tuple[Days, ...]] = {}
    findings: list[Diagnostic] = []
    known: dict[str, Calendar] = {}
    for name, path in named.items():
        where = provenance.locate(name)
        try:
            file = files.name(path)
            if file not in known:
                known[file] = calendar(file, files.read(file, limit=MAX_BYTES), where)
                findings += known[file].findings
            found[name] = known[file].days
        except FileProblem as problem:
            findings.append(problem.finding(where))
            found[name] = ()
    return found, findings


def calendar(file: str, content: bytes, used: Range) -> Calendar:
    """Read the days of one calendar file; `used` is where the manifest names it."""
    text, problems = yaml_errors.decode(file, content)
    if text is None:
        return Calendar((), problems)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    rows = ics.rows(lines) if file.lower().endswith(".ics") else _rows(lines)
    days: list[Days] = []
    findings: list[Diagnostic] = []
    for line, row in rows:
        if not isinstance(row, str):
            days.append(row)
        elif len(findings) < MAX_FINDINGS:
            findings.append(_finding(file, line, f"Line {line} of {file}: {row}.", used))
    if not days and not findings:
        findings.append(_empty(file, used))
    return Calendar(joined(days), tuple(findings))


def _rows(lines: Iterable[str]) -> Iterator[tuple[int, Days | str]]:
    """Yield for each line its number, and its days or what is wrong with it."""
    for number, line in enumerate(lines, 1):
        text = line.partition("#")[0].strip()
        if not text:
            continue
        match = _LINE.fullmatch(text)
        if match is None:
            yield number, f"{quoted(text)} does not begin with a day"
        elif re.search(_DAY, match["words"] or ""):
            yield number, f"{quoted(text)} has a second day; days in a row are written with .."
        else:
            yield number, _days(match["first"], match["last"] or match["first"])


def _days(first: str, last: str) -> Days | str:
    days = []
    for text in (first, last):
        try:
            days.append(dt.date.fromisoformat(text))
        except ValueError:
            return f"there is no {text}"
    if days[1] < days[0]:
        return f"the days end on {last}, before they begin"
    return days[0], days[1]


def _finding(file: str, line: int, detail: str, used: Range) -> Diagnostic:
    use = f" It is used in {used.filename}, line {used.start.line}."
    where = Range(file, Position(line, 1), Position(line, 1))
    fix = EXAMPLE
    if file.lower().endswith(".ics"):
        fix = "keep only events of whole days that do not repeat, or write a text file of days"
    return Diagnostic(Severity.ERROR, "PSH119", LINE, detail + use, where, fix=fix)


def _empty(file: str, used: Range) -> Diagnostic:
    detail = f"{file} holds no day."
    return Diagnostic(Severity.WARNING, "PSH121", EMPTY, detail, used, fix=EXAMPLE)
