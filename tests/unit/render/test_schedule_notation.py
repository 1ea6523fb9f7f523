"""Recurrences as rules of RFC 5545, and as cron."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from pushctl.render.schedule_notation import cron, dtstart, explicit, rrule, without_moves
from pushctl.schedule.day_mask import days
from pushctl.schedule.recurrence import Recurrence, instants
from pushctl.schedule.rrule import format_rrule, parse_rrule
from pushctl.schedule.rule import Freq, Rule, ShortMonths, occurrence_days
from pushctl.schedule.service_schedule import Immediate, OneShot

NEW_YORK = ZoneInfo("America/New_York")
DEC_1 = dt.date(2026, 12, 1)
HOLIDAY = ((dt.date(2026, 12, 25), dt.date(2026, 12, 26)),)


def every(rule: str, *times: str, short: ShortMonths = ShortMonths.SKIP, **more: Any) -> Recurrence:
    moments = tuple(map(dt.time.fromisoformat, times or ("09:45",)))
    found = Recurrence(replace(parse_rrule(rule), short=short), moments, NEW_YORK)
    return replace(found, **more)


@pytest.mark.parametrize(
    ("rule", "times", "fields"),
    [
        ("FREQ=DAILY", ("09:45",), "45 9 * * *"),
        ("FREQ=DAILY", ("09:00", "18:00"), "0 9,18 * * *"),
        ("FREQ=DAILY", ("09:00", "09:30", "18:00", "18:30"), "0,30 9,18 * * *"),
        ("FREQ=DAILY", ("09:00", "18:30"), None),
        ("FREQ=DAILY", ("09:45:11",), None),
        ("FREQ=DAILY;BYMONTH=6,7", ("09:45",), "45 9 * 6,7 *"),
        ("FREQ=WEEKLY;BYDAY=MO,FR,SU", ("20:00",), "0 20 * * 0,1,5"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,31", ("08:00",), "0 8 1,31 * *"),
        ("FREQ=MONTHLY;BYDAY=MO", ("08:00",), "0 8 * * 1"),
        ("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24", ("08:00",), "0 8 24 12 *"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", ("08:00",), None),
        ("FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR", ("08:00",), None),
        ("FREQ=MONTHLY;BYDAY=-1FR", ("08:00",), None),
        ("FREQ=MONTHLY;BYDAY=MO,FR;BYSETPOS=1", ("08:00",), None),
        ("FREQ=YEARLY;BYYEARDAY=1", ("08:00",), None),
    ],
)
def test_cron_says_what_cron_can_say(rule: str, times: tuple[str, ...], fields: str | None) -> None:
    assert cron(every(rule, *times)) == fields


@pytest.mark.parametrize(
    "schedule",
    [
        Immediate(),
        OneShot(0),
        every("FREQ=DAILY", first=DEC_1),
        every("FREQ=DAILY", last=DEC_1),
        every("FREQ=DAILY", skip=HOLIDAY),
        every("FREQ=MONTHLY;BYMONTHDAY=31", short=ShortMonths.LAST),
    ],
)
def test_cron_has_neither_ends_nor_exceptions(schedule: Any) -> None:
    assert cron(schedule) is None


@pytest.mark.parametrize(
    ("schedule", "rule"),
    [
        (every("FREQ=DAILY"), "FREQ=DAILY;BYHOUR=9;BYMINUTE=45;BYSECOND=0"),
        (
            every("FREQ=WEEKLY;BYDAY=MO,WE", "09:45:11", last=dt.date(2027, 3, 1)),
            "FREQ=WEEKLY;BYDAY=MO,WE;BYHOUR=9;BYMINUTE=45;BYSECOND=11;UNTIL=20270302T045959Z",
        ),
        (
            every("FREQ=WEEKLY;INTERVAL=2", "09:00", "18:00", first=DEC_1),
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;BYHOUR=9,18;BYMINUTE=0;BYSECOND=0",
        ),
        (
            every("FREQ=MONTHLY;COUNT=3", "09:00", "18:00", first=DEC_1),
            "FREQ=MONTHLY;COUNT=6;BYMONTHDAY=1;BYHOUR=9,18;BYMINUTE=0;BYSECOND=0",
        ),
        (
            every("FREQ=MONTHLY;BYMONTHDAY=31", short=ShortMonths.LAST),
            "FREQ=MONTHLY;BYMONTHDAY=-1;BYHOUR=9;BYMINUTE=45;BYSECOND=0",
        ),
        (
            every("FREQ=DAILY", last=dt.date.max),
            "FREQ=DAILY;BYHOUR=9;BYMINUTE=45;BYSECOND=0;UNTIL=99991231T235959Z",
        ),
        (every("FREQ=DAILY", "09:00", "18:30"), None),
        (every("FREQ=DAILY", skip=HOLIDAY), None),
        (every("FREQ=DAILY;COUNT=3", first=DEC_1, last=dt.date(2027, 1, 1)), None),
        (every("FREQ=MONTHLY;BYDAY=MO,FR;BYSETPOS=1", "09:00", "18:00"), None),
        (every("FREQ=MONTHLY;BYMONTHDAY=30;BYDAY=FR", short=ShortMonths.LAST), None),
        (OneShot(0), None),
        (Immediate(), None),
    ],
)
def test_rrule_is_that_of_rfc_5545(schedule: Any, rule: str | None) -> None:
    assert rrule(schedule) == rule


@pytest.mark.parametrize(
    ("schedule", "start"),
    [
        (every("FREQ=DAILY"), None),
        (every("FREQ=DAILY", first=DEC_1), "DTSTART;TZID=America/New_York:20261201T094500"),
        (
            every("FREQ=DAILY", first=DEC_1, zone=ZoneInfo("UTC")),
            "DTSTART:20261201T094500Z",
        ),
        (
            every("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "18:00", "09:00", first=DEC_1),
            "DTSTART;TZID=America/New_York:20261214T090000",
        ),
        (
            every("FREQ=YEARLY;INTERVAL=3;BYMONTH=2;BYMONTHDAY=29", first=DEC_1),
            "DTSTART;TZID=America/New_York:20320229T094500",
        ),
        (every("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", first=DEC_1), None),
        (every("FREQ=DAILY", first=DEC_1, skip=HOLIDAY), None),
        (
            every("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31", first=dt.date(9990, 12, 31)),
            "DTSTART;TZID=America/New_York:99901231T094500",
        ),
        (
            every("FREQ=DAILY", first=dt.date.max, last=dt.date.max),
            "DTSTART;TZID=America/New_York:99991231T094500",
        ),
        (OneShot(0), None),
    ],
)
def test_a_rule_starts_on_its_first_day_of_delivery(schedule: Any, start: str | None) -> None:
    assert dtstart(schedule) == start


def test_others_read_start_and_rule_in_the_zone_of_the_schedule() -> None:
    schedule = every("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU", first=DEC_1, last=dt.date(2027, 4, 30))
    read = rrulestr(f"{dtstart(schedule)}\nRRULE:{rrule(schedule)}")
    assert [int(moment.timestamp()) for moment in read] == list(instants(schedule, 0, 2**32))


numbers = st.frozensets(st.integers(1, 31) | st.integers(27, 31), min_size=1, max_size=4)


@given(
    st.sampled_from([Freq.DAILY, Freq.MONTHLY, Freq.YEARLY]),
    numbers,
    st.frozensets(st.integers(1, 12), max_size=3),
    st.integers(1, 3),
)
@settings(deadline=None)
def test_a_rule_without_moved_days_falls_on_the_same_days(
    freq: Freq, on: frozenset[int], months: frozenset[int], interval: int
) -> None:
    rule = Rule(
        freq,
        interval,
        by_month=tuple(sorted(months)),
        by_month_day=tuple(sorted(on)),
        short=ShortMonths.LAST,
    )
    plain = without_moves(rule)
    if plain is None:
        assert freq is not Freq.MONTHLY
        assert (interval > 1, 31 in on) == (True, False)
        return
    assert plain.short is ShortMonths.SKIP
    span = days(DEC_1, 10 * 366)
    assert occurrence_days(plain, span, DEC_1) == occurrence_days(rule, span, DEC_1)


@given(
    st.sampled_from(
        [
            "FREQ=DAILY;INTERVAL=3",
            "FREQ=DAILY;COUNT=40",
            "FREQ=WEEKLY",
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU",
            "FREQ=MONTHLY",
            "FREQ=MONTHLY;BYMONTHDAY=15,30",
            "FREQ=MONTHLY;BYDAY=-1FR",
            "FREQ=YEARLY;BYMONTH=2,5",
        ]
    ),
    st.sampled_from(ShortMonths),
    st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31)),
    st.sampled_from([("09:00",), ("09:00", "18:00"), ("09:00", "09:30", "18:00", "18:30")]),
    st.none() | st.dates(dt.date(2027, 1, 1), dt.date(2028, 1, 1)),
)
@settings(deadline=None)
def test_others_read_the_rule_as_it_is_meant(
    rule: str, short: ShortMonths, first: dt.date, times: tuple[str, ...], last: dt.date | None
) -> None:
    zone = ZoneInfo("UTC")
    schedule = every(rule, *times, short=short, first=first, last=last, zone=zone)
    text = rrule(schedule)
    if text is None:
        return
    start = dt.datetime.combine(first, dt.time(), dt.UTC)
    end = start + dt.timedelta(800)
    delivered = list(instants(schedule, int(start.timestamp()), int(end.timestamp())))
    begins = dtstart(schedule)
    assert (begins is None) == (delivered == [])
    if begins is not None:
        read = rrulestr(f"{begins}\nRRULE:{text}").between(start, end, inc=True)
        assert [int(moment.timestamp()) for moment in read] == delivered


def test_what_the_first_day_decides_is_written_down() -> None:
    first = dt.date(2026, 12, 24)
    written = {
        "FREQ=DAILY": "FREQ=DAILY",
        "FREQ=WEEKLY": "FREQ=WEEKLY;BYDAY=TH",
        "FREQ=MONTHLY": "FREQ=MONTHLY;BYMONTHDAY=24",
        "FREQ=YEARLY": "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24",
        "FREQ=YEARLY;BYMONTH=2": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=24",
        "FREQ=MONTHLY;BYDAY=2MO": "FREQ=MONTHLY;BYDAY=2MO",
    }
    assert {rule: format_rrule(explicit(parse_rrule(rule), first)) for rule in written} == written
