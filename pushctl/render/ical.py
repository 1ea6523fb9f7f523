"""Pushes as a calendar that programs subscribe to (RFC 5545, RFC 7986).

It says what people may see on a wall: titles, texts, numbers of people; never who they are.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import icalendar
from icalendar import vText

from pushctl.push.identity import digest
from pushctl.render.schedule_text import english
from pushctl.render.view.calendar_events import Series, spelled
from pushctl.schedule.recurrence import Declared, Recurrence, day_of
from pushctl.schedule.service_schedule import DAY, Immediate, OneShot
from pushctl.schedule.zone_offsets import runs
from pushctl.text.escape import terminal
from pushctl.text.timestamps import zone_name

YEARS_AHEAD = 2
"""How many years after this one what has no rule of its own is listed for."""

DURATION = dt.timedelta(minutes=15)
REFRESH = dt.timedelta(hours=1)


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
    written: bytes = _document(page, entries, events).to_ical(sorted=False)
    return written.decode("utf-8")


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


def _document(page: Page, entries: Sequence[Entry], events: Sequence[_Event]) -> icalendar.Calendar:
    document, name = icalendar.Calendar(), _text(f"Pushes of {page.app} {page.workspace}")
    document.add("VERSION", "2.0")
    document.add("PRODID", f"-//pushctl//pushctl {page.version}//EN")
    document.add("CALSCALE", "GREGORIAN")
    document.add("METHOD", "PUBLISH")
    # No X-WR-TIMEZONE: readers that know it move what recurs in UTC into that zone.
    document.add("NAME", name)
    document.add("X-WR-CALNAME", name)
    document.add("REFRESH-INTERVAL", REFRESH, {"VALUE": "DURATION"})
    document.add("X-PUBLISHED-TTL", icalendar.vDuration(REFRESH))
    series = [event.when for event in events if isinstance(event.when, Series)]
    zones = {zone_name(zone): zone for zone in (page.zone, *(item.zone for item in series))}
    for _, zone in sorted(zones.items()):
        document.add_component(timezone(zone, *_years(page, entries)))
    for event in events:
        document.add_component(_event(page, event))
    return document


def _years(page: Page, entries: Sequence[Entry]) -> tuple[int, int]:
    """Return from when to when (epoch seconds) the zones have to be explained."""
    declared = [schedule for entry in entries for schedule in entry.schedules]
    ends = [item.last for item in declared if isinstance(item, Recurrence) and item.last]
    last = max([page.ahead, *ends])
    return _midnight(page.begin - DAY), _midnight(last + 2 * DAY)


def _midnight(day: dt.date) -> int:
    return int(dt.datetime.combine(day, dt.time(), dt.UTC).timestamp())


def timezone(zone: dt.tzinfo, start: int, end: int) -> icalendar.Timezone:
    """Return the VTIMEZONE of a zone from one instant to another (epoch seconds).

    Every change of offset is an observance of its own (RFC 5545, section 3.6.5): rules of zones
    change, what happened does not. Its onset is local time before the change.
    """
    component, before = icalendar.Timezone(), None
    component.add("TZID", zone_name(zone))
    for run in runs(zone, start, end):
        inside = dt.datetime.fromtimestamp(run.start, zone)
        former = dt.timedelta(seconds=run.offset if before is None else before)
        onset = dt.datetime.fromtimestamp(run.start, dt.UTC).replace(tzinfo=None) + former
        part = icalendar.TimezoneDaylight() if inside.dst() else icalendar.TimezoneStandard()
        part.add("DTSTART", onset)
        part.add("TZOFFSETFROM", former)
        part.add("TZOFFSETTO", dt.timedelta(seconds=run.offset))
        part.add("TZNAME", inside.tzname() or zone_name(zone))
        component.add_component(part)
        before = run.offset
    return component


def _event(page: Page, event: _Event) -> icalendar.Event:
    entry, component = event.entry, icalendar.Event()
    uid = digest([page.app, page.workspace, entry.id, event.name])[:32]
    component.add("UID", f"{uid}@pushctl")
    component.add("DTSTAMP", dt.datetime.fromtimestamp(page.now, dt.UTC))
    component.add("SEQUENCE", entry.revision)
    if isinstance(event.when, Series):
        _add_series(component, event.when)
    else:
        component.add("DTSTART", dt.datetime.fromtimestamp(event.when, dt.UTC))
    component.add("DURATION", DURATION)
    component.add("SUMMARY", _text(entry.title or entry.id))
    component.add("DESCRIPTION", _text(_description(page, event)))
    if entry.labels:
        labels = (_text(f"{key}={value}") for key, value in sorted(entry.labels.items()))
        component.add("CATEGORIES", list(labels))
    component.add("STATUS", "CANCELLED" if entry.cancelled else "CONFIRMED")
    # Nobody is busy while a push goes out.
    component.add("TRANSP", "TRANSPARENT")
    return component


def _add_series(component: icalendar.Event, series: Series) -> None:
    zone = {"TZID": zone_name(series.zone)}
    component.add("DTSTART", dt.datetime.combine(series.start, series.time), zone)
    component.add("RRULE", icalendar.vRecur.from_ical(series.rule))
    if series.left_out:
        left_out = [dt.datetime.combine(day, series.time) for day in series.left_out]
        component.add("EXDATE", left_out, zone)


def _description(page: Page, event: _Event) -> str:
    entry = event.entry
    when = english(event.schedule, page.zone)
    return f"{entry.body}\n\nTo {entry.audience}, {when}\n{entry.id}".lstrip("\n")


def _text(value: str) -> vText:
    """Return a TEXT that neither a terminal nor a CI system obeys, wherever a line is folded.

    CI systems obey lines that begin with two colons, so an invisible space goes between any two.
    """
    plain = terminal(value.replace("\r\n", "\n").replace("\r", "\n"), lines=True)
    return vText(re.sub(":(?=:)", ":\u200b", plain))
