"""What tests ask of runs of an apply, and a service that they change."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence

from pushctl.mpaas.interface import (
    CancelOutcome,
    CreateOutcome,
    Objection,
    no_objection,
)
from pushctl.push.push import Parameter, Push
from pushctl.push.task import ActualTask
from pushctl.state.state import Phase, TaskRecord
from tests.fakes import FakePushService
from tests.in_memory import Bench


def only(bench: Bench, id: str = "promo") -> TaskRecord:
    (found,) = bench.state.pushes[id].live
    return found


def phases(bench: Bench, id: str = "promo") -> list[Phase]:
    return [task.phase for task in bench.state.pushes[id].tasks]


def made(bench: Bench) -> list[str]:
    """The task names of the creates that were called, in order."""
    return [str(about["TaskName"]) for method, about in bench.service.calls if method == "create"]


def writes(bench: Bench) -> list[str]:
    return [method for method, _ in bench.service.calls if method != "list"]


def quiet(bench: Bench, *pushes: Push, **intent: object) -> None:
    """The second run is a no-op."""
    before = writes(bench)
    run = bench.apply(*pushes, **intent)
    assert run.plan.effective == ()
    assert not any(run.result.done.values())
    assert writes(bench) == before
    assert run.result.failures == run.result.in_doubt == ()


class Watching:
    """Passes calls on, holding each create open until another one is under way, or a moment."""

    clock_offset: float | None = None

    def __init__(self, service: FakePushService) -> None:
        self._service = service
        self._turn = threading.Condition()
        self._now: list[str] = []
        self.together: set[frozenset[str]] = set()

    def create(
        self, parameters: Mapping[str, Parameter], objection: Objection = no_objection
    ) -> CreateOutcome:
        with self._turn:
            self._now.append(str(parameters["Title"]))
            self.together |= {frozenset([title, str(parameters["Title"])]) for title in self._now}
            if len(self._now) != len(set(self._now)):
                self.together.add(frozenset({"equal"}))
            self._turn.notify_all()
            self._turn.wait_for(lambda: len(self._now) > 1, timeout=0.05)
        try:
            return self._service.create(parameters, objection)
        finally:
            with self._turn:
                self._now.remove(str(parameters["Title"]))

    def cancel(self, task_id: str, objection: Objection = no_objection) -> CancelOutcome:
        return self._service.cancel(task_id, objection)

    def revoke(self, message_key: str, target: str) -> CancelOutcome:
        return self._service.revoke(message_key, target)

    def list(self, *, since: int, until: int, task_id: str | None = None) -> Sequence[ActualTask]:
        return self._service.list(since=since, until=until, task_id=task_id)
