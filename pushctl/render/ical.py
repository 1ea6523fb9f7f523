"""Pushes as a calendar to subscribe to (RFC 5545, RFC 7986); it never says who gets them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import count

import icalendar
from icalendar import vText
from msgspec import Struct, field

from pushctl.push.identity import digest
from pushctl.render.schedule_text import english
from pushctl.render.view.calendar_events import Series, calendar_events
from pushctl.render.vtimezone import timezone
from pushctl.schedule.recurrence import Declared, Recurrence
from pushctl.schedule.service_schedule import DAY, OneShot, local_day
from pushctl.text.escape import terminal
from pushctl.text.timestamps import zone_name

YEARS_AHEAD = 2
"""How many years after this one what has no rule of its own is listed for."""

DURATION = dt.timedelta(minutes=15)
REFRESH = dt.timedelta(hours=1)


class CalendarEntry(Struct, frozen=True):
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


class CalendarScope(Struct, frozen=True):
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
        return local_day(self.now, self.zone).year


def calendar(scope: CalendarScope, entries: Sequence[CalendarEntry]) -> str:
    """Write a calendar, the same for the same values."""
    document = icalendar.Calendar()
    name = _text(f"Pushes of {scope.app} {scope.workspace}")
    document.add("VERSION", "2.0")
    document.add("PRODID", f"-//pushctl//pushctl {scope.version}//EN")
    document.add("CALSCALE", "GREGORIAN")
    document.add("METHOD", "PUBLISH")
    # No X-WR-TIMEZONE: readers that know it move what recurs in UTC into that zone.
    document.add("NAME", name)
    document.add("X-WR-CALNAME", name)
    document.add("REFRESH-INTERVAL", REFRESH, {"VALUE": "DURATION"})
    document.add("X-PUBLISHED-TTL", icalendar.vDuration(REFRESH))
    for zone in _timezones(scope, entries):
        document.add_component(zone)
    for entry in entries:
        for event in _events(scope, entry):
            document.add_component(event)
    written: bytes = document.to_ical(sorted=False)
    return written.decode("utf-8")


def _events(scope: CalendarScope, entry: CalendarEntry) -> Iterator[icalendar.Event]:
    """Yield the events of an entry.

    A UID counts the times of the push, so that a time that is edited moves its event. What stands
    beside a series is named by its instant.
    """
    numbers = map(str, count())
    for schedule in entry.schedules:
        if isinstance(schedule, OneShot):
            yield _event(scope, entry, schedule, next(numbers), schedule.at)
        elif isinstance(schedule, Recurrence):
            begin = max(scope.begin, _start(schedule, entry.since))
            found = calendar_events(schedule, begin, scope.ahead)
            for series in found.series:
                yield _event(scope, entry, schedule, next(numbers), series)
            for at in found.singles:
                yield _event(scope, entry, schedule, f"at {at}", at)


def _start(schedule: Recurrence, since: int) -> dt.date:
    return local_day(since, schedule.zone) if schedule.first is None else schedule.first


def _timezones(
    scope: CalendarScope, entries: Sequence[CalendarEntry]
) -> Iterator[icalendar.Timezone]:
    """Yield every zone that is used, for as long as something recurs in it."""
    declared = [schedule for entry in entries for schedule in entry.schedules]
    recurrences = [schedule for schedule in declared if isinstance(schedule, Recurrence)]
    last = max([scope.ahead, *(item.last for item in recurrences if item.last)])
    start, end = _midnight(scope.begin - DAY), _midnight(last + 2 * DAY)
    zones = {zone_name(zone): zone for zone in (scope.zone, *(item.zone for item in recurrences))}
    yield from (timezone(zone, start, end) for _, zone in sorted(zones.items()))


def _midnight(day: dt.date) -> int:
    return int(dt.datetime.combine(day, dt.time(), dt.UTC).timestamp())


def _event(
    scope: CalendarScope, entry: CalendarEntry, schedule: Declared, name: str, when: Series | int
) -> icalendar.Event:
    """Return the VEVENT of a series, or of a single instant (epoch seconds)."""
    component = icalendar.Event()
    uid = digest([scope.app, scope.workspace, entry.id, name])[:32]
    component.add("UID", f"{uid}@pushctl")
    component.add("DTSTAMP", dt.datetime.fromtimestamp(scope.now, dt.UTC))
    component.add("SEQUENCE", entry.revision)
    if isinstance(when, Series):
        _add_series(component, when)
    else:
        component.add("DTSTART", dt.datetime.fromtimestamp(when, dt.UTC))
    component.add("DURATION", DURATION)
    component.add("SUMMARY", _text(entry.title or entry.id))
    component.add("DESCRIPTION", _text(_description(scope, entry, schedule)))
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


def _description(scope: CalendarScope, entry: CalendarEntry, schedule: Declared) -> str:
    when = english(schedule, scope.zone)
    return f"{entry.body}\n\nTo {entry.audience}, {when}\n{entry.id}".lstrip("\n")


def _text(value: str) -> vText:
    """Return a TEXT that neither a terminal nor a CI system obeys, wherever a line is folded.

    CI systems obey lines that begin with two colons, so an invisible space goes between any two.
    """
    plain = terminal(value.replace("\r\n", "\n").replace("\r", "\n"), lines=True)
    return vText(re.sub(":(?=:)", ":\u200b", plain))
