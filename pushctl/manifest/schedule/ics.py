"""Days from an ics file (RFC 5545) of events that last whole days. Pure.

What would say more about the days than this understands (repeated events, times of day, events that
were called off) is reported, so that no day is missing unseen.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pushctl.text.quote import quoted

DAY = dt.timedelta(days=1)

ABOUT_PEOPLE = frozenset(
    {
        "ATTACH", "ATTENDEE", "CATEGORIES", "CLASS", "COLOR", "COMMENT", "CONTACT", "CREATED",
        "DESCRIPTION", "DTSTAMP", "GEO", "IMAGE", "LAST-MODIFIED", "LOCATION", "NAME", "ORGANIZER",
        "PRIORITY", "PRODID", "REFRESH-INTERVAL", "RELATED-TO", "RESOURCES", "SEQUENCE", "SOURCE",
        "SUMMARY", "TRANSP", "UID", "URL", "VERSION",
    }
)  # fmt: skip
"""Properties that say nothing about the days."""

ONLY = {
    "CALSCALE": {"GREGORIAN"},
    "METHOD": {"PUBLISH"},
    "STATUS": {"CONFIRMED", "TENTATIVE"},
    "X-APPLE-SPECIAL-DAY": {"WORK-HOLIDAY"},
}
"""Properties that do, unless they have one of these values. The last one also marks days that are
worked instead of others (`ALTERNATE-WORKDAY`), as they are usual in China."""

BESIDE = frozenset({"VTIMEZONE", "VALARM", "STANDARD", "DAYLIGHT"})
"""Components that say nothing about whole days."""

_PROPERTY = re.compile(r'([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^";:]*))*):(.*)')

Row = tuple[int, tuple[dt.date, dt.date] | str]
"""The number of a line, and two days, or what is wrong."""


@dataclass(slots=True)
class _Event:
    """What is known of one event; `wrong` if something about it was reported."""

    line: int
    wrong: bool = False
    days: dict[str, dt.date] = field(default_factory=dict)


def rows(lines: Sequence[str]) -> Iterator[Row]:
    """Yield the days of each event, both included, or what is wrong with a line."""
    open_: list[str] = []
    event = _Event(0)
    for number, line in _unfolded(lines):
        match = _PROPERTY.fullmatch(line)
        if match is None:
            yield number, f"{quoted(line)} is not NAME:VALUE"
            continue
        name, value = match[1].upper(), match[3].strip()
        if name == "BEGIN":
            open_.append(value.upper())
            event = _Event(number) if open_[-1] == "VEVENT" else event
            if open_[-1] not in BESIDE | {"VCALENDAR", "VEVENT"}:
                yield number, f"{quoted(value)} is no event"
        elif name == "END":
            if not open_ or open_.pop() != value.upper():
                yield number, f"{quoted(value)} ends here, but did not begin"
            elif value.upper() == "VEVENT" and not event.wrong:
                yield event.line, _of_event(event)
        elif name in ("DTSTART", "DTEND") and open_[-1:] == ["VEVENT"]:
            yield from _bound(event, number, name, match[2], value)
        elif not BESIDE & set(open_):
            yield from _property(number, name, value)
    if open_:
        yield len(lines), f"{quoted(open_[-1])} never ends"


def _unfolded(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield whole lines: what begins with a blank goes on with the line before."""
    number, text = 0, ""
    for at, line in enumerate(lines, 1):
        if line[:1] in (" ", "\t") and text:
            text += line[1:]
            continue
        if text:
            yield number, text
        number, text = at, line.rstrip()
    if text:
        yield number, text


def _bound(
    event: _Event, number: int, name: str, parameters: str, value: str
) -> Iterator[tuple[int, str]]:
    day = _day(value) if "VALUE=DATE" in parameters.upper().split(";") else None
    event.wrong = event.wrong or day is None
    if day is None:
        yield number, f"{name} is not a whole day, such as {name};VALUE=DATE:20261225"
    elif name in event.days:
        yield number, f"{name} is there twice"
    else:
        event.days[name] = day


def _property(number: int, name: str, value: str) -> Iterator[tuple[int, str]]:
    if name in ONLY:
        if value.upper() not in ONLY[name]:
            yield number, f"{name}:{value} is not understood"
    elif name not in ABOUT_PEOPLE and not name.startswith("X-"):
        yield number, f"{name} is not understood"


def _day(value: str) -> dt.date | None:
    try:
        return dt.datetime.strptime(value, "%Y%m%d").date() if len(value) == 8 else None
    except ValueError:
        return None


def _of_event(event: _Event) -> tuple[dt.date, dt.date] | str:
    """Return the days of an event, whose end is the day after its last one, if it is given."""
    first = event.days.get("DTSTART")
    if first is None:
        return "this event has no first day"
    after = event.days.get("DTEND", first + DAY)
    return (first, after - DAY) if after > first else f"this event ends on {after}, too early"
