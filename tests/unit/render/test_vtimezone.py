"""Zones as calendars explain them, read by two readers that are not ours."""

from __future__ import annotations

import datetime as dt
import io
from zoneinfo import ZoneInfo

import icalendar
import pytest
from dateutil.tz import tzical

from pushctl.render.vtimezone import timezone
from pushctl.schedule.zone_offsets import offset_runs

START, END = (int(dt.datetime(at, 1, 1, tzinfo=dt.UTC).timestamp()) for at in (2025, 2029))


def written(name: str, start: int = START, end: int = END) -> str:
    return timezone(ZoneInfo(name), start, end).to_ical(sorted=False).decode()


YEARLY = {
    "America/New_York": ["3;BYDAY=2SU", "11;BYDAY=1SU"],
    "Pacific/Auckland": ["4;BYDAY=1SU", "9;BYDAY=-1SU"],
    "Europe/Berlin": ["3;BYDAY=-1SU", "10;BYDAY=-1SU"],
    "Europe/Dublin": ["3;BYDAY=-1SU", "10;BYDAY=-1SU"],
    "Australia/Sydney": ["4;BYDAY=1SU", "10;BYDAY=1SU"],
    "Australia/Lord_Howe": ["4;BYDAY=1SU", "10;BYDAY=1SU"],
    "Africa/Cairo": ["4;BYDAY=-1FR", "10;BYDAY=-1FR"],
    "Asia/Jerusalem": ["3;BYDAY=4FR", "10;BYDAY=-1SU"],
}
FIXED = ["Asia/Shanghai", "America/Sao_Paulo", "Pacific/Apia", "Asia/Kathmandu", "UTC"]
BY_THE_MOON = ["Africa/Casablanca", "Asia/Gaza"]


@pytest.mark.parametrize("name", [*YEARLY, *FIXED, *BY_THE_MOON, "America/Nuuk"])
def test_a_zone_is_explained_as_it_is(name: str) -> None:
    zone, text = ZoneInfo(name), written(name)
    told = icalendar.Timezone.from_ical(text).to_tz(lookup_tzid=False)
    other = tzical(io.StringIO(text.replace("\r\n", "\n"))).get()
    onsets = [run.start for run in offset_runs(zone, START, END)][1:]
    near = [onset + minutes * 60 for onset in onsets for minutes in range(-120, 121, 15)]
    for at in (*range(START, END, 4 * 24 * 3600 + 3617), *near):
        wall = dt.datetime.fromtimestamp(at, zone)
        # Readers start from wall clocks; one that shows a time twice cannot tell them apart.
        if wall.replace(fold=1).utcoffset() == wall.replace(fold=0).utcoffset():
            assert wall.replace(tzinfo=told).utcoffset() == wall.utcoffset(), wall
            assert wall.replace(tzinfo=other).utcoffset() == wall.utcoffset(), wall


@pytest.mark.parametrize(("name", "rules"), YEARLY.items())
def test_clocks_that_change_by_a_rule_take_one_of_each(name: str, rules: list[str]) -> None:
    component = icalendar.Timezone.from_ical(written(name))
    parts = component.subcomponents
    assert sorted(part.name for part in parts) == ["DAYLIGHT", "STANDARD"]
    assert {part["RRULE"].to_ical().decode() for part in parts} == {
        "FREQ=YEARLY;BYDAY={1};BYMONTH={0}".format(*rule.split(";BYDAY=")) for rule in rules
    }
    assert {part["DTSTART"].dt.year for part in parts} == {2024}
    summer = next(part for part in parts if part.name == "DAYLIGHT")
    assert summer["TZOFFSETTO"].td > summer["TZOFFSETFROM"].td


@pytest.mark.parametrize("name", FIXED)
def test_clocks_that_never_change_take_one(name: str) -> None:
    text = written(name)
    assert (text.count("BEGIN:STANDARD"), text.count("BEGIN:DAYLIGHT")) == (1, 0)
    assert "RRULE" not in text


@pytest.mark.parametrize("name", BY_THE_MOON)
def test_clocks_that_follow_no_rule_are_told_change_by_change(name: str) -> None:
    text = written(name)
    assert text.count("TZOFFSETTO") == len(offset_runs(ZoneInfo(name), START, END))
    assert "RRULE" not in text


@pytest.mark.parametrize(
    ("name", "years", "rule"),
    [
        ("America/Mexico_City", (2019, 2022), True),
        ("America/Mexico_City", (2019, 2025), False),  # it ended in 2022
        ("Africa/Cairo", (2020, 2026), False),  # it began in 2023
        ("Africa/Cairo", (2025, 2028), True),
        ("America/New_York", (2005, 2009), False),  # it was another one until 2006
    ],
)
def test_a_rule_holds_from_the_beginning_to_the_end(
    name: str, years: tuple[int, int], rule: bool
) -> None:
    start, end = (int(dt.datetime(at, 1, 1, tzinfo=dt.UTC).timestamp()) for at in years)
    assert ("RRULE" in written(name, start, end)) is rule


def test_once_is_no_rule() -> None:
    text = written("America/New_York", START, START + 360 * 86400).replace("\r\n", "\n")
    assert text.partition("END:STANDARD\n")[2] == (
        "BEGIN:DAYLIGHT\nDTSTART:20250309T020000\nTZOFFSETFROM:-0500\nTZOFFSETTO:-0400\n"
        "TZNAME:EDT\nEND:DAYLIGHT\n"
        "BEGIN:STANDARD\nDTSTART:20251102T020000\nTZOFFSETFROM:-0400\nTZOFFSETTO:-0500\n"
        "TZNAME:EST\nEND:STANDARD\n"
        "END:VTIMEZONE\n"
    )


def test_offsets_may_have_seconds() -> None:
    monrovia = dt.timezone(-dt.timedelta(minutes=44, seconds=30))
    assert b"TZOFFSETTO:-004430" in timezone(monrovia, 0, 86400).to_ical()
