"""The record of a task that somebody else made, as far as the list shows it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from msgspec.structs import replace

from pushctl.plan.reconcile.imported_task import imported_task, times_agree
from pushctl.push.push import Push
from pushctl.push.task import ActualTask, Delivery, Slot
from pushctl.schedule.recurrence import Declared
from pushctl.schedule.service_schedule import Every, Immediate, Loop, OneShot, instant
from pushctl.state.state import Phase, TaskRecord
from tests.builders import DAY, NOW, actual, daily, days, desired, loop, once, task
from tests.fakes import ZONE

DAILY = desired(schedule=daily())
NINE = instant(days(0), dt.time(9), ZONE)
SIX = instant(days(0), dt.time(18), ZONE)
TWICE = replace(daily(), times=(dt.time(9), dt.time(18)))
LOOP, SHOT = 2, 1


def row(*times: int, kind: int = LOOP, **changes: Any) -> ActualTask:
    """A listed task that delivers at some moments; those until now are executed."""
    shown = tuple(Delivery(at, at <= NOW) for at in times)
    return actual(task(), task_id="X", deliveries=shown, strategy_type=kind, **changes)


@pytest.mark.parametrize(
    ("schedule", "listed", "agree"),
    [
        (once(), row(NOW + DAY, kind=SHOT), True),
        (once(), row(NOW + DAY, kind=LOOP), False),
        (once(), row(NOW + DAY, NOW + 2 * DAY, kind=SHOT), False),
        (once(), row(NOW + 5, kind=SHOT), False),
        (once(), row(kind=SHOT), False),
        (Immediate(), row(NOW + DAY), False),
        (daily(), row(NINE, NINE + DAY, NINE + 2 * DAY), True),
        (daily(), row(NINE, NINE + DAY, kind=SHOT), False),
        (daily(), row(NINE), True),
        (daily(), row(NINE, kind=0), False),
        (TWICE, row(NINE, SIX), False),
        (TWICE, row(SIX, SIX + DAY), True),
        (daily("10:00"), row(NINE, NINE + DAY), False),
        (daily(last=days(0)), row(NINE, NINE + DAY), False),
    ],
)
def test_times_agree_if_one_task_of_that_kind_delivers_only_what_is_declared(
    schedule: Declared, listed: ActualTask, agree: bool
) -> None:
    assert times_agree(schedule, listed, ZONE) is agree


def taken(push: Push, listed: ActualTask | None, now: int = NOW) -> TaskRecord:
    return imported_task(push, listed, Slot(1, 2, 3), ["ann", "bob"], now=now, zone=ZONE)


def test_a_task_is_recorded_as_it_is_listed_without_message_keys() -> None:
    found = taken(DAILY, row(NINE, NINE + DAY, created_at=NOW - 7))
    assert (found.slot, found.task_id, found.fingerprint) == ((1, 2, 3), "X", DAILY.content)
    assert found.schedule == loop("09:00", days(0), days(1))
    assert (found.first, found.last) == (NINE, NINE + DAY)
    assert found.targets == {"ann": "", "bob": ""}
    assert (found.phase, found.over_at) == (Phase.SCHEDULED, None)
    assert (found.began_at, found.created_at) == (NOW - 7, NOW - 7)


def test_a_task_of_unknown_age_counts_as_made_now() -> None:
    assert taken(DAILY, row(NINE, created_at=0)).created_at == NOW


def test_a_loop_of_one_day_stays_a_loop() -> None:
    found = taken(DAILY, row(NINE + DAY))
    assert found.schedule == Loop(Every.DAY, (), dt.time(9), days(1), days(1))


@pytest.mark.parametrize(
    ("push", "times", "phase"),
    [(desired(schedule=once(-60)), (NOW - 60,), Phase.SENT),
     (DAILY, (NINE - 2 * DAY, NINE - DAY), Phase.ENDED)],
)  # fmt: skip
def test_what_was_delivered_to_its_end_is_over_since_then(
    push: Push, times: tuple[int, ...], phase: Phase
) -> None:
    found = taken(push, row(*times, kind=LOOP if push is DAILY else SHOT))
    assert (found.phase, found.over_at) == (phase, times[-1])


def test_what_is_not_listed_any_more_was_sent_if_it_was_a_single_delivery() -> None:
    gone = taken(desired(schedule=once(-60)), None)
    assert (gone.phase, gone.task_id, gone.schedule) == (Phase.SENT, "", OneShot(NOW - 60))
    with pytest.raises(ValueError, match="single delivery"):
        taken(DAILY, None)


def test_todays_delivery_is_taken_to_have_happened_though_the_list_dropped_it() -> None:
    listed = row(NINE + DAY, NINE + 2 * DAY)
    assert taken(DAILY, listed, now=NINE - 1).schedule == loop("09:00", days(1), days(2))
    assert taken(DAILY, listed, now=NINE + 1).schedule == loop("09:00", days(0), days(2))
    other = replace(daily(), times=(dt.time(8), dt.time(9)))
    found = taken(desired(schedule=other), listed, now=NINE - 1)
    assert found.schedule == loop("09:00", days(1), days(2))


def test_times_that_no_loop_has_are_refused() -> None:
    with pytest.raises(ValueError, match="no loop delivers when X does"):
        taken(desired(schedule=TWICE), row(NINE, SIX))
