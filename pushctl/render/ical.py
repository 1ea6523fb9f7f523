"""Pushes as a calendar that programs subscribe to (RFC 5545, RFC 7986).

It says what people may see on a wall: titles, texts, numbers of people; never who they are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pushctl.push.identity import digest
from pushctl.render import ics
from pushctl.render.schedule_text import english
from pushctl.render.view.calendar_events import Series, spelled
from pushctl.schedule.recurrence import Declared, Recurrence, day_of
from pushctl.schedule.service_schedule import DAY, Immediate, OneShot
from pushctl.text.timestamps import zone_name

YEARS_AHEAD = 2
"""How many years after this one what has no rule of its own is listed for."""

DURATION = "PT15M"
REFRESH = "PT1H"


@dataclass(frozen=True, slots=True)
class Entry:
    """What a calendar tells of one push.

    `schedules` are the declared one, or those of the tasks that are left of a push. `since` (epoch
    seconds) is when a recurrence without a first day began. `revision` never falls.
    """

    id: str
    title: str
    body: str
    audience: str
    schedules: tuple[Declared, ...]
    since: int
    labels: Mapping[str, str] = field(default_factory=dict)
    cancelled: bool = False
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """What a calendar is about: an app's workspace, seen at `now` (epoch seconds) in `zone`."""

    app: str
    workspace: str
    zone: dt.tzinfo
    now: int
    version: str

    @property
    def begin(self) -> dt.date:
        """The first day that is shown: this year and the last are, and nothing before."""
        return dt.date(self._year - 1, 1, 1)

    @property
    def ahead(self) -> dt.date:
        """The last day for which what has no rule is listed."""
        return dt.date(self._year + YEARS_AHEAD, 12, 31)

    @property
    def _year(self) -> int:
        return day_of(self.now, self.zone).year


def calendar(page: Page, entries: Sequence[Entry]) -> str:
    """Write a calendar, the same for the same values."""
    events = [event for entry in entries for event in _events(page, entry)]
    return ics.document(_lines(page, entries, events))


@dataclass(frozen=True, slots=True)
class _Event:
    """One VEVENT: an entry's series, or one of its single moments (epoch seconds)."""

    entry: Entry
    schedule: Declared
    name: str
    when: Series | int


def _events(page: Page, entry: Entry) -> Iterator[_Event]:
    """Yield the events of an entry.

    Their names say the place of a time among those of the push, so that a time that is edited
    moves its event. What stands beside a series is named by its moment.
    """
    number = 0
    for schedule in entry.schedules:
        match schedule:
            case Immediate():
                continue
            case OneShot(at=at):
                yield _Event(entry, schedule, str(number), at)
                number += 1
            case Recurrence():
                begin = max(page.begin, _start(schedule, entry.since))
                found = spelled(schedule, begin, page.ahead)
                for series in found.series:
                    yield _Event(entry, schedule, str(number), series)
                    number += 1
                for at in found.singles:
                    yield _Event(entry, schedule, f"at {at}", at)


def _start(schedule: Recurrence, since: int) -> dt.date:
    return day_of(since, schedule.zone) if schedule.first is None else schedule.first


def _lines(page: Page, entries: Sequence[Entry], events: Sequence[_Event]) -> Iterator[str]:
    name = ics.text(f"Pushes of {page.app} {page.workspace}")
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield f"PRODID:-//pushctl//pushctl {page.version}//EN"
    yield "CALSCALE:GREGORIAN"
    yield "METHOD:PUBLISH"
    # No X-WR-TIMEZONE: readers that know it move what recurs in UTC into that zone.
    yield f"NAME:{name}"
    yield f"X-WR-CALNAME:{name}"
    yield f"REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}"
    yield f"X-PUBLISHED-TTL:{REFRESH}"
    series = [event.when for event in events if isinstance(event.when, Series)]
    zones = {zone_name(zone): zone for zone in (page.zone, *(item.zone for item in series))}
    for _, zone in sorted(zones.items()):
        yield from ics.timezone(zone, *_years(page, entries))
    for event in events:
        yield from _event(page, event)
    yield "END:VCALENDAR"


def _years(page: Page, entries: Sequence[Entry]) -> tuple[int, int]:
    """Return from when to when (epoch seconds) the zones have to be explained."""
    declared = [schedule for entry in entries for schedule in entry.schedules]
    ends = [item.last for item in declared if isinstance(item, Recurrence) and item.last]
    last = max([page.ahead, *ends])
    return _midnight(page.begin - DAY), _midnight(last + 2 * DAY)


def _midnight(day: dt.date) -> int:
    return int(dt.datetime.combine(day, dt.time(), dt.UTC).timestamp())


def _event(page: Page, event: _Event) -> Iterator[str]:
    entry = event.entry
    yield "BEGIN:VEVENT"
    yield f"UID:{digest([page.app, page.workspace, entry.id, event.name])[:32]}@pushctl"
    yield f"DTSTAMP:{ics.utc(page.now)}"
    yield f"SEQUENCE:{entry.revision}"
    if isinstance(event.when, Series):
        yield from _series(event.when)
    else:
        yield f"DTSTART:{ics.utc(event.when)}"
    yield f"DURATION:{DURATION}"
    yield f"SUMMARY:{ics.text(entry.title or entry.id)}"
    yield f"DESCRIPTION:{ics.text(_description(page, event))}"
    if entry.labels:
        labels = (ics.text(f"{key}={value}") for key, value in sorted(entry.labels.items()))
        yield f"CATEGORIES:{','.join(labels)}"
    yield f"STATUS:{'CANCELLED' if entry.cancelled else 'CONFIRMED'}"
    # Nobody is busy while a push goes out.
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _series(series: Series) -> Iterator[str]:
    zone = f"TZID={zone_name(series.zone)}"
    yield f"DTSTART;{zone}:{ics.wall(series.start, series.time)}"
    yield f"RRULE:{series.rule}"
    if series.left_out:
        moments = (ics.wall(day, series.time) for day in series.left_out)
        yield f"EXDATE;{zone}:{','.join(moments)}"


def _description(page: Page, event: _Event) -> str:
    entry = event.entry
    when = english(event.schedule, page.zone)
    return f"{entry.body}\n\nTo {entry.audience}, {when}\n{entry.id}".lstrip("\n")
