"""What calendar programs make of our calendar is what is delivered."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from pushctl.render.ical import CalendarEntry, CalendarScope, calendar
from pushctl.schedule.recurrence import Recurrence, instants
from pushctl.schedule.rrule import parse_rrule
from pushctl.schedule.rule import ShortMonths
from pushctl.schedule.zone_offsets import DAY_SECONDS, Fold, Gap
from tests.examples import share

NOW = int(dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC).timestamp())
SHANGHAI = ZoneInfo("Asia/Shanghai")
YEAR = 366 * DAY_SECONDS

ZONES = [
    "America/New_York",
    "Europe/Berlin",
    "Europe/Dublin",  # winter is what the database calls saved
    "Asia/Shanghai",
    "Asia/Beirut",  # changes at midnight
    "Africa/Cairo",  # on a Friday, at midnight
    "Africa/Casablanca",  # around Ramadan
    "America/Santiago",  # the other half of the earth, at midnight
    "America/Nuuk",  # on a Saturday, late in the evening
    "Australia/Lord_Howe",  # by half an hour
    "Pacific/Chatham",
    "Asia/Kathmandu",
    "UTC",
]
RULES = [
    "FREQ=DAILY",
    "FREQ=DAILY;INTERVAL=3",
    "FREQ=DAILY;COUNT=200",
    "FREQ=DAILY;INTERVAL=5;BYMONTH=3,10",
    "FREQ=DAILY;BYDAY=SA,SU",
    "FREQ=WEEKLY;BYDAY=MO,WE",
    "FREQ=WEEKLY;BYDAY=SU",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU",
    "FREQ=WEEKLY;INTERVAL=3;BYDAY=MO,SU",
    "FREQ=WEEKLY;COUNT=7",
    "FREQ=MONTHLY",
    "FREQ=MONTHLY;BYMONTHDAY=1,15,31",
    "FREQ=MONTHLY;BYMONTHDAY=30",
    "FREQ=MONTHLY;BYMONTHDAY=29,30",
    "FREQ=MONTHLY;BYMONTHDAY=5,28,29",
    "FREQ=MONTHLY;BYMONTHDAY=-1,-31",
    "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=31",
    "FREQ=MONTHLY;BYDAY=-1FR,2SU",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1,1",
    "FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR",
    "FREQ=YEARLY",
    "FREQ=YEARLY;BYMONTH=3,11;BYDAY=2SU",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
    "FREQ=YEARLY;BYYEARDAY=73,-1",
    "FREQ=YEARLY;BYMONTHDAY=31",
]
TIMES = ["00:00", "00:30", "01:30", "02:00", "02:30", "03:00", "09:45:11", "23:30"]

days = st.dates(dt.date(2026, 11, 1), dt.date(2027, 6, 30))


@st.composite
def recurrences(draw: st.DrawFn) -> Recurrence:
    rule = parse_rrule(draw(st.sampled_from(RULES)))
    first = draw(days | st.dates(dt.date(2023, 1, 1), dt.date(2026, 11, 1)))
    skip = draw(st.lists(st.tuples(days, st.integers(0, 40)), max_size=3))
    times = draw(st.sets(st.sampled_from(TIMES), min_size=1, max_size=3))
    return Recurrence(
        rule=replace(rule, short=draw(st.sampled_from(ShortMonths))),
        times=tuple(sorted(dt.time.fromisoformat(time) for time in times)),
        zone=ZoneInfo(draw(st.sampled_from(ZONES))),
        first=first if rule.anchored or draw(st.booleans()) else None,
        last=draw(st.none() | st.dates(dt.date(2027, 1, 1), dt.date(2027, 12, 31))),
        skip=tuple((day, day + dt.timedelta(length)) for day, length in skip),
        gap=draw(st.none() | st.sampled_from(Gap)),
        fold=draw(st.none() | st.sampled_from(Fold)),
    )


def read(text: str, start: int, end: int) -> list[int]:
    """Return the moments that a reader of calendars finds between two moments, rising."""
    found = recurring_ical_events.of(icalendar.Calendar.from_ical(text)).between(
        dt.datetime.fromtimestamp(start, dt.UTC), dt.datetime.fromtimestamp(end, dt.UTC)
    )
    moments = (int(event["DTSTART"].dt.timestamp()) for event in found)
    # What began before is still shown, because an event has a length.
    return sorted(at for at in moments if start <= at <= end)


@given(recurrences())
@settings(max_examples=share(300), deadline=None)
def test_every_delivery_is_in_the_calendar_once(recurrence: Recurrence) -> None:
    entry = CalendarEntry("sale", "Sale", "Tonight", "3 users", (recurrence,), since=NOW)
    text = calendar(CalendarScope("ONEX", "test", SHANGHAI, NOW, "0"), [entry])
    start = NOW + DAY_SECONDS
    assert read(text, start, start + YEAR) == list(instants(recurrence, start, start + YEAR))
