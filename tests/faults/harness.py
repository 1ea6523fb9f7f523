"""Let a run die at any of its effects, and check what is left afterwards.

An *effect* is whatever the world can see: a call to the service, and every write, sync, rename and
removal of a file. A dead process does nothing any more, so after the chosen effect all others fail
as well; only what the system does for the dead (closing files, releasing locks) still happens.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from unittest import mock

from pushctl.core.task import ActualTask, DesiredPush, Parameter
from pushctl.ports import CancelOutcome, CreateOutcome, NotSent, Refused, Unknown
from pushctl.store.file import FileStateStore
from tests.drive import Bench
from tests.fakes import FakePushService

T = TypeVar("T")

CRASHES = ("before", "after", "half", "late")
"""Killed before the effect, after it, in the middle of a write, before a call that arrives late."""

ANSWERS = ("not sent", "refused", "denied", "lost without effect", "lost with effect", "lost, late")
"""What may go wrong with a call while the process lives on."""

LATE = 15
"""Seconds after which a late call arrives; less than the settle time."""


class Crash(BaseException):
    """The process was killed here."""


@dataclass
class Effects:
    """Counts the effects of a run, and ends it at one of them."""

    at: int | None = None
    mode: str = "before"
    names: list[str] = field(default_factory=list)
    dead: bool = False

    def around(
        self,
        name: str,
        do: Callable[[], T],
        *,
        half: Callable[[], object] | None = None,
        late: Callable[[], object] | None = None,
    ) -> T:
        """Let an effect happen, or the crash, or both."""
        if self.dead:
            raise Crash(name)
        self.names.append(name)
        if len(self.names) - 1 != self.at:
            return do()
        self.dead = True
        instead = {"before": None, "after": do, "half": half, "late": late}[self.mode]
        if instead is not None:
            instead()
        raise Crash(f"{self.mode} {name}")


class CrashingService:
    """A service whose calls are effects; `answers` maps a call to what goes wrong with it."""

    def __init__(
        self,
        service: FakePushService,
        effects: Effects,
        answers: Mapping[int, str] | None = None,
    ) -> None:
        self._service = service
        self._effects = effects
        self._answers = answers or {}
        self.calls: list[str] = []

    def create(self, parameters: Mapping[str, Parameter]) -> CreateOutcome:
        """See `PushService.create`."""
        self._misfortune("create", lambda: self._service.make_late(parameters, LATE))
        return self._effects.around(
            "create",
            lambda: self._service.create(parameters),
            late=lambda: self._service.make_late(parameters, LATE),
        )

    def cancel(self, task_id: str) -> CancelOutcome:
        """See `PushService.cancel`."""
        self._misfortune("cancel", lambda: None)
        return self._effects.around("cancel", lambda: self._service.cancel(task_id))

    def revoke(self, message_key: str, target: str) -> CancelOutcome:
        """See `PushService.revoke`."""
        return self._service.revoke(message_key, target)

    def list(self, *, since: int, until: int, task_id: str | None = None) -> Sequence[ActualTask]:
        """See `PushService.list`."""
        if self._effects.dead:
            raise Crash("list")
        self._misfortune("list", lambda: None)
        return self._service.list(since=since, until=until, task_id=task_id)

    def _misfortune(self, method: str, late: Callable[[], object]) -> None:
        answer = self._answers.get(len(self.calls))
        self.calls.append(method)
        if answer is not None:
            self._service.forget_faults()
        match answer:
            case None:
                return
            case "not sent":
                for _ in range(6):
                    self._service.fail_next(NotSent("no way there"), on=method)
            case "refused":
                self._service.fail_next(Refused("3999", "no", "R"), on=method)
            case "denied":
                self._service.fail_next(Refused("-1", "no", "R", auth=True), on=method)
            case "lost with effect":
                self._service.fail_next(Unknown("timeout"), on=method, after=True)
            case "lost without effect":
                self._service.fail_next(Unknown("timeout"), on=method)
            case "lost, late":
                self._service.fail_next(Unknown("timeout"), on=method)
                late()


@contextlib.contextmanager
def counted_files(effects: Effects) -> Iterator[None]:
    """Make every change of a file an effect."""
    real: dict[str, Callable[..., Any]] = {
        name: getattr(os, name) for name in ("pwrite", "fsync", "replace", "unlink", "ftruncate")
    }

    def counted(name: str) -> Callable[..., Any]:
        def call(*args: Any, **more: Any) -> Any:
            return effects.around(f"os.{name}", lambda: real[name](*args, **more))

        return call

    def pwrite(descriptor: int, data: bytes, offset: int) -> int:
        def half() -> None:
            real["pwrite"](descriptor, data[: len(data) // 2], offset)

        whole = len(data)
        effects.around("os.pwrite", lambda: real["pwrite"](descriptor, data, offset), half=half)
        return whole

    def ftruncate(descriptor: int, length: int) -> None:
        if not effects.dead:  # the dead do not clean up
            effects.around("os.ftruncate", lambda: real["ftruncate"](descriptor, length))

    patched = {name: counted(name) for name in ("fsync", "replace", "unlink")}
    with mock.patch.multiple(os, pwrite=pwrite, ftruncate=ftruncate, **patched):
        yield


@dataclass(frozen=True)
class Step:
    """One manifest, applied once, with whatever the command line allows."""

    pushes: tuple[DesiredPush, ...]
    intent: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class World:
    """A service, and state files in a folder, that outlive every process."""

    folder: Path
    service: FakePushService = field(default_factory=FakePushService)

    def store(self) -> FileStateStore:
        """A store object as a new process has it."""
        return FileStateStore(self.folder, app="app", workspace="workspace")

    def bench(self) -> Bench:
        return Bench(self.service, self.store())

    def run(
        self, step: Step, effects: Effects, answers: Mapping[int, str] | None = None
    ) -> CrashingService:
        """One process that applies a step, and dies where it is told to."""
        bench = self.bench()
        bench.through = CrashingService(self.service, effects, answers)
        with counted_files(effects), contextlib.suppress(Crash):
            bench.apply(*step.pushes, **step.intent)
        return bench.through

    def recover(self, step: Step) -> None:
        """Run again until there is nothing to do, then once more."""
        self.bench().until_quiet(*step.pushes, **step.intent)
        before = (list(self.service.created), list(self.service.cancelled))
        run = self.bench().apply(*step.pushes, **step.intent)
        assert not run.plan.effective, run.plan.changes
        assert not run.plan.doubts
        assert before == (self.service.created, self.service.cancelled)


def check(world: World, step: Step, *, exactly: bool = True) -> None:
    """Assert that the service does exactly what a step wants, and that nothing was doubled."""
    service = world.service
    wanted: Counter[tuple[str, str]] = Counter()
    for push in step.pushes:
        wanted.update((push.id, target) for target in push.targets if push.enabled)
    there: Counter[tuple[str, str]] = Counter()
    for task_id in service.open:
        parameters = service.parameters[task_id]
        keys = json.loads(str(parameters["TargetMsgkey"]))
        there.update((str(parameters["TaskName"]), target) for target in keys)
    assert there == wanted
    check_message_keys(service)
    state = world.store().read()
    assert state is not None
    live = [task for record in state.pushes.values() for task in record.live]
    assert sorted(task.task_id for task in live) == sorted(service.open)
    for task in live:
        keys = json.loads(str(service.parameters[task.task_id]["TargetMsgkey"]))
        assert keys == dict(task.targets)


def check_message_keys(service: FakePushService) -> None:
    """Assert that no message key was ever used by two tasks, or for two people."""
    used = Counter(
        key
        for parameters in service.parameters.values()
        for key in json.loads(str(parameters["TargetMsgkey"])).values()
    )
    assert [key for key, times in used.items() if times > 1] == []
