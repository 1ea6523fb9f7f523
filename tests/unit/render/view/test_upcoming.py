"""What is to come of a schedule, and how it is told."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from pushctl.render.text import when as when_text
from pushctl.render.view.upcoming import Outlook, Silence, outlook
from pushctl.schedule.recurrence import Declared, Recurrence
from pushctl.schedule.rrule import parse
from pushctl.schedule.service_schedule import Horizon, Immediate, OneShot, deliveries
from pushctl.schedule.zone_offsets import Fold, Gap
from pushctl.text.style import Style

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
BERLIN = ZoneInfo("Europe/Berlin")
NIGHTLY = Recurrence(parse("FREQ=DAILY"), (dt.time(2, 30),), NEW_YORK)


def at(*moment: int, zone: dt.tzinfo = NEW_YORK) -> int:
    return int(dt.datetime(*moment, tzinfo=zone).timestamp())  # type: ignore[arg-type]


def seen(schedule: Declared, now: int, *zones: dt.tzinfo, **more: Any) -> Outlook:
    own = schedule.zone if isinstance(schedule, Recurrence) else SHANGHAI
    options = {"count": 3, **more}
    horizon = Horizon(SHANGHAI)
    return outlook(
        schedule, now=now, horizon=horizon, zones=(own, *zones, SHANGHAI, dt.UTC), **options
    )


def test_a_delivery_that_the_clocks_skip_is_marked() -> None:
    found = seen(NIGHTLY, at(2027, 3, 13, 0, 0))
    assert [item.at for item in found.deliveries] == [
        at(2027, 3, 13, 2, 30),
        at(2027, 3, 14, 3, 0),
        at(2027, 3, 15, 2, 30),
    ]
    assert [item.notes for item in found.deliveries] == [
        (),
        ("clocks skip 02:30", "clocks go forward in America/New_York"),
        (),
    ]


def test_a_delivery_that_is_left_out_is_named() -> None:
    found = seen(replace(NIGHTLY, gap=Gap.SKIP), at(2027, 3, 13, 0, 0))
    assert [(odd.day, odd.time) for odd in found.missed] == [(dt.date(2027, 3, 14), dt.time(2, 30))]
    assert "not on Sun 14 Mar 2027: the clocks skip 02:30" in when_text.text(found)
    for now in (at(2027, 3, 10, 0, 0), at(2027, 3, 14, 12, 0)):
        assert seen(replace(NIGHTLY, gap=Gap.SKIP), now).missed == ()


def test_a_time_that_comes_twice_is_marked() -> None:
    late = replace(NIGHTLY, times=(dt.time(1, 30),), fold=Fold.SECOND)
    found = seen(late, at(2027, 11, 7, 0, 0), count=1)
    assert [item.notes for item in found.deliveries] == [("01:30 comes twice",)]


def test_the_clocks_of_every_zone_that_is_shown_are_watched() -> None:
    daily = replace(NIGHTLY, times=(dt.time(12),), zone=SHANGHAI)
    found = seen(daily, at(2027, 3, 27, 0, 0, zone=SHANGHAI), BERLIN)
    assert [item.notes for item in found.deliveries] == [
        (),
        ("clocks go forward in Europe/Berlin",),
        (),
    ]


def test_zones_are_shown_once_and_the_schedules_own_first() -> None:
    found = seen(NIGHTLY, 0, BERLIN, SHANGHAI)
    assert [str(zone) for zone in found.zones] == [
        "America/New_York",
        "Europe/Berlin",
        "Asia/Shanghai",
        "UTC",
    ]


def test_a_recurrence_takes_a_task_for_every_distance_of_its_zone() -> None:
    found = seen(NIGHTLY, at(2026, 12, 1, 0, 0), targets=11)
    horizon = Horizon(SHANGHAI)
    sent = [moment for task in found.tasks for moment in deliveries(task, SHANGHAI)]
    assert found.reach == max(sent) <= horizon.end(found.now)
    assert min(sent) == at(2026, 12, 1, 2, 30)
    assert found.renewed
    assert f"Today it takes {len(found.tasks)} tasks for every 10 targets, " in when_text.text(
        found
    )
    assert when_text.document(found, version="0")["task_count"] == 2 * len(found.tasks)
    assert "; later applies continue it." in when_text.text(found)


def test_what_ends_within_the_horizon_is_not_renewed() -> None:
    short = replace(NIGHTLY, last=dt.date(2026, 12, 24))
    found = seen(short, at(2026, 12, 1, 0, 0))
    assert not found.renewed
    assert found.reach == at(2026, 12, 24, 2, 30)
    assert "Today it takes 1 task for every 10 targets:\n" in when_text.text(found)
    assert when_text.text(found).endswith(
        "That reaches until Thu 24 Dec 2026 02:30 America/New_York, which is the last delivery.\n"
    )


def test_what_is_due_within_the_lead_gets_no_task() -> None:
    found = seen(NIGHTLY, at(2026, 12, 1, 2, 29) + 30)
    assert found.deliveries[0].at == at(2026, 12, 1, 2, 30)
    assert min(min(deliveries(task, SHANGHAI)) for task in found.tasks) == at(2026, 12, 2, 2, 30)


def test_what_is_delivered_now_is_no_longer_to_come() -> None:
    assert seen(NIGHTLY, at(2026, 12, 1, 2, 30)).deliveries[0].at == at(2026, 12, 2, 2, 30)


def test_an_endless_recurrence_is_shown_beyond_the_horizon() -> None:
    found = seen(NIGHTLY, at(2026, 12, 1, 0, 0), count=1000)
    assert len(found.deliveries) == 1000


def test_one_moment_and_what_is_over() -> None:
    once = OneShot(at(2026, 12, 24, 20, 0, zone=SHANGHAI))
    ahead = when_text.text(seen(once, once.at - 3600, targets=3))
    assert ahead == (
        "once, Thu 24 Dec 2026 20:00 Asia/Shanghai\n\n"
        "Asia/Shanghai (service)  UTC\n"
        "Thu 24 Dec 2026 20:00    Thu 24 Dec 2026 12:00  in 1 h\n\n"
        "Today it takes 1 task:\n"
        "  once, Thu 24 Dec 2026 20:00 Asia/Shanghai\n"
    )
    over = when_text.text(seen(once, once.at))
    assert "no deliveries ahead\n" in over
    assert "Today it takes no task" in over


def test_sentences_are_broken_at_spaces_to_the_width_of_the_terminal() -> None:
    often = replace(NIGHTLY, last=dt.date(2027, 5, 1), skip=((dt.date(2027, 1, 1),) * 2,))
    found = seen(often, at(2026, 12, 1, 0, 0), count=1)
    whole = when_text.text(found)
    narrow = when_text.text(found, Style(cells=50))
    assert narrow.split() == whole.split()
    table = {line for line in whole.splitlines() if "UTC" in line or "  in " in line}
    assert table <= set(narrow.splitlines())
    assert max(len(line) for line in narrow.splitlines() if line not in table) <= 50
    assert max(map(len, whole.splitlines())) > 80
    assert narrow.startswith(
        "every day at 02:30 America/New_York, until Sat 1\n  May 2027, not on Fri 1 Jan 2027\n"
    )


def test_each_task_is_described_for_scripts() -> None:
    weekly = replace(
        NIGHTLY,
        rule=parse("FREQ=MONTHLY;BYDAY=-1FR"),
        times=(dt.time(9),),
        zone=SHANGHAI,
        last=dt.date(2027, 2, 27),
    )
    tasks = when_text.document(seen(weekly, at(2026, 12, 27, 0, 0)), version="0")["tasks"]
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
    (task,) = when_text.document(seen(once, once.at - 3600), version="0")["tasks"]
    assert (task["type"], task["first"], task["deliveries"]) == ("once", "2026-12-24T12:00:00Z", 1)


def test_a_rule_is_shown_with_the_start_it_counts_from() -> None:
    biweekly = replace(NIGHTLY, rule=parse("FREQ=WEEKLY;INTERVAL=2"), first=dt.date(2026, 12, 7))
    found = seen(biweekly, at(2026, 12, 1, 0, 0))
    assert (
        "\ndtstart  DTSTART;TZID=America/New_York:20261207T023000\n"
        "rrule    FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;BYHOUR=2;BYMINUTE=30;BYSECOND=0\n"
    ) in when_text.text(found)
    document = when_text.document(found, version="0")
    assert document["dtstart"] == "DTSTART;TZID=America/New_York:20261207T023000"
    assert when_text.document(seen(NIGHTLY, 0), version="0")["dtstart"] is None


def test_what_is_sent_at_once_has_no_deliveries_and_no_tasks() -> None:
    assert when_text.text(seen(Immediate(), 0)) == "at once, when it is applied\n"


def test_many_tasks_are_counted_and_listed_for_scripts() -> None:
    often = tuple(dt.time(hour, minute) for hour in range(7) for minute in (0, 30))
    found = seen(replace(NIGHTLY, times=often, zone=SHANGHAI), 0)
    assert "\n  and 2 more\n" in when_text.text(found)
    assert len(when_text.document(found, version="0")["tasks"]) == 14


def test_scripts_learn_all_that_people_read() -> None:
    found = seen(replace(NIGHTLY, gap=Gap.SKIP), at(2027, 3, 13, 0, 0), BERLIN, count=2)
    document = when_text.document(found, version="9")
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
    assert when_text.document(unknown, version="0")["silence"] == {
        "reason": "stopped",
        "since": None,
    }
    disabled = replace(found, silence=Silence("hello", None))
    assert when_text.text(disabled).startswith("disabled: none of this is delivered while ")
    assert when_text.document(found, version="0")["silence"] is None
