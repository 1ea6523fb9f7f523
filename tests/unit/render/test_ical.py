"""Pushes as events of a calendar."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pushctl.render.ical import CalendarEntry, CalendarScope, calendar
from pushctl.schedule.recurrence import Declared, Recurrence
from pushctl.schedule.rrule import parse_rrule
from pushctl.schedule.service_schedule import Immediate, OneShot
from pushctl.schedule.zone_offsets import Fold, Gap
from pushctl.text.escape import terminal

NEW_YORK = ZoneInfo("America/New_York")
NOW = int(dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC).timestamp())
PAGE = CalendarScope("ONEX", "prod", ZoneInfo("Asia/Shanghai"), NOW, "1.2.3")
NIGHTLY = Recurrence(parse_rrule("FREQ=DAILY"), (dt.time(2, 30),), NEW_YORK)
ONCE = OneShot(NOW + 86400)


def entry(*schedules: Declared, id: str = "sale") -> CalendarEntry:
    return CalendarEntry(id, "Sale", "Tonight", "3 users", schedules or (ONCE,), since=NOW)


def events(*entries: CalendarEntry, page: CalendarScope = PAGE) -> list[icalendar.Event]:
    read = icalendar.Calendar.from_ical(calendar(page, entries))
    return list(read.walk("VEVENT"))


def text(event: icalendar.Event, name: str) -> str:
    return event[name].to_ical().decode()


def test_a_calendar_names_itself_and_says_how_often_to_come_back() -> None:
    read = icalendar.Calendar.from_ical(calendar(PAGE, [entry()]))
    assert read["VERSION"] == "2.0"
    assert read["PRODID"] == "-//pushctl//pushctl 1.2.3//EN"
    assert read["METHOD"] == "PUBLISH"
    assert read["X-WR-CALNAME"] == read["NAME"] == "Pushes of ONEX prod"
    assert read["REFRESH-INTERVAL"].dt == dt.timedelta(hours=1)
    assert read["REFRESH-INTERVAL"].params["VALUE"] == "DURATION"


def test_a_calendar_without_pushes_is_one() -> None:
    read = icalendar.Calendar.from_ical(calendar(PAGE, []))
    assert [part.name for part in read.subcomponents] == ["VTIMEZONE"]


def test_one_moment_is_one_event() -> None:
    (event,) = events(replace(entry(), labels={"b": "2", "a": "1, 2"}, revision=3))
    assert event["DTSTART"].dt == dt.datetime(2026, 12, 2, 9, tzinfo=dt.UTC)
    assert event["DTSTAMP"].dt == dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)
    assert event["DURATION"].dt == dt.timedelta(minutes=15)
    assert event["SUMMARY"] == "Sale"
    assert event["DESCRIPTION"] == (
        "Tonight\n\nTo 3 users, once, Wed 2 Dec 2026 17:00 Asia/Shanghai\nsale"
    )
    assert event["CATEGORIES"].cats == ["a=1, 2", "b=2"]
    assert event["SEQUENCE"] == 3
    assert (event["STATUS"], event["TRANSP"]) == ("CONFIRMED", "TRANSPARENT")
    assert "RRULE" not in event


def test_what_has_no_title_is_called_by_its_id() -> None:
    (event,) = events(replace(entry(), title=""))
    assert event["SUMMARY"] == "sale"


def test_what_is_sent_at_once_has_no_event() -> None:
    assert events(entry(Immediate())) == []


def test_what_is_cancelled_is_crossed_out() -> None:
    found = events(replace(entry(ONCE, NIGHTLY), cancelled=True))
    assert {event["STATUS"] for event in found} == {"CANCELLED"}


def test_a_delivery_that_a_clock_change_moves_stands_beside_its_series() -> None:
    series, *beside = events(entry(NIGHTLY))
    assert series["DTSTART"].dt == dt.datetime(2026, 12, 1, 2, 30, tzinfo=NEW_YORK)
    assert series["RRULE"].to_ical() == b"FREQ=DAILY"
    assert [moment.dt.strftime("%F") for moment in series["EXDATE"].dts] == [
        "2027-03-14",
        "2028-03-12",
    ]
    assert [event["DTSTART"].dt.isoformat() for event in beside] == [
        "2027-03-14T07:00:00+00:00",
        "2028-03-12T07:00:00+00:00",
    ]


def test_what_is_left_out_at_a_clock_change_is_left_out() -> None:
    (series,) = events(entry(replace(NIGHTLY, gap=Gap.SKIP)))
    assert len(series["EXDATE"].dts) == 2


def test_the_second_of_two_moments_stands_beside_its_series() -> None:
    late = replace(NIGHTLY, times=(dt.time(1, 30),), fold=Fold.SECOND)
    _, *beside = events(entry(late))
    assert [event["DTSTART"].dt.isoformat() for event in beside] == [
        "2027-11-07T06:30:00+00:00",
        "2028-11-05T06:30:00+00:00",
    ]


def test_two_times_that_a_clock_change_brings_together_are_one_event() -> None:
    close = replace(NIGHTLY, times=(dt.time(2, 15), dt.time(2, 30), dt.time(3)))
    found = events(entry(close))
    assert len([event for event in found if "RRULE" in event]) == 3
    assert [event for event in found if "RRULE" not in event] == []


def test_no_series_begins_at_a_time_that_does_not_exist() -> None:
    found = events(entry(replace(NIGHTLY, first=dt.date(2027, 3, 14))))
    starts = [event["DTSTART"].dt for event in found if "RRULE" in event]
    assert starts == [dt.datetime(2027, 3, 15, 2, 30, tzinfo=NEW_YORK)]


def test_the_end_of_a_series_is_in_utc() -> None:
    (series,) = events(entry(replace(NIGHTLY, last=dt.date(2026, 12, 24))))
    assert series["RRULE"].to_ical() == b"FREQ=DAILY;UNTIL=20261225T045959Z"


def test_a_long_past_is_cut_off_and_still_counted() -> None:
    counted = replace(
        NIGHTLY, rule=parse_rrule("FREQ=WEEKLY;INTERVAL=2;COUNT=100"), first=dt.date(2024, 1, 3)
    )
    series = events(entry(counted))[0]
    assert series["DTSTART"].dt == dt.datetime(2025, 1, 1, 2, 30, tzinfo=NEW_YORK)
    assert series["RRULE"].to_ical() == b"FREQ=WEEKLY;COUNT=74;INTERVAL=2;BYDAY=WE"


def test_what_is_over_has_no_series() -> None:
    assert events(entry(replace(NIGHTLY, last=dt.date(2024, 1, 1)))) == []


def test_the_zone_is_explained_for_as_long_as_a_series_goes() -> None:
    here = replace(NIGHTLY, zone=ZoneInfo("Asia/Gaza"))  # whose clocks follow no rule
    far = replace(here, last=dt.date(2035, 12, 31))
    assert "DTSTART:20351027T020000" in calendar(PAGE, [entry(far)])
    assert "DTSTART:2035" not in calendar(PAGE, [entry(here)])


def uids(*entries: CalendarEntry, page: CalendarScope = PAGE) -> list[str]:
    return [text(event, "UID") for event in events(*entries, page=page)]


def test_events_keep_their_identity_through_edits() -> None:
    before = entry(NIGHTLY)
    edited = replace(NIGHTLY, times=(dt.time(3, 30),))
    after = replace(before, title="Other", schedules=(edited,), cancelled=True, revision=7)
    assert uids(after)[0] == uids(before)[0] == uids(entry(ONCE))[0]


def test_events_of_different_pushes_and_places_differ() -> None:
    twice = replace(NIGHTLY, times=(dt.time(9), dt.time(18)))
    found = uids(entry(twice), entry(NIGHTLY, id="other"))
    found += uids(entry(NIGHTLY), page=replace(PAGE, workspace="test"))
    assert len(found) == len(set(found)) == 2 + 3 + 3


@pytest.mark.parametrize("field", ["title", "body", "id"])
def test_no_text_becomes_an_event_of_its_own(field: str) -> None:
    hostile = "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nATTACH:https://example.com/\x1b]0;y"
    written = calendar(PAGE, [replace(entry(), **{field: hostile}, labels={"a": hostile})])
    read = icalendar.Calendar.from_ical(written)
    (event,) = read.walk("VEVENT")
    assert "ATTACH" not in event
    assert "\x1b" not in written


def test_a_calendar_depends_on_nothing_but_its_values() -> None:
    entries = [entry(NIGHTLY), entry(id="other")]
    assert calendar(PAGE, entries) == calendar(PAGE, entries)
    later = calendar(replace(PAGE, now=NOW + 3600), entries)
    stamped = calendar(PAGE, entries).replace("DTSTAMP:20261201T09", "DTSTAMP:20261201T10")
    assert stamped == later


def test_every_line_ends_as_the_standard_says() -> None:
    written = calendar(PAGE, [replace(entry(), body="好" * 100)])
    assert written.endswith("END:VCALENDAR\r\n")
    lines = written.split("\r\n")
    assert all("\n" not in line and "\r" not in line for line in lines)


HOSTILE = [
    "plain",
    "",
    "a; b, c\\n \\; d",
    "two\nlines\r\nand\rmore",
    "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:mine",
    "a\x00b\x1b]0;title\x07c\x85d",
    "right\u202eleft \u2028 line \ud800",
    "::error file=x::y and ##[group] and ##vso[task",
    "好" * 60,
    "👩‍👩‍👧‍👦" * 30,
    ":" * 200,
    "a" + ":" * 100 + "error::" + "b" * 80,
]
texts = st.text(max_size=200) | st.text(":a 好", max_size=300) | st.sampled_from(HOSTILE)


@given(texts)
def test_a_text_is_read_as_it_was_written(value: str) -> None:
    (event,) = events(replace(entry(), title=f"T{value}"))
    shown = terminal("T" + value.replace("\r\n", "\n").replace("\r", "\n"), lines=True)
    assert event["SUMMARY"].replace("\u200b", "") == shown.replace("\u200b", "")


@given(texts)
def test_lines_are_folded_within_75_octets_and_no_character(value: str) -> None:
    for line in calendar(PAGE, [replace(entry(), title=value)]).split("\r\n"):
        assert len(line.encode()) <= 75


@pytest.mark.parametrize("shift", range(80))
@pytest.mark.parametrize("before", ["a", "好", ":" * 90])
def test_no_line_is_obeyed_by_a_ci_system(shift: int, before: str) -> None:
    title = f"{'x' * shift}{before}::error::y"
    written = calendar(PAGE, [replace(entry(), title=title, labels={"a": title})])
    assert not re.search(r"^\s*::", written, re.MULTILINE)
