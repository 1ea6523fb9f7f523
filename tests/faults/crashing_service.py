"""Calls that go wrong, for histories that are played with fakes.

What holds with the real command line, the real files and the sandbox is in the fault matrix beside
this; here one run takes a fraction of a millisecond, so that histories can be long.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from pushctl.mpaas.interface import (
    CancelOutcome,
    CreateOutcome,
    NotSent,
    Objection,
    Refused,
    Unknown,
    no_objection,
)
from pushctl.push.push import Parameter
from pushctl.push.task import ActualTask
from tests.fakes import FakePushService

T = TypeVar("T")

LATE = 15
"""Seconds after which a late call arrives; less than the settle time."""


class Crash(BaseException):
    """The process was killed here."""


@dataclass
class Effects:
    """Counts the calls of a run, and ends it at one of them.

    `mode` is before, after, or late: killed before a call that arrives nevertheless.
    """

    at: int | None = None
    mode: str = "before"
    names: list[str] = field(default_factory=list)
    dead: bool = False

    def around(
        self, name: str, do: Callable[[], T], *, late: Callable[[], object] | None = None
    ) -> T:
        """Let an effect happen, or the crash, or both."""
        if self.dead:
            raise Crash(name)
        self.names.append(name)
        if len(self.names) - 1 != self.at:
            return do()
        self.dead = True
        instead = {"before": None, "after": do, "late": late}[self.mode]
        if instead is not None:
            instead()
        raise Crash(f"{self.mode} {name}")


class CrashingService:
    """A service whose calls are effects; `answers` maps a call to what goes wrong with it."""

    clock_offset: float | None = None

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

    def create(
        self, parameters: Mapping[str, Parameter], objection: Objection = no_objection
    ) -> CreateOutcome:
        """See `PushService.create`."""
        self._misfortune("create", lambda: self._service.make_late(parameters, LATE))
        return self._effects.around(
            "create",
            lambda: self._service.create(parameters, objection),
            late=lambda: self._service.make_late(parameters, LATE),
        )

    def cancel(self, task_id: str, objection: Objection = no_objection) -> CancelOutcome:
        """See `PushService.cancel`."""
        self._misfortune("cancel", lambda: None)
        return self._effects.around("cancel", lambda: self._service.cancel(task_id, objection))

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


def check_message_keys(service: FakePushService) -> None:
    """Assert that no message key was ever used by two tasks, or for two people."""
    used = Counter(
        key
        for parameters in service.parameters.values()
        for key in json.loads(str(parameters["TargetMsgkey"])).values()
    )
    assert [key for key, times in used.items() if times > 1] == []
