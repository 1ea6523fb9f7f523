"""What became of a call without an answer: one certain answer, or none."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from pushctl.plan.reconcile.in_doubt import (
    LONGEST_CALL,
    Doubt,
    Settled,
    Timeouts,
    after_cancel,
    is_confusable,
    preexisting_matches,
    settle,
)
from pushctl.plan.reconcile.listing import CLOCK_SKEW, Listing
from pushctl.push.push import Push
from pushctl.push.task import ActualTask, Delivery
from pushctl.schedule.recurrence import Recurrence
from pushctl.schedule.service_schedule import Immediate, Schedule
from pushctl.state.events import (
    CancelConfirmed,
    CancelFailed,
    CreateConfirmed,
    CreateFailed,
    TaskObserved,
)
from pushctl.state.state import Phase, TaskRecord
from tests.builders import DAY, NOW, actual, daily, days, desired, once, recorded, state, task
from tests.fakes import ZONE

LOOP = desired(schedule=daily("09:00", days(0), days(4)))


def creating(push: Push | None = None, began_at: int = NOW, **changes: object) -> TaskRecord:
    return task(push, phase=Phase.CREATING, began_at=began_at, **changes)  # type: ignore[arg-type]


def row(task_id: str = "T1", record: TaskRecord | None = None, **changes: object) -> ActualTask:
    return actual(record or creating(), task_id=task_id, **changes)  # type: ignore[arg-type]


def looked(
    record: TaskRecord,
    *rows: ActualTask,
    at: float = NOW,
    first_look: float | None = None,
    others: dict[str, TaskRecord] | None = None,
    ahead: float = 0.0,
) -> Settled:
    held = {"promo": recorded(None, record)}
    held |= {id: recorded(None, other) for id, other in (others or {}).items()}
    seen = Listing(rows, at, ahead)
    return settle(state(held), seen, timeouts=Timeouts(30), zone=ZONE, first_look=first_look)


CERTAIN = LONGEST_CALL + 30
"""Seconds after which a list shows whatever a call did."""


def stranger(task_id: str = "X1", created_at: int = NOW + 5, at: int = NOW + 9 * DAY) -> ActualTask:
    """A task of nobody, which looks like none of ours."""
    return row(
        task_id, title="Else", created_at=created_at, deliveries=(Delivery(at, executed=False),)
    )


def test_settle_finds_the_only_lookalike() -> None:
    found = looked(creating(), row())
    assert found.events == (CreateConfirmed("promo", creating().slot, "T1", "", NOW),)
    assert found.open == ()


def test_settle_sees_that_it_was_delivered_already() -> None:
    (event,) = looked(creating(), row(now=NOW + DAY), at=NOW + DAY).events
    assert isinstance(event, CreateConfirmed)
    assert event.phase is Phase.SENT


@pytest.mark.parametrize(
    "other",
    [
        row(title="Else"),
        row(content="Else"),
        row(delivery_type=1),
        row(strategy_type=2),
        row(deliveries=(Delivery(NOW + DAY + 1, False),)),
        row(deliveries=(Delivery(NOW + DAY, False), Delivery(NOW + DAY + 1, False))),
        row(deliveries=()),
    ],
)
def test_settle_takes_nothing_that_differs(other: ActualTask) -> None:
    assert not any(isinstance(event, CreateConfirmed) for event in looked(creating(), other).events)


@pytest.mark.parametrize("created_at", [0, NOW - CLOCK_SKEW, NOW + 20])
def test_settle_allows_for_another_clock(created_at: int) -> None:
    assert len(looked(creating(), row(created_at=created_at)).events) == 1


def test_settle_takes_a_part_of_a_loop() -> None:
    record = creating(LOOP)
    some = actual(record).deliveries[1:3]
    found = looked(record, row(record=record, deliveries=some))
    assert len(found.events) == 1


def test_settle_leaves_out_what_was_there_before() -> None:
    assert looked(creating(known=["T1"]), row()).events == ()


def test_settle_leaves_out_what_is_another_entry_s() -> None:
    found = looked(creating(), row("T9"), others={"other": task(task_id="T9")})
    assert found.events == ()


def test_settle_does_not_choose() -> None:
    (doubt,) = looked(creating(), row("T1"), row("T2")).open
    assert doubt.candidates == ("T1", "T2")
    assert doubt.until is None


def test_settle_gives_a_task_that_two_could_have_made_to_nobody() -> None:
    found = looked(creating(), row(), others={"other": creating()}, at=NOW + 1000)
    assert found.events == ()
    assert [doubt.candidates for doubt in found.open] == [("T1",), ("T1",)]


def test_settle_gives_a_narrow_task_to_nobody_if_a_wide_one_could_have_made_it() -> None:
    wide = creating(desired(schedule=daily("09:00", days(0), days(9))))
    found = looked(creating(LOOP), row(record=creating(LOOP)), others={"wide": wide})
    assert found.events == ()
    assert len(found.open) == 2


def test_settle_decides_two_that_differ() -> None:
    late = creating(desired(schedule=once(2 * DAY)))
    rows = (row("T1"), row("T2", late))
    found = looked(creating(), *rows, others={"late": late})
    assert [event.task_id for event in found.events if isinstance(event, CreateConfirmed)] == [
        "T1",
        "T2",
    ]


@pytest.mark.parametrize(
    ("began", "first_look", "at", "decided"),
    [
        (NOW, None, NOW, False),
        (NOW, NOW, NOW + CERTAIN - 1, False),
        (NOW, NOW, NOW + CERTAIN, True),
        # Its clock may have been ahead or behind: the first look is what is certain.
        (NOW - 29, NOW, NOW + CERTAIN - 1, False),
        (NOW - 29, NOW, NOW + CERTAIN, True),
        (NOW + 7200, NOW, NOW + CERTAIN - 1, False),
        (NOW + 7200, NOW, NOW + CERTAIN, True),
        (NOW - CLOCK_SKEW - CERTAIN, None, NOW, True),
        (NOW - CLOCK_SKEW - CERTAIN + 1, None, NOW, False),
    ],
)
def test_settle_waits_before_it_calls_a_task_lost(
    began: int, first_look: float | None, at: float, decided: bool
) -> None:
    found = looked(creating(began_at=began), at=at, first_look=first_look)
    assert [type(event) for event in found.events] == ([CreateFailed] if decided else [])
    if not decided:
        (doubt,) = found.open
        assert doubt.until is not None
        assert at < doubt.until <= (first_look or at) + CERTAIN


def test_settle_takes_what_was_made_while_a_clock_was_ahead() -> None:
    found = looked(creating(began_at=NOW + 7200), row(created_at=NOW), at=NOW + 5)
    assert [type(event) for event in found.events] == [CreateConfirmed]


@pytest.mark.parametrize("created_at", [NOW - CLOCK_SKEW - 1, NOW + 60 + CLOCK_SKEW + 1])
def test_settle_leaves_to_a_person_what_was_made_at_another_time(created_at: int) -> None:
    (doubt,) = looked(creating(), row(created_at=created_at), at=NOW + 1000).open
    assert (doubt.candidates, doubt.until) == (("T1",), None)


@pytest.mark.parametrize("own", [(), (row(),)])
def test_settle_decides_nothing_while_somebody_else_made_tasks_too(
    own: tuple[ActualTask, ...],
) -> None:
    found = looked(creating(), *own, stranger(), at=NOW + 1000)
    assert found.events == ()
    assert "somebody else made X1" in found.open[0].reason


@pytest.mark.parametrize(
    "other",
    [
        stranger(created_at=NOW - 1000),
        stranger(created_at=NOW + 1000),
        stranger(created_at=0),
        stranger("T9"),
    ],
)
def test_settle_minds_no_task_of_another_time_or_entry(other: ActualTask) -> None:
    (event,) = looked(creating(), other, at=NOW + 1000, others={"o": task(task_id="T9")}).events
    assert isinstance(event, CreateFailed)


def test_settle_minds_a_task_of_unknown_age_at_the_same_moment() -> None:
    other = stranger(created_at=0, at=NOW + DAY)
    assert looked(creating(), other, at=NOW + 1000).events == ()
    assert looked(creating(known=["X1"]), other, at=NOW + 1000).events != ()


def test_settle_believes_no_absence_in_a_list_that_alters_texts() -> None:
    listed = row("T9", title="Spring s...", created_at=NOW - 1000)
    other = replace(desired("o"), spec={"message": {"title": "Spring sale", "body": "Today"}})
    held = {"promo": recorded(None, creating()), "o": recorded(other, task(task_id="T9"))}
    seen = Listing((listed,), NOW + 1000)
    (doubt,) = settle(state(held), seen, timeouts=Timeouts(), zone=ZONE).open
    assert "shows T9 otherwise" in doubt.reason


@pytest.mark.parametrize(("ahead", "decided"), [(120, True), (121, False), (-121, False)])
def test_settle_repeats_nothing_by_clocks_that_disagree(ahead: float, decided: bool) -> None:
    found = looked(creating(), at=NOW + 1000, ahead=ahead)
    assert bool(found.events) is decided


def test_settle_never_calls_a_task_lost_whose_time_has_come() -> None:
    (doubt,) = looked(creating(), at=NOW + DAY).open
    assert doubt.until is None
    assert "passed" in doubt.reason


def test_settle_knows_that_a_loop_which_was_made_would_be_listed() -> None:
    record = creating(LOOP)
    later = NOW + 2 * DAY
    (event,) = looked(record, at=later).events
    assert isinstance(event, CreateFailed)
    assert looked(record, at=NOW + 5 * DAY).events == ()


def test_settle_cannot_look_up_an_immediate_push() -> None:
    (doubt,) = looked(creating(desired(schedule=Immediate())), at=NOW + DAY).open
    assert doubt.until is None


def test_settle_a_cancel_that_did_not_work() -> None:
    record = task(phase=Phase.CANCELLING)
    assert looked(record, actual(record), at=NOW + CERTAIN - 1, first_look=NOW).events == ()
    assert looked(record, actual(record), at=NOW + CERTAIN, first_look=NOW).events == (
        CancelFailed("promo", record.slot, "it is still scheduled"),
    )


def test_settle_a_cancel_that_left_executed_rows() -> None:
    record = task(LOOP, phase=Phase.CANCELLING)
    done = (Delivery(NOW - 5, True),)
    assert looked(record, actual(record, deliveries=done)).events == (
        CancelConfirmed("promo", record.slot, NOW),
    )


def test_settle_believes_an_absence_only_when_it_lasts() -> None:
    record = task(phase=Phase.CANCELLING)
    (doubt,) = looked(record, at=NOW).open
    assert doubt == Doubt("promo", record.slot, Phase.CANCELLING, doubt.reason, NOW + CERTAIN)
    assert looked(record, at=NOW + CERTAIN - 1, first_look=NOW).events == ()
    assert looked(record, at=NOW + CERTAIN, first_look=NOW).events == (
        CancelConfirmed("promo", record.slot, int(NOW + CERTAIN)),
    )


@pytest.mark.parametrize(
    ("schedule", "now", "executed", "sent"),
    [
        (once(), NOW, False, False),
        (once(), NOW + DAY, False, True),
        (once(), NOW + DAY - 30, True, True),
        (daily("09:00", days(0), days(4)), NOW + DAY, True, False),
    ],
)
def test_after_cancel_tells_cancelled_from_delivered(
    schedule: Schedule, now: int, executed: bool, sent: bool
) -> None:
    record = task(desired(schedule=schedule), phase=Phase.CANCELLING)
    there = actual(record, deliveries=(Delivery(NOW, True),)) if executed else None
    event = after_cancel("promo", record, there, now=now)
    assert isinstance(event, TaskObserved if sent else CancelConfirmed)


def test_twins_are_all_that_look_alike_whoever_made_them() -> None:
    rows = [row("T1"), row("T2", created_at=5), row("T3", title="Else")]
    assert preexisting_matches(creating(), rows, zone=ZONE) == ("T1", "T2")
    assert preexisting_matches(task(), rows, zone=ZONE) == ()


def test_confusable_is_about_text_and_common_moments() -> None:
    one = creating()
    assert is_confusable(one, creating(known=["x"]), zone=ZONE)
    assert not is_confusable(one, creating(desired(title="Else")), zone=ZONE)
    assert not is_confusable(one, creating(desired(schedule=once(5))), zone=ZONE)
    assert not is_confusable(one, task(), zone=ZONE)
    assert isinstance(LOOP.schedule, Recurrence)
    next_week = desired(schedule=replace(LOOP.schedule, first=days(5), last=days(9)))
    assert not is_confusable(creating(LOOP), creating(next_week), zone=ZONE)
    longer = desired(schedule=replace(LOOP.schedule, last=days(9)))
    assert is_confusable(creating(LOOP), creating(longer), zone=ZONE)
