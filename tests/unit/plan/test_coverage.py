"""Until when entries are scheduled, what lapses, and what was missed."""

from __future__ import annotations

import datetime as dt

import pytest
from msgspec.structs import replace

from pushctl.plan.change import Renew
from pushctl.plan.coverage import Coverage, coverage, lapsing_recurrences
from pushctl.plan.diff.diff import diff
from pushctl.push.push import Push
from pushctl.schedule.service_schedule import Immediate, instant
from pushctl.state.state import Phase, PushRecord, TaskRecord
from tests.builders import (
    DAY,
    NOW,
    context,
    daily,
    days,
    desired,
    loop,
    people,
    recorded,
    scheduled,
    state,
    task,
)
from tests.fakes import ZONE

PUSH = desired(schedule=daily())
NINE = instant(days(0), dt.time(9), ZONE)


def window(first: int, last: int) -> TaskRecord:
    return task(PUSH, schedule=loop("09:00", days(first), days(last)))


@pytest.mark.parametrize(
    ("push", "record"),
    [
        (desired(enabled=False), None),
        (desired(schedule=Immediate()), None),
        (desired(), recorded(desired(), stopped=True)),
        (desired(), scheduled(desired(), phase=Phase.CREATING).pushes["promo"]),
    ],
    ids=["disabled", "immediate", "stopped", "in doubt"],
)
def test_what_should_not_be_scheduled_has_no_coverage(
    push: Push, record: PushRecord | None
) -> None:
    assert coverage(push, record, context()) is None


def test_coverage_is_that_of_whoever_lacks_something_first() -> None:
    push = desired(schedule=daily(), targets=people(11))
    crowd = [task(push, schedule=loop("09:00", days(0), days(99)), targets=people(10))]
    rest = task(push, chunk=1, schedule=loop("09:00", days(0), days(50)), targets=people(11)[10:])
    record = recorded(push, *crowd, rest)
    assert coverage(push, record, context()) == Coverage("promo", NINE + 50 * DAY, NINE + 51 * DAY)
    assert coverage(push, recorded(push, *crowd), context()) == Coverage("promo", None, NINE)


def test_coverage_of_a_one_time_push() -> None:
    assert coverage(desired(), recorded(desired(), task()), context()) == Coverage(
        "promo", NOW + DAY, None
    )
    assert coverage(desired(), None, context()) == Coverage("promo", None, NOW + DAY)
    assert coverage(desired(enabled=False), None, context()) is None


def test_what_nobody_renewed_in_time_was_missed() -> None:
    over = replace(window(-9, -3), phase=Phase.ENDED, over_at=NOW)
    found = coverage(PUSH, recorded(PUSH, over), context())
    assert found is not None
    assert found.missed == (NINE - 2 * DAY, NINE - DAY)
    assert found.missing == NINE
    (change,) = diff([PUSH], state({"promo": recorded(PUSH, over)}), context())
    assert isinstance(change, Renew)
    assert change.reason == "it had fallen silent, and 2 of its deliveries did not happen"


@pytest.mark.parametrize(
    "record",
    [
        recorded(PUSH, replace(window(-9, -3), phase=Phase.CANCELLED, over_at=NOW - DAY)),
        recorded(desired(title="Old"), replace(window(-9, -3), phase=Phase.ENDED, over_at=NOW)),
        recorded(PUSH),
    ],
)
def test_what_was_cancelled_or_changed_was_not_missed(record: PushRecord) -> None:
    found = coverage(PUSH, record, context())
    assert found is not None
    assert found.missed == ()


@pytest.mark.parametrize(("last", "lapses"), [(0, True), (12, True), (15, False)])
def test_lapsing_is_what_nothing_follows_within_two_weeks(last: int, lapses: bool) -> None:
    held = state({"promo": recorded(PUSH, window(-9, last))})
    assert bool(list(lapsing_recurrences([PUSH], held.pushes, context()))) is lapses
    ending = desired(schedule=daily(last=days(last)))
    assert list(lapsing_recurrences([ending], held.pushes, context())) == []
