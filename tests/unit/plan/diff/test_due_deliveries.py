"""Which moments a group of people still lacks, and how far it is scheduled."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from pushctl.plan.diff.due_deliveries import due_deliveries, first_unscheduled
from pushctl.schedule.recurrence import Recurrence
from pushctl.schedule.rrule import parse_rrule
from pushctl.schedule.service_schedule import instant
from pushctl.state.state import Phase, TaskRecord
from tests.builders import (
    DAY,
    HORIZON,
    HOUR,
    NOW,
    context,
    daily,
    days,
    desired,
    loop,
    once,
    recorded,
    task,
)
from tests.fakes import ZONE

PUSH = desired(schedule=daily())
NINE = instant(days(0), dt.time(9), ZONE)
END = HORIZON.end(NOW)


def window(first: int, last: int, **fields: object) -> TaskRecord:
    made = task(PUSH, schedule=loop("09:00", days(first), days(last)))
    return replace(made, **fields)  # type: ignore[arg-type]


def test_all_is_due_up_to_the_horizon_if_nothing_is_scheduled() -> None:
    found = due_deliveries(PUSH, None, ["ann"], (), context())
    assert found.moments == tuple(NINE + DAY * number for number in range(181))
    assert (found.covers, found.renews) == (END, False)


def test_nothing_is_due_before_the_end_comes_near() -> None:
    assert (
        due_deliveries(
            PUSH, None, ["ann"], [window(0, 60, covers=NOW + 60 * DAY)], context()
        ).moments
        == ()
    )


def test_a_hole_is_due_and_is_no_renewal() -> None:
    found = due_deliveries(PUSH, None, ["ann"], [window(3, 60, covers=NOW + 60 * DAY)], context())
    assert found.moments == (NINE, NINE + DAY, NINE + 2 * DAY)
    assert (found.covers, found.renews) == (NOW + 60 * DAY, False)


def test_the_follow_on_window_is_a_renewal() -> None:
    found = due_deliveries(PUSH, None, ["ann"], [window(0, 20, covers=NINE + 20 * DAY)], context())
    assert (found.moments[0], found.moments[-1]) == (NINE + 21 * DAY, NINE + 180 * DAY)
    assert (found.covers, found.renews) == (END, True)


def test_a_reach_that_is_never_long_is_renewed_when_half_of_it_is_left() -> None:
    short = context(horizon=replace(HORIZON, days=20))
    assert not due_deliveries(PUSH, None, ["ann"], [window(0, 15)], short).moments
    assert due_deliveries(PUSH, None, ["ann"], [window(0, 10)], short).renews


def test_nothing_is_due_beyond_what_the_service_accepts_by_now() -> None:
    """And what is made then has its own reach, so that no day brings one more task."""
    short = replace(HORIZON, days=30)
    push = desired(schedule=replace(daily(), times=(dt.time(9), dt.time(19))))
    nines = window(0, 180, covers=END)
    found = due_deliveries(push, None, ["ann"], [nines], context(horizon=short))
    assert found.moments == tuple(at("19:00", day) for day in range(31))
    assert found.covers == short.end(NOW)
    evenings = task(push, segment=1, schedule=loop("19:00", days(0), days(30)))
    both = [nines, replace(evenings, covers=found.covers)]
    tomorrow = context(NOW + DAY, horizon=short)
    assert due_deliveries(push, None, ["ann"], both, tomorrow).moments == ()


# --- today ----------------------------------------------------------------------------------------


def at(time: str, day: int = 0) -> int:
    return instant(days(day), dt.time.fromisoformat(time), ZONE)


def todays(times: str, had: str, now: str, *, coming: str = "", kept: str = "") -> list[str]:
    """Which of today's times are due at `now` for somebody who had some others before.

    `coming` is when they were to get the next one, `kept` by tasks that stay.
    """
    schedule = replace(daily(), times=tuple(map(dt.time.fromisoformat, times.split())))
    tasks = [
        task(schedule=once(at(time) - NOW), segment=number, phase=Phase.SENT, over_at=at(time))
        for number, time in enumerate(had.split())
    ]
    for time in coming.split():
        tasks.append(task(schedule=once(at(time) - NOW), segment=len(tasks)))
    stay = [
        task(schedule=once(at(time) - NOW), chunk=1, segment=number)
        for number, time in enumerate(kept.split())
    ]
    record = recorded(PUSH, *tasks, *stay)
    found = due_deliveries(desired(schedule=schedule), record, ["ann"], stay, context(at(now)))
    today = [moment for moment in found.moments if moment < at("00:00", 1)]
    return [dt.datetime.fromtimestamp(moment, ZONE).strftime("%H:%M") for moment in today]


@pytest.mark.parametrize(
    ("times", "had", "now", "expected"),
    [
        ("20:00", "", "12:00", ["20:00"]),
        ("20:00", "09:00", "12:00", []),
        ("09:00 18:00", "", "12:00", ["18:00"]),
        ("09:00 18:00", "09:00", "12:00", ["18:00"]),
        ("09:00 18:00", "08:00", "08:30", ["18:00"]),
        ("09:00 18:00 21:00", "09:00", "12:00", ["18:00", "21:00"]),
        ("20:00 21:00", "09:00", "12:00", ["21:00"]),
        ("21:00", "09:00 18:00", "19:00", []),
    ],
)
def test_what_was_had_today_counts_from_the_first_on(
    times: str, had: str, now: str, expected: list[str]
) -> None:
    assert todays(times, had, now) == expected


@pytest.mark.parametrize(
    ("times", "had", "coming", "expected"),
    [
        ("18:00 20:00", "09:00", "18:00", ["18:00"]),
        ("18:00", "09:00", "18:00", ["18:00"]),
        ("09:00 18:00 20:00", "09:00", "18:00", ["18:00", "20:00"]),
        ("13:00 18:00 20:00", "09:00", "18:00", ["18:00", "20:00"]),
        ("20:00", "09:00", "18:00", []),
    ],
)
def test_what_was_promised_for_today_comes_and_takes_its_place(
    times: str, had: str, coming: str, expected: list[str]
) -> None:
    """The task of `coming` was to be replaced; whether it stays makes no difference."""
    assert todays(times, had, "12:00", coming=coming) == expected


@pytest.mark.parametrize(("replaced", "expected"), [(False, [20]), (True, [])])
def test_a_crash_between_cancel_and_create_loses_nothing_of_today(
    replaced: bool, expected: list[int]
) -> None:
    """But what an edit took away, and gave at another time of the day, does not come again."""
    noon = at("12:00")
    had = task(schedule=once(at("09:00") - NOW), phase=Phase.SENT, over_at=at("09:00"))
    gone = task(
        schedule=once(at("20:00") - NOW), segment=1, phase=Phase.CANCELLED, over_at=noon - 60
    )
    instead = replace(
        task(schedule=once(at("11:59") - NOW), generation=2, phase=Phase.SENT, over_at=noon),
        began_at=noon - 30,
    )
    push = desired(schedule=daily("20:00"))
    record = recorded(push, had, gone, *([instead] if replaced else []))
    moments = due_deliveries(push, record, ["ann"], (), context(noon)).moments
    today = [dt.datetime.fromtimestamp(when, ZONE) for when in moments if when < at("00:00", 1)]
    assert [when.hour for when in today] == expected


def test_what_only_some_were_promised_is_not_promised() -> None:
    """Ann had 09:00 and is to get 18:00; Bob joins her at noon, and so does 20:00."""
    schedule = replace(daily(), times=(dt.time(18), dt.time(20)))
    had = task(schedule=once(at("09:00") - NOW), phase=Phase.SENT, over_at=at("09:00"))
    coming = task(schedule=once(at("18:00") - NOW), segment=1)
    push, record = desired(schedule=schedule), recorded(PUSH, had, coming)
    for group, first in ((["ann"], "18:00"), (["ann", "bob"], "20:00")):
        assert due_deliveries(push, record, group, (), context(at("12:00"))).moments[0] == at(first)


@pytest.mark.parametrize(
    ("times", "had", "kept", "expected"),
    [
        ("20:00 21:00", "09:00", "20:00", []),
        ("18:00 20:00", "09:00", "20:00", []),
        ("20:00 21:00 22:00", "09:00", "20:00", ["22:00"]),
        ("09:00 20:00 21:00", "09:00", "20:00", ["21:00"]),
    ],
)
def test_what_stays_does_not_make_room_for_one_more_today(
    times: str, had: str, kept: str, expected: list[str]
) -> None:
    """Two times a day are two, even if the one that is left is not the first of the edited ones."""
    assert todays(times, had, "12:00", kept=kept) == expected


def test_what_the_service_delivered_early_is_had() -> None:
    """Its clock may be ahead of ours, by more than what is too close to be created."""
    push = desired(schedule=daily())
    seen = NINE - 100
    record = recorded(push, task(push, schedule=once(NINE - NOW), phase=Phase.SENT, over_at=seen))
    assert due_deliveries(push, record, ["ann"], (), context(seen)).moments[0] == NINE + DAY
    assert due_deliveries(push, record, ["bob"], (), context(seen)).moments[0] == NINE
    edited = desired(schedule=daily("20:00"))
    for now in (seen, NINE + HOUR):
        assert due_deliveries(edited, record, ["ann"], (), context(now)).moments[0] == at(
            "20:00", 1
        )


def test_today_is_the_day_where_the_recurrence_is_meant() -> None:
    """In New York it is still yesterday evening when Shanghai has its morning."""
    zone = ZoneInfo("America/New_York")
    push = desired(schedule=Recurrence(parse_rrule("FREQ=DAILY"), (dt.time(20),), zone))
    morning = instant(days(0), dt.time(8), ZONE)  # 20:00 on the day before in New York
    record = recorded(push, task(push, schedule=once(morning - NOW), phase=Phase.SENT))
    found = due_deliveries(push, record, ["ann"], (), context(morning + HOUR))
    assert found.moments[0] == morning + DAY


def test_what_was_taken_over_may_have_had_a_companion_today() -> None:
    taken = replace(window(1, 60), targets={"ann": ""})
    assert due_deliveries(PUSH, recorded(PUSH, taken), ["ann"], [taken], context()).moments == ()


# --- how far --------------------------------------------------------------------------------------


def test_first_unscheduled_looks_beyond_the_horizon() -> None:
    held = [window(0, 180, covers=END)]
    assert first_unscheduled(PUSH, None, ["ann"], held, context()) == NINE + 181 * DAY
    over = desired(schedule=daily(last=days(180)))
    assert first_unscheduled(over, None, ["ann"], held, context()) is None
