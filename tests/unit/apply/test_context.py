"""What ends a whole run, and how several entries are worked on at once."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Mapping, Sequence

import pytest

from pushctl.errors import AuthError, StateError
from pushctl.mpaas.interface import (
    CancelOutcome,
    CreateOutcome,
    NotSent,
    Objection,
    Refused,
    no_objection,
)
from pushctl.push.push import Parameter
from pushctl.push.task import ActualTask
from pushctl.state.events import Event
from tests.builders import changed, desired, people
from tests.fakes import MemoryLease
from tests.in_memory import Bench
from tests.unit.apply.runs import Watching, quiet


def test_apply_works_on_several_that_differ_at_a_time() -> None:
    bench = Bench(parallelism=8)
    watching = Watching(bench.service)
    bench.through = watching
    bench.apply(desired("a", title="A"), desired("b", title="B"), desired("c", title="C"))
    assert any(len(pair) == 2 for pair in watching.together)
    assert len(bench.service.open) == 3


@pytest.mark.parametrize("on", ["create", "cancel"])
def test_apply_stops_when_the_credentials_are_refused(bench: Bench, on: str) -> None:
    bench.apply(desired("a"), desired("b", title="B"))
    after = (desired("a", title="A2"), desired("b", title="B2"))
    bench.service.fail_next(Refused("-1", "no", "R", auth=True), on=on)
    run = bench.apply(*after)
    assert run.result.denied
    assert not run.result.interrupted
    assert [item.id for item in run.result.failures] == ["a"]
    assert len(bench.service.created) == 2
    bench.stop = threading.Event()
    bench.until_quiet(*after)
    assert len(bench.service.open) == 2


def test_apply_stops_when_it_may_not_look(bench: Bench) -> None:
    bench.apply(desired("a"), desired("b", title="B"))

    class Denying(Watching):
        denied = False

        def cancel(self, task_id: str, objection: Objection = no_objection) -> CancelOutcome:
            self.denied = True
            return self._service.cancel(task_id, objection)

        def list(
            self, *, since: int, until: int, task_id: str | None = None
        ) -> Sequence[ActualTask]:
            if self.denied:
                raise AuthError("no")
            return super().list(since=since, until=until, task_id=task_id)

    bench.through = Denying(bench.service)
    run = bench.apply(desired("a", title="A2"), desired("b", title="B2"))
    assert run.result.denied
    assert [item.id for item in run.result.in_doubt] == ["a"]
    assert len(bench.service.cancelled) == 1
    assert len(bench.service.created) == 2


def test_apply_starts_nothing_after_a_stop(bench: Bench) -> None:
    class Stopping(Watching):
        def create(
            self, parameters: Mapping[str, Parameter], objection: Objection = no_objection
        ) -> CreateOutcome:
            bench.stop.set()
            return self._service.create(parameters, objection)

    bench.through = Stopping(bench.service)
    pushes = [desired(f"p{number}", title=f"T{number}") for number in range(4)]
    run = bench.apply(*pushes)
    assert run.result.interrupted
    assert len(bench.service.created) == 1
    assert run.result.tasks_created == 1
    bench.through, bench.stop = None, threading.Event()
    bench.until_quiet(*pushes)
    assert len(bench.service.open) == 4


def test_apply_does_not_call_again_after_a_stop(bench: Bench) -> None:
    class Stopping(Watching):
        calls = 0

        def create(
            self, parameters: Mapping[str, Parameter], objection: Objection = no_objection
        ) -> CreateOutcome:
            self.calls += 1
            bench.stop.set()
            return NotSent("slow down")

    bench.through = Stopping(bench.service)
    bench.apply(desired())
    assert bench.through.calls == 1
    assert bench.state.pushes["promo"].tasks == ()


def test_apply_makes_no_call_if_the_lock_is_lost_while_it_is_being_made(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Frozen(Watching):
        def create(
            self, parameters: Mapping[str, Parameter], objection: Objection = no_objection
        ) -> CreateOutcome:
            patched.setattr(MemoryLease, "still_held", lambda lease: False)
            return self._service.create(parameters, objection)

    bench.through = Frozen(bench.service)
    with monkeypatch.context() as patched:
        run = bench.apply(desired())
    assert [item.id for item in run.result.failures] == ["promo"]
    assert bench.service.created == []
    assert bench.state.pushes["promo"].tasks == ()
    bench.through = None
    bench.until_quiet(desired())
    assert len(bench.service.open) == 1


def test_apply_makes_no_call_long_after_its_intent(bench: Bench) -> None:
    class Frozen(Watching):
        def create(
            self, parameters: Mapping[str, Parameter], objection: Objection = no_objection
        ) -> CreateOutcome:
            self._service.advance(31)
            return self._service.create(parameters, objection)

    bench.call_delay = 30
    bench.through = Frozen(bench.service)
    bench.apply(desired())
    assert bench.service.created == []
    bench.through = None
    bench.until_quiet(desired())
    assert len(bench.service.open) == 1


def test_apply_ends_when_the_state_cannot_be_written(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    pushes = [desired(f"p{number}", title=f"T{number}") for number in range(4)]
    real = MemoryLease.record

    def full(self: MemoryLease, event: Event) -> None:
        if len(self.events) == 1:
            raise StateError("The journal cannot be written")
        real(self, event)

    with monkeypatch.context() as patched, contextlib.suppress(StateError):
        patched.setattr(MemoryLease, "record", full)
        bench.apply(*pushes)
        raise AssertionError("it went on")
    assert len(bench.service.created) == 1
    bench.stop = threading.Event()
    bench.until_quiet(*pushes)
    assert len(bench.service.created) == 4


def test_apply_in_parallel_does_what_it_does_alone() -> None:
    pushes = [desired(f"p{n}", title=f"T{n % 5}", targets=people(n + 1)) for n in range(20)]
    edited = [changed(push, targets=(*push.targets, "new")) for push in pushes[3:]]
    found = []
    for parallelism in (1, 8):
        bench = Bench(parallelism=parallelism)
        bench.apply(*pushes)
        run = bench.apply(*edited)
        assert run.result.failures == ()
        quiet(bench, *edited)
        found.append(
            {
                (id, task.slot, *sorted(task.targets.items()))
                for id, record in bench.state.pushes.items()
                for task in record.live
            }
        )
    assert found[0] == found[1]
