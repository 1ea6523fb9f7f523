"""A series holds what every calendar program reads alike; the rest stands beside it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from pushctl.render.view.calendar_events import calendar_events
from tests.unit.render.view.schedules import NIGHTLY, at

BEGIN, AHEAD = dt.date(2027, 1, 1), dt.date(2027, 12, 31)


def test_a_day_on_which_the_clocks_skip_the_time_stands_by_itself() -> None:
    found = calendar_events(NIGHTLY, BEGIN, AHEAD)
    (series,) = found.series
    assert (series.start, series.rule) == (BEGIN, "FREQ=DAILY")
    assert series.left_out == (dt.date(2027, 3, 14),)
    assert found.singles == (at(2027, 3, 14, 3),)


def test_a_last_day_ends_the_rule() -> None:
    (series,) = calendar_events(replace(NIGHTLY, last=dt.date(2027, 1, 9)), BEGIN, AHEAD).series
    assert series.rule == "FREQ=DAILY;UNTIL=20270110T045959Z"


def test_what_is_over_has_no_events() -> None:
    found = calendar_events(replace(NIGHTLY, last=dt.date(2026, 1, 9)), BEGIN, AHEAD)
    assert (found.series, found.singles) == ((), ())
