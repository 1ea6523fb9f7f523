"""A recurrence is series that every program reads alike, and single instants for the rest."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from msgspec.structs import replace

from pushctl.render.view.calendar_events import CalendarEvents, Series, calendar_events
from pushctl.schedule.recurrence import Recurrence
from pushctl.schedule.rrule import parse_rrule
from pushctl.schedule.zone_offsets import Fold, Gap
from tests.unit.render.view.schedules import NEW_YORK, NIGHTLY, SHANGHAI, at

FIRST, AHEAD = dt.date(2027, 3, 1), dt.date(2027, 3, 31)
FIFTH = dt.date(2027, 3, 5)
SPRING = dt.date(2027, 3, 14)
NINE = dt.time(9)


def every(rule: str, *times: dt.time, **more: Any) -> Recurrence:
    return Recurrence(parse_rrule(rule), times or (NINE,), SHANGHAI, **more)


def found(recurrence: Recurrence) -> CalendarEvents:
    return calendar_events(recurrence, FIRST, AHEAD)


@pytest.mark.parametrize(
    ("recurrence", "start", "rule", "left_out"),
    [
        (every("FREQ=DAILY"), 1, "FREQ=DAILY", ()),
        (every("FREQ=WEEKLY", first=dt.date(2027, 3, 3)), 3, "FREQ=WEEKLY;BYDAY=WE", ()),
        (
            every("FREQ=DAILY", last=dt.date(2027, 3, 9)),
            *(1, "FREQ=DAILY;UNTIL=20270309T155959Z", ()),
        ),
        (every("FREQ=DAILY;COUNT=9", first=dt.date(2027, 2, 24)), 1, "FREQ=DAILY;COUNT=4", ()),
        (
            every("FREQ=DAILY;COUNT=9", first=FIRST, last=dt.date(2027, 3, 4)),
            *(1, "FREQ=DAILY;COUNT=4", ()),
        ),
        (
            every("FREQ=DAILY", skip=((FIRST, FIRST), (FIFTH, FIFTH))),
            *(2, "FREQ=DAILY", (FIFTH,)),
        ),
    ],
    ids=["no end", "first day", "last day", "count begun", "count and last day", "skipped days"],
)
def test_a_rule_that_programs_know_is_one_series(
    recurrence: Recurrence, start: int, rule: str, left_out: tuple[dt.date, ...]
) -> None:
    series = Series(dt.date(2027, 3, start), NINE, SHANGHAI, rule, left_out)
    assert found(recurrence) == CalendarEvents((series,), ())


def test_every_time_of_day_is_a_series() -> None:
    both = found(every("FREQ=DAILY", NINE, dt.time(21)))
    assert [item.time for item in both.series] == [NINE, dt.time(21)]
    assert both.singles == ()


@pytest.mark.parametrize(
    ("recurrence", "left_out", "singles"),
    [
        (NIGHTLY, (SPRING,), (at(2027, 3, 14, 3),)),
        (replace(NIGHTLY, gap=Gap.SKIP), (SPRING,), ()),
        (replace(NIGHTLY, times=(dt.time(3, 30),)), (), ()),
    ],
    ids=["moved", "left out", "not moved"],
)
def test_a_day_that_a_clock_change_moves_stands_by_itself(
    recurrence: Recurrence, left_out: tuple[dt.date, ...], singles: tuple[int, ...]
) -> None:
    events = found(recurrence)
    assert ([item.left_out for item in events.series], events.singles) == ([left_out], singles)


def test_a_moment_that_a_series_has_already_does_not_stand_by_itself() -> None:
    assert found(replace(NIGHTLY, times=(dt.time(2, 30), dt.time(3)))).singles == ()


@pytest.mark.parametrize(("fold", "hour"), [(Fold.FIRST, None), (Fold.SECOND, 6)])
def test_only_the_second_of_two_moments_stands_by_itself(fold: Fold, hour: int | None) -> None:
    twice = Recurrence(parse_rrule("FREQ=DAILY"), (dt.time(1, 30),), NEW_YORK, fold=fold)
    events = calendar_events(twice, dt.date(2027, 11, 1), dt.date(2027, 11, 30))
    alone = () if hour is None else (at(2027, 11, 7, hour, 30, zone=dt.UTC),)
    assert events.singles == alone
    assert events.series[0].left_out == (() if hour is None else (dt.date(2027, 11, 7),))


def test_what_is_over_or_has_not_begun_is_nothing() -> None:
    nothing = CalendarEvents((), ())
    assert found(every("FREQ=DAILY", last=dt.date(2027, 2, 28))) == nothing
    assert found(every("FREQ=DAILY", first=dt.date(2027, 4, 1))) == nothing
    assert found(every("FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=1")) == nothing


def test_a_last_day_ends_with_its_night_in_the_zone() -> None:
    (series,) = calendar_events(replace(NIGHTLY, last=dt.date(2027, 3, 9)), FIRST, AHEAD).series
    assert series.rule == "FREQ=DAILY;UNTIL=20270310T045959Z"


def test_a_day_that_comes_besides_the_rule_stands_by_itself() -> None:
    seen = found(
        every("FREQ=MONTHLY;BYMONTHDAY=5", skip=((FIFTH, FIFTH),), also=((SPRING, SPRING),))
    )
    assert seen == CalendarEvents((), (at(2027, 3, 14, 9, zone=SHANGHAI),))
    beside = found(every("FREQ=WEEKLY;BYDAY=MO", last=AHEAD, also=((SPRING, SPRING),)))
    assert [one.start for one in beside.series] == [FIRST]
    assert beside.singles == (at(2027, 3, 14, 9, zone=SHANGHAI),)
