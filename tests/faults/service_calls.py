"""Calls of the service that can go astray: the product's own adapter, to several addresses."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from pushctl.mpaas.client import CloudPushService
from pushctl.mpaas.interface import (
    CancelOutcome,
    CreateOutcome,
    Objection,
    PushService,
    no_objection,
)
from pushctl.push.push import Parameter
from pushctl.push.task import ActualTask
from tests.faults.effects import Crash, Effects

REAL_SERVICE = CloudPushService
SHORT = 0.15
"""Seconds of real time, where an answer has to be waited for in vain."""


class ServiceConnections:
    """Adapters with the options of the command, made when they are needed."""

    def __init__(self, sleep: Callable[[float], None]) -> None:
        self._sleep = sleep
        self._options: dict[str, Any] = {}
        self._made: dict[str, PushService] = {}
        self._sockets: list[socket.socket] = []

    def learn(self, options: Mapping[str, Any]) -> PushService:
        """Make the adapter that a command asks for."""
        self._options = {**options, "sleep": self._sleep}
        return REAL_SERVICE(**self._options)

    @property
    def plain(self) -> PushService:
        """To the service, for calls that outlive their process."""
        return self._adapter("plain", {"sleep": _not_at_all})

    @property
    def impatient(self) -> PushService:
        """To the service, and soon tired of waiting."""
        return self._adapter("impatient", {"read_timeout": SHORT})

    @property
    def closed(self) -> PushService:
        """To a port where nobody listens."""
        return self._adapter("closed", {}, listening=False)

    @property
    def silent(self) -> PushService:
        """To somebody who takes the call and never answers."""
        return self._adapter("silent", {"read_timeout": SHORT}, listening=True)

    def _adapter(
        self, name: str, more: Mapping[str, Any], *, listening: bool | None = None
    ) -> PushService:
        if name not in self._made:
            assert self._options, "no command has made a service yet"
            options = {**self._options, **more}
            if listening is not None:
                options["endpoint"] = self._elsewhere(listening)
            self._made[name] = REAL_SERVICE(**options)
        return self._made[name]

    def _elsewhere(self, listening: bool) -> str:
        end = socket.socket()
        self._sockets.append(end)
        end.bind(("127.0.0.1", 0))
        if listening:
            end.listen(16)
        return f"http://127.0.0.1:{end.getsockname()[1]}"

    def close(self) -> None:
        """Stop listening where nobody answers."""
        for end in self._sockets:
            end.close()


def _not_at_all(seconds: float) -> None:
    return None


class SystemView(Protocol):
    """What an `InterceptedService` needs of its system."""

    def seen(
        self, rows: Sequence[ActualTask], *, since: int, until: int, task_id: str | None
    ) -> Sequence[ActualTask]: ...

    def changed(self) -> None: ...


class InterceptedService:
    """A service of which every call is an effect of the run that makes it."""

    def __init__(self, inner: PushService, effects: Effects, system: SystemView) -> None:
        self._inner = inner
        self._effects = effects
        self._system = system

    @property
    def clock_offset(self) -> float | None:
        """See `CloudPushService.clock_offset`."""
        offset: float | None = getattr(self._inner, "clock_offset", None)
        return offset

    def create(
        self, parameters: Mapping[str, Parameter], objection: Objection = no_objection
    ) -> CreateOutcome:
        """See `PushService.create`."""
        outcome: CreateOutcome = self._call(
            "create",
            lambda way: way.create(parameters, objection),
            left=lambda way: way.create(parameters),
        )
        return outcome

    def cancel(self, task_id: str, objection: Objection = no_objection) -> CancelOutcome:
        """See `PushService.cancel`."""
        outcome: CancelOutcome = self._call(
            "cancel",
            lambda way: way.cancel(task_id, objection),
            left=lambda way: way.cancel(task_id),
        )
        return outcome

    def revoke(self, message_key: str, target: str) -> CancelOutcome:
        """See `PushService.revoke`."""
        outcome: CancelOutcome = self._call("revoke", lambda way: way.revoke(message_key, target))
        return outcome

    def list(self, *, since: int, until: int, task_id: str | None = None) -> Sequence[ActualTask]:
        """See `PushService.list`."""

        def send(way: PushService) -> Sequence[ActualTask]:
            rows = way.list(since=since, until=until, task_id=task_id)
            return self._system.seen(rows, since=since, until=until, task_id=task_id)

        found: Sequence[ActualTask] = self._call("list", send)
        return found

    def _call(
        self,
        name: str,
        send: Callable[[PushService], Any],
        left: Callable[[PushService], Any] | None = None,
    ) -> Any:
        """Make a call; `left` is what it does if it has left already, and nobody can object."""
        if self._effects.dead:
            raise Crash(name)

        def do() -> Any:
            return send(self._effects.route or self._inner)

        try:
            return self._effects.around(name, do, send=left or send)
        finally:
            if name != "list":
                self._system.changed()
