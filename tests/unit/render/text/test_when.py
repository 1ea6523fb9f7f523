"""People and scripts learn the same of what is to come."""

from __future__ import annotations

import datetime as dt

from msgspec.structs import replace

from pushctl.render.text import when as when_text
from pushctl.render.view.upcoming import Silence
from pushctl.schedule.rrule import parse_rrule
from pushctl.schedule.service_schedule import OneShot
from pushctl.schedule.zone_offsets import Gap
from pushctl.text.style import Style
from tests.unit.render.view.schedules import BERLIN, NIGHTLY, SHANGHAI, at, seen


def test_sentences_are_broken_at_spaces_to_the_width_of_the_terminal() -> None:
    often = replace(NIGHTLY, last=dt.date(2027, 5, 1), skip=((dt.date(2027, 1, 1),) * 2,))
    found = seen(often, at(2026, 12, 1, 0, 0), count=1)
    whole = when_text.text(found)
    narrow = when_text.text(found, Style(cells=50))
    assert max(map(len, narrow.splitlines())) <= 50
    assert max(map(len, whole.splitlines())) > 80
    assert narrow.startswith(
        "every day at 02:30 America/New_York, until Sat 1\n  May 2027, not on Fri 1 Jan 2027\n"
    )


def test_where_no_table_fits_each_zone_has_a_line() -> None:
    found = seen(replace(NIGHTLY, last=dt.date(2027, 5, 1)), at(2026, 12, 1, 0, 0), count=1)
    head, *rows = when_text.text(found).split("\n\n")[1].splitlines()
    assert "UTC" in head
    assert len(rows) == 1
    first, *others = when_text.text(found, Style(cells=50)).split("\n\n")[1].splitlines()
    assert first.startswith("Tue 1 Dec 2026 02:30 America/New_York, in ")
    assert all(line.startswith("  ") for line in others)
    assert "  Tue 1 Dec 2026 07:30 UTC" in others


def test_each_task_is_described_for_scripts() -> None:
    weekly = replace(
        NIGHTLY,
        rule=parse_rrule("FREQ=MONTHLY;BYDAY=-1FR"),
        times=(dt.time(9),),
        zone=SHANGHAI,
        last=dt.date(2027, 2, 27),
    )
    tasks = when_text.document(seen(weekly, at(2026, 12, 27, 0, 0)))["tasks"]
    assert tasks == [
        {
            "english": "Fri 29 Jan and Fri 26 Feb 2027 at 09:00 Asia/Shanghai",
            "type": "monthly",
            "first": "2027-01-29T01:00:00Z",
            "last": "2027-02-26T01:00:00Z",
            "deliveries": 2,
        }
    ]
    once = OneShot(at(2026, 12, 24, 20, 0, zone=SHANGHAI))
    (task,) = when_text.document(seen(once, once.at - 3600))["tasks"]
    assert (task["type"], task["first"], task["deliveries"]) == ("once", "2026-12-24T12:00:00Z", 1)


def test_a_rule_is_shown_with_the_start_it_counts_from() -> None:
    biweekly = replace(
        NIGHTLY, rule=parse_rrule("FREQ=WEEKLY;INTERVAL=2"), first=dt.date(2026, 12, 7)
    )
    found = seen(biweekly, at(2026, 12, 1, 0, 0))
    assert (
        "\ndtstart  DTSTART;TZID=America/New_York:20261207T023000\n"
        "rrule    FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;BYHOUR=2;BYMINUTE=30;BYSECOND=0\n"
    ) in when_text.text(found)
    document = when_text.document(found)
    assert document["dtstart"] == "DTSTART;TZID=America/New_York:20261207T023000"
    assert when_text.document(seen(NIGHTLY, 0))["dtstart"] is None


def test_many_tasks_are_counted_and_listed_for_scripts() -> None:
    often = tuple(dt.time(hour, minute) for hour in range(7) for minute in (0, 30))
    found = seen(replace(NIGHTLY, times=often, zone=SHANGHAI), 0)
    assert "\n  and 2 more\n" in when_text.text(found)
    assert len(when_text.document(found)["tasks"]) == 14


def test_scripts_learn_all_that_people_read() -> None:
    found = seen(replace(NIGHTLY, gap=Gap.SKIP), at(2027, 3, 13, 0, 0), BERLIN, count=2)
    document = when_text.document(found)
    assert document["deliveries"] == ["2027-03-13T07:30:00Z", "2027-03-15T06:30:00Z"]
    assert document["moments"][1] == {
        "at": "2027-03-15T06:30:00Z",
        "zones": {
            "America/New_York": "2027-03-15T02:30:00-04:00",
            "Europe/Berlin": "2027-03-15T07:30:00+01:00",
            "Asia/Shanghai": "2027-03-15T14:30:00+08:00",
            "UTC": "2027-03-15T06:30:00+00:00",
        },
        "notes": ["clocks go forward in America/New_York"],
    }
    assert document["missed"] == [{"day": "2027-03-14", "time": "02:30"}]
    assert document["english"].startswith("every day at 02:30 America/New_York")
    assert document["cron"] == "30 2 * * *"
    assert document["rrule"] == "FREQ=DAILY;BYHOUR=2;BYMINUTE=30;BYSECOND=0"
    assert (document["renewed"], document["targets"]) == (True, None)


def test_what_silences_a_push_is_said_first() -> None:
    found = seen(NIGHTLY, at(2026, 12, 1, 0, 0), count=1)
    since = replace(found, silence=Silence("hello", at(2026, 11, 30, 9, 0)))
    assert when_text.text(since).startswith(
        "stopped since Mon 30 Nov 2026 09:00 America/New_York: none of this is delivered until "
        "`pushctl resume hello`\n\nevery day"
    )
    assert "\nToday it would take 3 tasks" in when_text.text(since)
    unknown = replace(found, silence=Silence("hello", 0))
    assert when_text.text(unknown).startswith("stopped: none of this is delivered until ")
    assert when_text.document(unknown)["silence"] == {
        "reason": "stopped",
        "since": None,
    }
    disabled = replace(found, silence=Silence("hello", None))
    assert when_text.text(disabled).startswith("disabled: none of this is delivered while ")
    assert when_text.document(found)["silence"] is None
