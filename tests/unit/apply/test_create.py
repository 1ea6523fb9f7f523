"""Every create is made exactly once, whatever becomes of the call."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence

import pytest

from pushctl.errors import ServiceError
from pushctl.mpaas.interface import (
    CreateOutcome,
    NotSent,
    Objection,
    Refused,
    Unknown,
    no_objection,
)
from pushctl.plan.change import Action
from pushctl.push.push import Parameter
from pushctl.push.task import ActualTask
from pushctl.schedule.service_schedule import Immediate
from pushctl.state.state import Phase
from tests.builders import DAY, NOW, daily, days, desired, once, people
from tests.fakes import FakeClock
from tests.in_memory import Bench
from tests.unit.apply.runs import Watching, made, only, phases, quiet


def test_apply_sends_at_once_once(bench: Bench) -> None:
    push = desired(schedule=Immediate())
    bench.apply(push)
    assert bench.service.delivered == ()
    bench.apply(push, allow_immediate=True)
    assert phases(bench) == [Phase.SENT]
    assert [item.target for item in bench.service.delivered] == ["ann"]
    quiet(bench, push, allow_immediate=True)


def test_apply_waits_when_throttled(bench: Bench) -> None:
    bench.service.fail_next(NotSent("slow down", retry_after=7))
    run = bench.apply(desired())
    assert run.result.tasks_created == 1
    assert isinstance(bench.clock, FakeClock)
    assert 7 <= bench.clock.slept[0] <= 9
    assert len(bench.service.created) == 1


def test_apply_gives_up_when_nothing_gets_through(bench: Bench) -> None:
    for _ in range(6):
        bench.service.fail_next(NotSent("no way there"))
    run = bench.apply(desired("a"), desired("b", title="B"))
    assert [item.id for item in run.result.failures] == ["a"]
    assert made(bench) == ["a"] * 6 + ["b"]
    assert bench.state.pushes["a"].tasks == ()
    bench.apply(desired("a"), desired("b", title="B"))
    assert only(bench, "a").generation == 1
    quiet(bench, desired("a"), desired("b", title="B"))


def test_apply_reports_a_refusal_and_goes_on(bench: Bench) -> None:
    bench.service.fail_next(Refused("3024", "too long", "R"))
    run = bench.apply(desired("a"), desired("b"))
    assert [(item.id, item.reason) for item in run.result.failures] == [
        ("a", "the service refused it: too long")
    ]
    assert run.result.done[Action.CREATE] == 1
    assert bench.state.pushes["a"].tasks == ()


def test_apply_completes_what_was_refused_in_part(bench: Bench) -> None:
    push = desired(targets=people(23))
    bench.apply(desired("other", title="Other"))
    bench.service.calls.clear()
    bench.service.fail_next(Refused("1", "no", "R"), on="create")
    bench.apply(push, desired("other", title="Other"))
    bench.apply(push, desired("other", title="Other"))
    got = sorted(label for task in bench.state.pushes["promo"].live for label in task.targets)
    assert got == sorted(people(23))
    assert len(bench.service.open) == 4
    quiet(bench, push, desired("other", title="Other"))


def test_apply_finds_a_create_without_an_answer(bench: Bench) -> None:
    bench.service.fail_next(Unknown("timeout"), after=True)
    run = bench.apply(desired())
    assert run.result.tasks_created == 1
    assert len(bench.service.created) == 1
    assert run.told("task.settled") == ["promo"]
    quiet(bench, desired())


def test_apply_finds_it_though_the_list_lags(bench: Bench) -> None:
    bench.service.lag = 20
    bench.service.fail_next(Unknown("timeout"), after=True)
    bench.apply(desired())
    assert len(bench.service.created) == 1
    quiet(bench, desired())


def test_apply_tries_again_with_the_same_keys_what_did_not_arrive(bench: Bench) -> None:
    bench.service.fail_next(Unknown("timeout"))
    run = bench.apply(desired())
    assert run.result.tasks_created == 1
    first, second = [about for method, about in bench.service.calls if method == "create"]
    assert first == second
    assert bench.service.now >= NOW + 30
    quiet(bench, desired())


def test_apply_tries_only_twice(bench: Bench) -> None:
    for _ in range(3):
        bench.service.fail_next(Unknown("timeout"))
    run = bench.apply(desired())
    assert made(bench) == ["promo"] * 2
    assert [item.id for item in run.result.failures] == ["promo"]
    assert bench.state.pushes["promo"].tasks == ()


def test_apply_counts_the_settle_time_from_the_answer_that_stayed_away(bench: Bench) -> None:
    """A throttled call leaves long after its intent; a lagging list must get its time anyway."""
    bench.service.lag = 20
    bench.service.fail_next(NotSent("slow down", retry_after=50))
    bench.service.fail_next(Unknown("timeout"), after=True)
    bench.apply(desired())
    assert len(bench.service.created) == 1


def test_apply_writes_an_intent_before_each_attempt(bench: Bench) -> None:
    bench.service.fail_next(NotSent("slow down", retry_after=50))
    bench.service.fail_next(Unknown("timeout"), after=True)
    bench.service.lag = 100
    bench.settle_time = 20
    bench.apply(desired())
    # The list lagged longer than the settle time allows for: nothing can help; but the intent
    # that settling goes by is the one of the second attempt.
    assert made(bench) == ["promo"] * 3
    run = bench.apply(desired("b", title="B"))
    assert run.told("task.create.intent") == ["b"]


def test_apply_leaves_in_doubt_what_two_tasks_could_be(bench: Bench) -> None:
    class Crowded(Watching):
        def create(
            self, parameters: Mapping[str, Parameter], objection: Objection = no_objection
        ) -> CreateOutcome:
            self._service.create({**parameters, "TaskName": "by hand"})
            self._service.create(parameters, objection)
            return Unknown("timeout")

    bench.through = Crowded(bench.service)
    run = bench.apply(desired("a"), desired("b"))
    assert [item.id for item in run.result.in_doubt] == ["a"]
    assert [(item.id, item.fix) for item in run.result.failures] == [
        ("b", "pushctl state resolve a")
    ]
    assert bench.state.pushes["a"].in_doubt
    assert "b" not in bench.state.pushes
    assert len(bench.service.created) == 2
    bench.through = None
    run = bench.apply(desired("a"), desired("b"))
    assert len(bench.service.created) == 2
    assert [(item.id, item.fix) for item in run.result.in_doubt] == [
        ("a", "pushctl state resolve a"),
        ("b", "pushctl state resolve a"),
    ]


def test_apply_never_sends_again_what_is_in_doubt_past_its_time(bench: Bench) -> None:
    bench.service.fail_next(Unknown("timeout"))
    run = bench.apply(desired(schedule=once(10)))
    assert [item.id for item in run.result.in_doubt] == ["promo"]
    bench.service.advance(DAY)
    run = bench.apply(desired(schedule=once(10)), send_late=True)
    assert [item.id for item in run.result.in_doubt] == ["promo"]
    assert made(bench) == ["promo"]


def test_apply_creates_nothing_beside_a_stranger_that_looks_the_same(bench: Bench) -> None:
    other = Bench(bench.service)
    other.apply(desired("stranger"))
    run = bench.apply(desired())
    assert [item.id for item in run.plan.stopping] == ["promo"]
    assert len(bench.service.created) == 1


def test_apply_leaves_in_doubt_what_it_cannot_look_up(bench: Bench) -> None:
    class Blind(Watching):
        blind = False

        def create(
            self, parameters: Mapping[str, Parameter], objection: Objection = no_objection
        ) -> CreateOutcome:
            self.blind = True
            self._service.create(parameters, objection)
            return Unknown("timeout")

        def list(
            self, *, since: int, until: int, task_id: str | None = None
        ) -> Sequence[ActualTask]:
            if self.blind:
                raise ServiceError("down")
            return super().list(since=since, until=until, task_id=task_id)

    bench.through = Blind(bench.service)
    run = bench.apply(desired())
    assert len(run.result.in_doubt) == 1
    bench.through = None
    quiet(bench, desired())
    assert len(bench.service.created) == 1


def test_apply_does_not_create_what_is_too_late_by_now(bench: Bench) -> None:
    for _ in range(2):
        bench.service.fail_next(NotSent("slow down", retry_after=60))
    run = bench.apply(desired(schedule=once(100)))
    assert bench.service.created == []
    assert "passed" in run.result.failures[0].reason
    assert bench.state.pushes["promo"].tasks == ()


def test_apply_does_not_create_a_loop_whose_first_delivery_passed(bench: Bench) -> None:
    for _ in range(2):
        bench.service.fail_next(NotSent("slow down", retry_after=60))
    push = desired(schedule=daily("04:28", days(0), days(9)))
    run = bench.apply(push)
    assert "passed" in run.result.failures[0].reason
    bench.apply(push)
    assert bench.state.pushes["promo"].live[0].first == NOW + 80 + DAY
    quiet(bench, push)


def test_apply_leaves_in_doubt_what_it_was_stopped_to_look_for(bench: Bench) -> None:
    class Stopping(Watching):
        def create(
            self, parameters: Mapping[str, Parameter], objection: Objection = no_objection
        ) -> CreateOutcome:
            self._service.create(parameters, objection)
            bench.stop.set()
            return Unknown("timeout")

    bench.through = Stopping(bench.service)
    run = bench.apply(desired())
    assert run.result.interrupted
    bench.through, bench.stop = None, threading.Event()
    quiet(bench, desired())
    assert len(bench.service.created) == 1


def test_apply_gives_the_list_its_time_after_a_call_that_took_long(bench: Bench) -> None:
    class Slow(Watching):
        def create(
            self, parameters: Mapping[str, Parameter], objection: Objection = no_objection
        ) -> CreateOutcome:
            self._service.advance(50)
            self._service.create(parameters, objection)
            return Unknown("read timeout")

    bench.through, bench.service.lag = Slow(bench.service), 20
    bench.apply(desired())
    assert len(bench.service.created) == 1


def test_apply_goes_on_with_what_cannot_be_mistaken_for_the_one_in_doubt(bench: Bench) -> None:
    bench.service.fail_next(Unknown("timeout"))
    run = bench.apply(desired("a", schedule=once(10)), desired("b", schedule=once(DAY)))
    assert [item.id for item in run.result.in_doubt] == ["a"]
    assert run.result.failures == ()
    assert len(bench.service.open) == 1


def test_apply_cancels_nothing_that_it_could_not_create_again(bench: Bench) -> None:
    class Crowded(Watching):
        def create(
            self, parameters: Mapping[str, Parameter], objection: Objection = no_objection
        ) -> CreateOutcome:
            if parameters["TaskName"] == "a":
                self._service.create({**parameters, "TaskName": "by hand"})
                self._service.create(parameters, objection)
                return Unknown("timeout")
            return self._service.create(parameters, objection)

    bench.apply(desired("b", title="Before"))
    bench.through = Crowded(bench.service)
    run = bench.apply(desired("a"), desired("b"))
    assert [item.id for item in run.result.in_doubt] == ["a"]
    assert [item.id for item in run.result.failures] == ["b"]
    assert bench.service.cancelled == []


def test_apply_remembers_when_the_last_attempt_left(bench: Bench) -> None:
    """Killed during an attempt that was made minutes after the first one."""

    class Dead(BaseException):
        pass

    class Killed(Watching):
        attempts = 0

        def create(
            self, parameters: Mapping[str, Parameter], objection: Objection = no_objection
        ) -> CreateOutcome:
            self.attempts += 1
            if self.attempts < 3:
                return NotSent("slow down", retry_after=60)
            self._service.create(parameters, objection)
            raise Dead

    bench.through, bench.service.lag = Killed(bench.service), 20
    with pytest.raises(Dead):
        bench.apply(desired())
    bench.through, bench.stop = None, threading.Event()
    quiet(bench, desired())
    assert len(bench.service.created) == 1
