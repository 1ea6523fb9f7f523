"""Time zones as calendars explain them (RFC 5545, section 3.6.5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import icalendar

from pushctl.schedule.day_mask import bits, days
from pushctl.schedule.rrule import WEEKDAYS, parse_rrule
from pushctl.schedule.rule import occurrence_days
from pushctl.schedule.zone_offsets import offset_runs
from pushctl.text.timestamps import zone_name


class Observance(NamedTuple):
    """From `onset` on, in local time before it, a zone is `offset` off UTC and not `former` (s)."""

    onset: dt.datetime
    former: int
    offset: int
    name: str
    rule: str | None = None


def timezone(zone: dt.tzinfo, start: int, end: int) -> icalendar.Timezone:
    """Return the VTIMEZONE of a zone from one instant to another (epoch seconds).

    Outlook reads one STANDARD and one DAYLIGHT, and of them only DTSTART and RRULE. So a zone whose
    clocks change by a yearly rule all that time has just these; of any other, each change of offset
    is an observance of its own.
    """
    component = icalendar.Timezone()
    component.add("TZID", zone_name(zone))
    every = tuple(_observances(zone, start, end))
    low = min(item.offset for item in every)
    one, other = (_of_rule(every[first::2], start, end) for first in (1, 2))
    for item in (one, other) if one and other else every:
        part = icalendar.TimezoneStandard() if item.offset == low else icalendar.TimezoneDaylight()
        part.add("DTSTART", item.onset)
        part.add("TZOFFSETFROM", dt.timedelta(seconds=item.former))
        part.add("TZOFFSETTO", dt.timedelta(seconds=item.offset))
        part.add("TZNAME", item.name)
        if item.rule is not None:
            part.add("RRULE", icalendar.vRecur.from_ical(item.rule))
        component.add_component(part)
    return component


def _observances(zone: dt.tzinfo, start: int, end: int) -> Iterator[Observance]:
    """Yield one for the beginning, and one for each change of offset."""
    runs = offset_runs(zone, start, end)
    for before, run in zip(runs[:1] + runs, runs, strict=False):
        name = dt.datetime.fromtimestamp(run.start, zone).tzname() or zone_name(zone)
        yield Observance(_wall(run.start, before.offset), before.offset, run.offset, name)


def _of_rule(changes: Sequence[Observance], start: int, end: int) -> Observance | None:
    """Return what changes repeat once a year from one instant to another, None if nothing."""
    if len(changes) < 2 or len({item[1:] for item in changes}) > 1:
        return None
    onset, onsets = changes[0].onset, [item.onset for item in changes]
    since, until = (_wall(at, changes[0].former) for at in (start, end))
    span = days(dt.date(since.year - 1, 1, 1), (until.year - since.year + 2) * 366)
    for number in (-1, 1, 2, 3, 4):
        rule = f"FREQ=YEARLY;BYMONTH={onset.month};BYDAY={number}{WEEKDAYS[onset.weekday()]}"
        found = [span.date(index) for index in bits(occurrence_days(parse_rrule(rule), span, None))]
        moments = [dt.datetime.combine(day, onset.time()) for day in found]
        if [at for at in moments if since < at <= until] == onsets:
            return changes[0]._replace(onset=max(at for at in moments if at <= since), rule=rule)
    return None


def _wall(at: int, offset: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(at + offset, dt.UTC).replace(tzinfo=None)
