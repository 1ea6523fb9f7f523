"""What an entry delivers before and after a change is known from its tasks."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from msgspec.structs import replace

from pushctl.render.view.deliveries import delivery_delta, goes_on, upcoming, zone_of
from tests.builders import DAY, NOW, daily, days, desired, once
from tests.unit.render.view.plans import planned, scheduled


def test_a_new_push_only_adds_deliveries() -> None:
    plan = planned(desired(schedule=once(DAY)))
    (change,) = plan.changes
    scheduled = upcoming(change, plan)
    assert scheduled == (NOW + DAY,)
    assert delivery_delta(change, plan, scheduled).new == (NOW + DAY,)


def test_a_cancelled_push_only_loses_deliveries() -> None:
    plan = planned(state=scheduled(desired(schedule=once(DAY))))
    (change,) = plan.changes
    assert upcoming(change, plan) == ()
    assert delivery_delta(change, plan, ()).gone == (NOW + DAY,)


def test_a_recurrence_without_an_end_goes_on_after_what_is_scheduled() -> None:
    for schedule, more in ((daily(first=days(1), last=days(3)), False), (daily(), True)):
        plan = planned(desired(schedule=schedule))
        (change,) = plan.changes
        assert goes_on(change, plan, upcoming(change, plan)) is more


def test_deliveries_are_meant_in_the_zone_of_their_recurrence() -> None:
    tokyo = ZoneInfo("Asia/Tokyo")
    plan = planned(desired(schedule=replace(daily(), zone=tokyo)))
    assert zone_of(plan.changes[0], plan) == tokyo
    plan = planned(desired())
    assert zone_of(plan.changes[0], plan) == plan.timezone
