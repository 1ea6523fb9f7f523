"""What clock changes do to deliveries is told, and what a schedule takes today."""

from __future__ import annotations

import datetime as dt

from msgspec.structs import replace

from pushctl.render.text import when as when_text
from pushctl.schedule.service_schedule import Horizon, Immediate, OneShot, deliveries
from pushctl.schedule.zone_offsets import Fold, Gap
from tests.unit.render.view.schedules import BERLIN, NIGHTLY, SHANGHAI, at, seen


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
    assert when_text.document(found)["task_count"] == 2 * len(found.tasks)
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


def test_what_is_sent_at_once_has_no_deliveries_and_no_tasks() -> None:
    assert when_text.text(seen(Immediate(), 0)) == "at once, when it is applied\n"
