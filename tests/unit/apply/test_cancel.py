"""A cancel is believed only when the list shows nothing left to deliver."""

from __future__ import annotations

import pytest

from pushctl.mpaas.interface import (
    CancelOutcome,
    NotSent,
    Objection,
    Refused,
    Unknown,
    no_objection,
)
from pushctl.state.state import Phase
from tests.builders import DAY, HOUR, daily, desired, once, people
from tests.in_memory import Bench
from tests.unit.apply.runs import Watching, made, only, phases, quiet


def test_apply_does_not_create_before_the_cancel_is_verified(bench: Bench) -> None:
    bench.apply(desired())
    bench.service.calls.clear()
    bench.apply(desired(title="New"))
    assert [method for method, _ in bench.service.calls] == ["list", "cancel", "list", "create"]


def test_apply_waits_for_the_list_to_follow_a_cancel(bench: Bench) -> None:
    bench.apply(desired())
    bench.service.advance(60)
    bench.service.lag = 20
    after = desired(title="New")
    run = bench.apply(after)
    assert (run.result.tasks_cancelled, run.result.tasks_created) == (1, 1)
    quiet(bench, after)


def test_apply_creates_nothing_while_the_former_task_is_still_there(bench: Bench) -> None:
    bench.apply(desired())
    bench.service.fail_next(Refused("1", "cannot", "R"), on="cancel")
    run = bench.apply(desired(title="New"))
    assert made(bench) == ["promo"]
    assert "was not cancelled: cannot" in run.result.failures[0].reason
    assert phases(bench) == [Phase.SCHEDULED]
    bench.until_quiet(desired(title="New"))
    assert len(bench.service.open) == 1


def test_apply_creates_nothing_when_a_cancel_that_was_accepted_did_nothing(bench: Bench) -> None:
    bench.apply(desired())

    class Lying(Watching):
        def cancel(self, task_id: str, objection: Objection = no_objection) -> CancelOutcome:
            from pushctl.mpaas.interface import Accepted

            return Accepted("R")

    bench.through = Lying(bench.service)
    run = bench.apply(desired(title="New"))
    assert made(bench) == ["promo"]
    assert len(run.result.failures) == 1
    assert phases(bench) == [Phase.SCHEDULED]


@pytest.mark.parametrize("after", [False, True])
def test_apply_looks_what_became_of_a_cancel_without_an_answer(bench: Bench, after: bool) -> None:
    bench.apply(desired())
    bench.service.advance(HOUR)
    bench.service.fail_next(Unknown("timeout"), on="cancel", after=after)
    bench.apply(desired(title="New"))
    assert len(bench.service.open) == 1
    assert len(bench.service.created) == (2 if after else 1)
    bench.until_quiet(desired(title="New"))
    assert len(bench.service.open) == 1


def test_apply_does_not_take_one_empty_list_for_a_cancel(bench: Bench) -> None:
    bench.apply(desired())
    bench.service.advance(HOUR)

    class Empty(Watching):
        def cancel(self, task_id: str, objection: Objection = no_objection) -> CancelOutcome:
            self._service.show_nothing()
            return Unknown("timeout")

    bench.through = Empty(bench.service)
    bench.apply(desired(title="New"))
    assert len(bench.service.created) == 1


def test_apply_creates_nothing_for_what_was_delivered_meanwhile(bench: Bench) -> None:
    bench.apply(desired(schedule=once(HOUR)))
    bench.service.advance(HOUR - 20)
    bench.service.lag = 20
    for _ in range(2):
        bench.service.fail_next(NotSent("slow", retry_after=20), on="cancel")
    after = desired(schedule=once(DAY))
    run = bench.apply(after, now_or_never=True)
    assert "delivered before it could be cancelled" in run.result.failures[0].reason
    assert made(bench) == ["promo"]
    assert phases(bench) == [Phase.SENT]
    assert len(bench.service.delivered) == 1


def test_apply_creates_no_loop_that_was_delivered_meanwhile(bench: Bench) -> None:
    before = desired(schedule=daily("04:30"))
    bench.apply(before)
    bench.service.advance(180)
    for _ in range(2):
        bench.service.fail_next(NotSent("slow", retry_after=30), on="cancel")
    after = desired(schedule=daily("18:00"))
    run = bench.apply(after, now_or_never=True)
    assert "nothing was created" in run.result.failures[0].reason
    bench.until_quiet(after)
    bench.service.advance(2 * DAY)
    assert len(bench.service.delivered) == 1 + 1  # today's 04:30 and tomorrow's 18:00


def test_apply_asks_about_the_danger_window_again(bench: Bench) -> None:
    bench.apply(desired(schedule=once(650)), desired("slow", title="Slow"))
    for _ in range(2):
        bench.service.fail_next(NotSent("slow", retry_after=40), on="cancel")
    run = bench.apply(desired(schedule=once(DAY)))
    assert [item.id for item in run.result.failures] == ["promo"]
    assert "away by now" in run.result.failures[0].reason
    assert phases(bench) == [Phase.SCHEDULED]


def test_apply_finishes_an_entry_that_it_has_begun(bench: Bench) -> None:
    """To stop between two chunks would leave half of the people without any message."""
    bench.apply(desired(targets=people(20), schedule=once(640)))
    bench.service.advance(30)
    bench.service.lag = 25
    after = desired(targets=people(20), schedule=once(640), title="New")
    run = bench.apply(after)
    assert run.result.failures == ()
    assert (run.result.tasks_cancelled, run.result.tasks_created) == (2, 2)
    bench.service.advance(DAY)
    assert sorted(item.target for item in bench.service.delivered) == sorted(people(20))


def test_apply_cancels_what_was_taken_for_gone_and_is_there(bench: Bench) -> None:
    bench.apply(desired())
    bench.service.advance(HOUR)
    bench.service.show_nothing(listings=4)  # two looks, and two questions for the task itself
    bench.apply(desired())
    assert len(bench.service.open) == 2
    bench.service.advance(60)
    run = bench.apply(desired())
    assert run.result.tasks_cancelled == 1
    assert bench.service.open == (only(bench).task_id,)
    assert only(bench).generation == 2
    quiet(bench, desired())
