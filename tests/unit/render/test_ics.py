"""The text of iCalendar: what is written is what others read."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.render import ics
from pushctl.schedule.zone_offsets import runs
from pushctl.text.escape import terminal

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


def unfolded(text: str) -> str:
    return text.replace("\r\n ", "")


texts = st.text(max_size=200) | st.text(":a 好", max_size=300) | st.sampled_from(HOSTILE)


@given(texts)
def test_a_text_is_read_as_it_was_written(value: str) -> None:
    lines = ["BEGIN:VEVENT", f"SUMMARY:{ics.text(value)}", "END:VEVENT"]
    event = icalendar.Event.from_ical(ics.document(lines))
    shown = terminal(value.replace("\r\n", "\n").replace("\r", "\n"), lines=True)
    assert event.get("SUMMARY", "") == shown
    assert list(event) == ["SUMMARY"]


@given(texts)
def test_lines_are_folded_within_75_octets_and_no_character(value: str) -> None:
    line = f"SUMMARY:{ics.text(value)}"
    folded = ics.folded(line)
    assert unfolded(folded) == line
    for part in folded.split("\r\n"):
        assert len(part.encode()) <= ics.WIDTH


@pytest.mark.parametrize("shift", range(80))
@pytest.mark.parametrize("before", ["a", "好"])
def test_no_line_is_obeyed_by_a_ci_system(shift: int, before: str) -> None:
    folded = ics.folded(f"SUMMARY:{'x' * shift}{before}::error::y")
    assert not re.search(r"^\s*::", folded, re.MULTILINE)


ZONES = ["Asia/Shanghai", "Europe/Berlin", "Europe/Dublin", "America/Nuuk", "Africa/Casablanca"]


@pytest.mark.parametrize("name", [*ZONES, "Australia/Lord_Howe", "America/St_Johns", "UTC"])
def test_a_zone_is_explained_as_it_is(name: str) -> None:
    start, end = (int(dt.datetime(year, 1, 1, tzinfo=dt.UTC).timestamp()) for year in (2025, 2029))
    zone = ZoneInfo(name)
    read = icalendar.Timezone.from_ical(ics.document(ics.timezone(zone, start, end)))
    told = read.to_tz(lookup_tzid=False)
    onsets = [run.start for run in runs(zone, start, end)][1:]
    near = [onset + minutes * 60 for onset in onsets for minutes in range(-120, 121, 15)]
    for at in (*range(start, end, 6 * 3600 + 17), *near):
        moment = dt.datetime.fromtimestamp(at, dt.UTC)
        wall = moment.astimezone(zone)
        # Readers start from wall clocks; one that shows a time twice cannot tell them apart.
        if wall.replace(fold=1).utcoffset() == wall.replace(fold=0).utcoffset():
            assert wall.replace(tzinfo=told).utcoffset() == wall.utcoffset(), moment


def test_a_change_is_told_by_the_clock_that_ends_there() -> None:
    start = int(dt.datetime(2025, 1, 1, tzinfo=dt.UTC).timestamp())
    lines = ics.timezone(ZoneInfo("America/New_York"), start, start + 360 * 86400)
    assert "\n".join(lines).partition("END:STANDARD\n")[2] == (
        "BEGIN:DAYLIGHT\nDTSTART:20250309T020000\nTZOFFSETFROM:-0500\nTZOFFSETTO:-0400\n"
        "TZNAME:EDT\nEND:DAYLIGHT\n"
        "BEGIN:STANDARD\nDTSTART:20251102T020000\nTZOFFSETFROM:-0400\nTZOFFSETTO:-0500\n"
        "TZNAME:EST\nEND:STANDARD\n"
        "END:VTIMEZONE"
    )


def test_offsets_may_have_seconds() -> None:
    monrovia = dt.timezone(-dt.timedelta(minutes=44, seconds=30))
    assert "TZOFFSETTO:-004430" in list(ics.timezone(monrovia, 0, 86400))
