"""What the service's list says about the record."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from pushctl.plan.reconcile.in_doubt import CLOCK_SKEW
from pushctl.plan.reconcile.refresh import Drift, DriftKind, Refreshed, refresh, unmanaged_tasks
from pushctl.push.task import ActualTask, Delivery
from pushctl.state.events import TaskObserved
from pushctl.state.state import Phase, State, TaskRecord
from tests.builders import DAY, NOW, actual, daily, days, desired, once, recorded, state, task
from tests.fakes import ZONE

LOOP = desired(schedule=daily("09:00", days(0), days(4)))


def looked(record: TaskRecord, *rows: ActualTask, now: int = NOW, grace: float = 30) -> Refreshed:
    held = state({"promo": recorded(None, record)})
    return refresh(held, rows, now=now, zone=ZONE, grace=grace)


def phase(current: State) -> Phase:
    return current.pushes["promo"].tasks[0].phase


def test_refresh_leaves_alone_what_is_listed() -> None:
    found = looked(task(), actual(task()))
    assert (found.events, found.drift) == ((), ())


def test_refresh_sees_a_delivery() -> None:
    later = NOW + DAY + 5
    found = looked(task(), actual(task(), now=later), now=later)
    assert found.events == (TaskObserved("promo", (0, 0, 1), Phase.SENT, NOW + DAY),)  # type: ignore[arg-type]
    assert phase(found.state) is Phase.SENT


def test_refresh_takes_a_dropped_row_past_its_time_for_delivered() -> None:
    assert phase(looked(task(), now=NOW + DAY).state) is Phase.SENT


def test_refresh_believes_the_service_about_a_delivery_ahead_of_our_clock() -> None:
    early = actual(task(), now=NOW + DAY)
    assert phase(looked(task(), early, now=NOW + DAY - 60).state) is Phase.SENT


def test_refresh_sees_the_end_of_a_loop() -> None:
    later = NOW + 6 * DAY
    found = looked(task(LOOP), actual(task(LOOP), now=later), now=later)
    assert phase(found.state) is Phase.ENDED


def test_refresh_lets_a_loop_go_on_between_deliveries() -> None:
    later = NOW + 2 * DAY
    found = looked(task(LOOP), actual(task(LOOP), now=later), now=later)
    assert (found.events, found.drift) == ((), ())


def test_refresh_reports_a_missing_task_and_writes_nothing() -> None:
    found = looked(task())
    assert found.events == ()
    assert found.drift == (Drift("promo", task().slot, DriftKind.GONE, task().task_id, 1, 1),)
    assert phase(found.state) is Phase.CANCELLED


def test_refresh_reports_missing_deliveries() -> None:
    row = actual(task(LOOP))
    found = looked(task(LOOP), replace(row, deliveries=row.deliveries[:3]))
    (drift,) = found.drift
    assert (drift.kind, drift.missing, drift.expected) == (DriftKind.PARTLY, 2, 5)
    assert phase(found.state) is Phase.SCHEDULED


def test_refresh_reports_a_loop_without_its_future() -> None:
    later = NOW + 2 * DAY
    row = actual(task(LOOP), now=later)
    done = tuple(item for item in row.deliveries if item.executed)
    found = looked(task(LOOP), replace(row, deliveries=done), now=later)
    assert [item.kind for item in found.drift] == [DriftKind.GONE]


@pytest.mark.parametrize(("age", "missing"), [(29, 0), (30, 1), (31, 1)])
def test_refresh_gives_a_new_task_time_to_be_listed(age: int, missing: int) -> None:
    assert len(looked(task(began_at=NOW - age)).drift) == missing


@pytest.mark.parametrize(("ahead", "missing"), [(1, 0), (CLOCK_SKEW, 0), (CLOCK_SKEW + 1, 1)])
def test_refresh_does_not_miss_what_is_due_any_moment(ahead: int, missing: int) -> None:
    assert len(looked(task(schedule=once(ahead))).drift) == missing


def test_refresh_waits_for_a_late_delivery() -> None:
    later = NOW + DAY + 5
    row = replace(actual(task()), deliveries=(Delivery(NOW + DAY, False),))
    found = looked(task(), row, now=later)
    assert (found.events, found.drift) == ((), ())


@pytest.mark.parametrize(("ago", "risen"), [(29, False), (30, True), (DAY, True), (None, True)])
def test_refresh_sees_a_cancelled_task_that_is_still_there(ago: int | None, risen: bool) -> None:
    over_at = None if ago is None else NOW - ago
    gone = task(phase=Phase.CANCELLED, over_at=over_at)
    found = looked(gone, actual(gone))
    assert phase(found.state) is (Phase.SCHEDULED if risen else Phase.CANCELLED)
    assert len(found.events) == risen


def test_refresh_does_not_raise_what_is_over() -> None:
    gone = task(phase=Phase.CANCELLED, over_at=NOW)
    row = replace(actual(gone), deliveries=(Delivery(NOW + DAY, False),))
    assert looked(gone, row, now=NOW + 2 * DAY).events == ()


@pytest.mark.parametrize("other", [Phase.CREATING, Phase.CANCELLING, Phase.SENT, Phase.ENDED])
def test_refresh_leaves_other_phases_alone(other: Phase) -> None:
    found = looked(task(phase=other))
    assert (found.events, found.drift, phase(found.state)) == ((), (), other)


def test_strangers_are_those_that_will_deliver_and_are_not_ours() -> None:
    mine = actual(task())
    other = actual(task(), task_id="X")
    over = actual(task(), task_id="Y", deliveries=(Delivery(NOW - 5, True),))
    held = state({"promo": recorded(None, task())})
    assert unmanaged_tasks(held, [mine, other, over]) == (other,)
