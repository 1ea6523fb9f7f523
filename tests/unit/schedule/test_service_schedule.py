"""The service's three shapes of a schedule, and the moments that follow from them."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest

from pushctl.schedule.service_schedule import (
    Every,
    Immediate,
    Loop,
    OneShot,
    deliveries,
    instant,
    local_day,
    next_delivery,
)
from tests.builders import HORIZON, NOW, TODAY, days, loop
from tests.fakes import ZONE

NINE = instant(TODAY, dt.time(9), ZONE)


def test_local_day_goes_by_the_zone() -> None:
    assert local_day(NOW, ZONE) == TODAY
    assert local_day(NOW, dt.UTC) == TODAY - dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("every", "on", "count"),
    [
        (Every.DAY, (), 31),
        (Every.WEEK, (1, 7), 10),
        (Every.MONTH, (1, 31), 2),
        (Every.MONTH, (31,), 1),
        (Every.WEEK, (), 0),
    ],
)
def test_deliveries_of_a_loop(every: Every, on: tuple[int, ...], count: int) -> None:
    window = Loop(every, on, dt.time(9), dt.date(2026, 8, 1), dt.date(2026, 8, 31))
    assert len(list(deliveries(window, ZONE))) == count


def test_deliveries_skip_days_that_a_month_lacks() -> None:
    window = Loop(Every.MONTH, (31,), dt.time(9), dt.date(2026, 6, 1), dt.date(2026, 7, 31))
    assert [local_day(at, ZONE).month for at in deliveries(window, ZONE)] == [7]


def test_deliveries_of_an_immediate_push_are_none() -> None:
    assert list(deliveries(Immediate(), ZONE)) == []


@pytest.mark.parametrize(("first", "last"), [(1, 0), (0, -400)])
def test_deliveries_of_a_window_without_days_are_none(first: int, last: int) -> None:
    assert deliveries(loop("09:00", days(first), days(last)), ZONE) == ()


def test_deliveries_rise_and_stand_at_the_wall_time() -> None:
    times = deliveries(loop("09:00", TODAY, days(400)), ZONE)
    assert times[0] == NINE
    assert [after - before for before, after in pairwise(times)] == [86_400] * 400


def test_the_horizon_ends_with_its_last_day() -> None:
    assert HORIZON.last_day(NOW) == days(180)
    assert HORIZON.end(NOW) == instant(days(181), dt.time(0), ZONE) - 1


def test_next_delivery_is_strictly_ahead() -> None:
    window = loop("09:00", TODAY, days(1))
    assert next_delivery(window, NINE - 1, ZONE) == NINE
    assert next_delivery(window, NINE, ZONE) == NINE + 86_400
    assert next_delivery(window, NINE + 86_400, ZONE) is None
    assert next_delivery(OneShot(NOW), NOW, ZONE) is None
    assert next_delivery(Immediate(), NOW, ZONE) is None
