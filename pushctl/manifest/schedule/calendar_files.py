"""Calendars: the days that schedules may skip by name, from text files and iCalendar files.

A text file has one day, or two days with `..` between them, on each line; words behind it are for
people, unless they say that it is worked, and so is what follows a `#`. An iCalendar file (RFC
5545) has events that last whole days; what else it says about days is reported.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from msgspec import Struct

from pushctl.diagnostics import Diagnostic, Range, Severity
from pushctl.manifest.files.reader import FileProblem, Files
from pushctl.manifest.rules import diagnostic
from pushctl.manifest.schedule.working_days import Days, Holidays, joined, without
from pushctl.manifest.words import WORDS
from pushctl.manifest.yaml import errors as yaml_errors
from pushctl.manifest.yaml.positions import BREAK, Provenance
from pushctl.text.quote import quoted
from pushctl.text.regex import regex

MAX_BYTES = 1_000_000
MAX_FINDINGS = 20

BOTH = "give the days off (放假) and the working days (补班) a line or an event each"
EXAMPLE = "write a day such as 2026-12-25, or days such as 2027-02-05..2027-02-11"

_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_LINE = regex(rf"(?P<first>{_DAY})(?: *\.\. *(?P<last>{_DAY}))?(?P<words>\s.*)?")

_MORE_DAYS = frozenset({"DURATION", "EXDATE", "EXRULE", "RDATE", "RECURRENCE-ID", "RRULE"})
"""Properties that say more about days than a first and a last one (RFC 5545, 3.8.2 and 3.8.5)."""

_ONLY = WORDS["days"]["only"]
_APPLE = WORDS["days"]["apple"]
_WORKED, _OFF, _EITHER = ("|".join(WORDS["days"][name]) for name in ("worked", "off", "either"))


class Row(NamedTuple):
    """The days of a line or event, or what is wrong with it; `worked` None if it may say both."""

    line: int
    days: Days | str
    words: str = ""
    worked: bool | None = False


class Calendar(Struct, frozen=True):
    """What a calendar file holds: its days in order, and what is wrong with it."""

    days: Holidays
    findings: tuple[Diagnostic, ...]


def read(
    files: Files, named: Mapping[str, str], provenance: Provenance
) -> tuple[dict[str, Holidays], list[Diagnostic]]:
    """Read the files of all calendars, each once; those that cannot be read have no days.

    `provenance` is that of the map that names them.
    """
    found: dict[str, Holidays] = {}
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
            found[name] = Holidays()
    return found, findings


def calendar(file: str, content: bytes, used: Range) -> Calendar:
    """Read the days of one calendar file; `used` is where the manifest names it."""
    text, problems = yaml_errors.decode(file, content)
    if text is None:
        return Calendar(Holidays(), problems)
    lines = BREAK.split(text)
    rows = _ics_rows(lines) if file.lower().endswith(".ics") else _rows(lines)
    days: list[Days] = []
    worked: list[Days] = []
    findings: list[Diagnostic] = []
    for row in rows:
        if not isinstance(row.days, str):
            (worked if row.worked else days).append(row.days)
        if (problem := _problem(file, row, used)) and len(findings) < MAX_FINDINGS:
            findings.append(problem)
    if not (days or worked or findings):
        detail = f"{file} holds no day."
        findings.append(diagnostic("PSH121", detail, used, EXAMPLE))
    return Calendar(Holidays(without(days, worked), joined(worked)), tuple(findings))


def _rows(lines: Iterable[str]) -> Iterator[Row]:
    for number, line in enumerate(lines, 1):
        text, _, comment = map(str.strip, line.partition("#"))
        if not text:
            continue
        match = _LINE.fullmatch(text)
        if match is None:
            yield Row(number, f"{quoted(text)} does not begin with a day")
        elif re.search(_DAY, match["words"] or ""):
            problem = f"{quoted(text)} has a second day; days in a row are written with .."
            yield Row(number, problem)
        else:
            days, worked = _days(match["first"], match["last"] or match["first"]), is_worked(text)
            doubt = worked is False and is_worked(comment) is not False
            yield Row(number, days, line.strip(), None if doubt else worked)


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


def is_worked(text: str) -> bool | None:
    """Tell whether words say that a day is worked; None if they may say so and the opposite."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    rest, either = re.subn(_EITHER, " ", plain)
    rest, off = re.subn(_OFF, " ", rest)
    worked = re.search(rf"(?<![a-z])(?:{_WORKED})(?![a-z])", rest) is not None
    if (worked and off) or (either and not worked and not off and "假" not in rest):
        return None
    return worked


def _ics_rows(lines: Sequence[str]) -> Iterator[Row]:
    import icalendar  # noqa: PLC0415  (few manifests have such a file)

    try:
        calendar = icalendar.Calendar.from_ical("\n".join(lines))
    except Exception:  # ValueError, and others for damaged files
        yield Row(1, "this is no whole iCalendar file (RFC 5545)")
        return
    begin = 0
    for component in (calendar, *calendar.subcomponents):
        begin = _line(lines, begin, f"BEGIN:{component.name}")
        if component.name not in ("VCALENDAR", "VEVENT", "VTIMEZONE"):
            yield Row(begin, f"{component.name} is no event")
        elif component.name != "VTIMEZONE":
            problems = tuple(_problems(component))
            yield from (Row(_line(lines, begin, name), problem) for name, problem in problems)
            if component.name == "VEVENT" and not problems:
                words = str(component.get("SUMMARY", ""))
                special = str(component.get("X-APPLE-SPECIAL-DAY", "")).upper()
                worked = is_worked(f"{words} {_APPLE.get(special, '')}")
                yield Row(begin, _days_of(component), words, worked)


def _line(lines: Sequence[str], begin: int, start: str) -> int:
    """Return the number of the next line that starts with a text; `begin` if there is none."""
    ahead = enumerate(lines[begin:], begin + 1)
    return next((at for at, line in ahead if line.upper().startswith(start)), begin)


def _problems(component: Any) -> Iterator[tuple[str, str]]:
    """Yield the name of a property, and what is wrong with it."""
    broken = [name for name, _ in component.errors]
    for name in broken:
        yield name or "", f"{name or 'a line of this event'} cannot be read"
    for name, value in component.items():
        if name in broken:
            continue
        if name in ("DTSTART", "DTEND"):
            if _day(value) is None:
                yield name, f"{name} is not one whole day, such as {name};VALUE=DATE:20261225"
        elif name in _ONLY:
            if str(value).upper() not in _ONLY[name]:
                yield name, f"{quoted(f'{name}:{value}')} is not understood"
        elif name in _MORE_DAYS:
            yield name, f"{name} is not understood"


def _day(value: Any) -> dt.date | None:
    day = getattr(value, "dt", None)
    whole = type(day) is dt.date and value.params.get("VALUE") == "DATE"
    return day if whole else None


def _days_of(event: Any) -> Days | str:
    """Return the days of an event, whose end is the day after its last one, if it is given."""
    if "DTSTART" not in event:
        return "this event has no first day"
    first = event["DTSTART"].dt
    if "DTEND" not in event:
        return first, first
    after = event["DTEND"].dt
    last = after - dt.timedelta(days=1)
    return (first, last) if after > first else f"this event ends on {after}, too early"


def _problem(file: str, row: Row, used: Range) -> Diagnostic | None:
    """Return the finding about a line or event, if there is one."""
    severity, fix, what = Severity.ERROR, EXAMPLE, row.days
    if not isinstance(what, str):
        if row.worked is not None:
            return None
        severity, fix = Severity.WARNING, BOTH
        what = f"{quoted(row.words)} may say a day off and a working day; its days are skipped"
    elif file.lower().endswith(".ics"):
        fix = "keep only events of whole days that do not repeat, or write a text file of days"
    use = f" It is used in {used.filename}, line {used.start.line}."
    detail = f"Line {row.line} of {file}: {what}.{use}"
    return diagnostic("PSH119", detail, Range.at(file, row.line), fix, severity)
