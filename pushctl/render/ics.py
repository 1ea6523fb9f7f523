"""The text of RFC 5545 (iCalendar): lines, texts, moments and zones. Whatever it is about.

No text that stands in it can begin a line, or be obeyed by a terminal or a CI system.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from pushctl.schedule.zone_offsets import Run, runs
from pushctl.text.escape import terminal
from pushctl.text.timestamps import zone_name

WIDTH = 75
"""Octets of a line without its end; RFC 5545, section 3.1."""


def document(lines: Iterable[str]) -> str:
    """Write lines as a file: folded, each with the end that section 3.1 asks for."""
    return "".join(folded(line) + "\r\n" for line in lines)


def folded(line: str) -> str:
    """Break a line into parts of at most 75 octets, within no character.

    And before no colon: a CI system obeys lines that begin with two of them.
    """
    parts, part = [], b""
    for character in line:
        octets = character.encode("utf-8", "surrogatepass")
        if len(part) + len(octets) > WIDTH:
            kept = _before_colons(part) if character == ":" else part
            parts.append(kept)
            # The space that begins a continued line counts, too.
            part = b" " + part[len(kept) :]
        part += octets
    return b"\r\n".join([*parts, part]).decode("utf-8", "surrogatepass")


def _before_colons(part: bytes) -> bytes:
    """Take colons at the end, and the character before them, away; not if nothing is left."""
    kept = part.rstrip(b":").decode("utf-8", "surrogatepass")[:-1]
    return kept.encode("utf-8", "surrogatepass") if kept.strip() else part


def text(value: str) -> str:
    """Write a value of type TEXT (section 3.3.11)."""
    plain = terminal(value.replace("\r\n", "\n").replace("\r", "\n"), lines=True)
    for character in ("\\", ";", ","):
        plain = plain.replace(character, f"\\{character}")
    return plain.replace("\n", "\\n")


def utc(at: int) -> str:
    """Write an instant (epoch seconds) as a moment in UTC."""
    return f"{dt.datetime.fromtimestamp(at, dt.UTC):%Y%m%dT%H%M%SZ}"


def wall(day: dt.date, time: dt.time) -> str:
    """Write a moment of a wall clock; which one is said beside it."""
    return f"{dt.datetime.combine(day, time):%Y%m%dT%H%M%S}"


# --- zones ----------------------------------------------------------------------------------------


def timezone(zone: dt.tzinfo, start: int, end: int) -> Iterator[str]:
    """Yield the lines that explain a zone from one instant to another (epoch seconds).

    Every change of its clocks is listed by itself: rules of zones change, what happened does not.
    """
    yield from ("BEGIN:VTIMEZONE", f"TZID:{zone_name(zone)}")
    before: Run | None = None
    for run in runs(zone, start, end):
        yield from _observance(zone, run, run.offset if before is None else before.offset)
        before = run
    yield "END:VTIMEZONE"


def _observance(zone: dt.tzinfo, run: Run, before: int) -> Iterator[str]:
    """Yield the lines of one stretch; its onset is told by the clock that ends there."""
    inside = dt.datetime.fromtimestamp(run.start, zone)
    kind = "DAYLIGHT" if inside.dst() else "STANDARD"
    onset = dt.datetime.fromtimestamp(run.start + before, dt.UTC)
    yield f"BEGIN:{kind}"
    yield f"DTSTART:{onset:%Y%m%dT%H%M%S}"
    yield f"TZOFFSETFROM:{_offset(before)}"
    yield f"TZOFFSETTO:{_offset(run.offset)}"
    yield f"TZNAME:{text(inside.tzname() or zone_name(zone))}"
    yield f"END:{kind}"


def _offset(seconds: int) -> str:
    minutes, rest = divmod(abs(seconds), 60)
    sign = "-" if seconds < 0 else "+"
    return f"{sign}{minutes // 60:02d}{minutes % 60:02d}" + (f"{rest:02d}" if rest else "")
