"""The service's three shapes of a schedule, and the moments that follow from them."""

from __future__ import annotations

import datetime as dt

import pytest

from pushctl.core.schedule import (
    Every,
    Immediate,
    Loop,
    OneShot,
    bounded,
    deliveries,
    instant,
    local_day,
    next_delivery,
)
from tests.builders import HORIZON, NOW, TODAY, daily, days
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
    loop = Loop(every, on, dt.time(9), dt.date(2026, 8, 1), dt.date(2026, 8, 31))
    assert len(list(deliveries(loop, ZONE))) == count


def test_deliveries_skip_days_that_a_month_lacks() -> None:
    loop = Loop(Every.MONTH, (31,), dt.time(9), dt.date(2026, 6, 1), dt.date(2026, 7, 31))
    assert [local_day(at, ZONE).month for at in deliveries(loop, ZONE)] == [7]


def test_deliveries_of_an_immediate_push_are_none() -> None:
    assert list(deliveries(Immediate(), ZONE)) == []


@pytest.mark.parametrize("window", [(None, TODAY), (TODAY, None)])
def test_deliveries_need_both_days(window: tuple[dt.date | None, dt.date | None]) -> None:
    with pytest.raises(ValueError, match="a first and a last day"):
        list(deliveries(daily("09:00", *window), ZONE))


@pytest.mark.parametrize(("before", "first"), [(3600, 0), (60, 0), (59, 1), (0, 1), (-1, 1)])
def test_bounded_opens_with_the_first_delivery_ahead(before: int, first: int) -> None:
    window = bounded(daily("09:00"), now=NINE - before, horizon=HORIZON)
    assert window is not None
    assert window.first == days(first)
    assert window.last == days(180)


def test_bounded_keeps_what_is_declared() -> None:
    window = bounded(daily("09:00", days(3), days(5)), now=NOW, horizon=HORIZON)
    assert window == daily("09:00", days(3), days(5))


def test_bounded_is_clear_of_the_window_before() -> None:
    window = bounded(daily("09:00"), now=NOW, horizon=HORIZON, not_before=days(30))
    assert window is not None
    assert window.first == days(30)


@pytest.mark.parametrize(
    "loop",
    [
        daily("09:00", last=days(-1)),
        daily("04:00", last=TODAY),
        daily("09:00", first=days(181)),
        Loop(Every.WEEK, (), dt.time(9)),
        Loop(Every.MONTH, (31,), dt.time(9), dt.date(2026, 6, 1), dt.date(2026, 6, 30)),
    ],
)
def test_bounded_is_none_where_nothing_is_left(loop: Loop) -> None:
    assert bounded(loop, now=NOW, horizon=HORIZON) is None


def test_next_delivery_is_strictly_ahead() -> None:
    loop = daily("09:00", TODAY, days(1))
    assert next_delivery(loop, NINE - 1, ZONE) == NINE
    assert next_delivery(loop, NINE, ZONE) == NINE + 86_400
    assert next_delivery(loop, NINE + 86_400, ZONE) is None
    assert next_delivery(OneShot(NOW), NOW, ZONE) is None
    assert next_delivery(Immediate(), NOW, ZONE) is None
