"""Which deliveries appear, disappear and move."""

from __future__ import annotations

import datetime as dt

from pushctl.plan.diff.delivery_diff import DeliveryDiff, delivery_diff
from tests.builders import DAY, HOUR
from tests.fakes import ZONE

NOON = 1_780_027_200  # in Shanghai


def test_another_time_on_the_same_day_is_a_move() -> None:
    assert delivery_diff([NOON], [NOON + HOUR], ZONE) == DeliveryDiff(moved=((NOON, NOON + HOUR),))


def test_the_only_delivery_moves_to_another_day() -> None:
    assert delivery_diff([NOON], [NOON + DAY], ZONE) == DeliveryDiff(moved=((NOON, NOON + DAY),))


def test_another_day_of_several_is_a_loss_and_a_gain() -> None:
    assert delivery_diff([NOON, NOON + DAY], [NOON + DAY, NOON + 2 * DAY], ZONE) == DeliveryDiff(
        (NOON,), (NOON + 2 * DAY,)
    )


def test_a_day_is_one_of_the_zone() -> None:
    late = NOON + 7 * HOUR  # 19:00; six hours later it is tomorrow in Shanghai, not in UTC
    days = [NOON + 5 * DAY]
    assert delivery_diff([late, *days], [late + 6 * HOUR, *days], ZONE).moved == ()
    moved = delivery_diff([late, *days], [late + 6 * HOUR, *days], dt.UTC).moved
    assert moved == ((late, late + 6 * HOUR),)


def test_what_has_no_partner_on_its_day_appears_or_disappears() -> None:
    assert delivery_diff([NOON], [NOON + 1, NOON + 2], ZONE) == DeliveryDiff(
        new=(NOON + 2,), moved=((NOON, NOON + 1),)
    )
    assert delivery_diff([NOON, NOON + 1], [NOON + 2], ZONE) == DeliveryDiff(
        gone=(NOON + 1,), moved=((NOON, NOON + 2),)
    )
    assert delivery_diff([NOON], [NOON], ZONE) == DeliveryDiff()
