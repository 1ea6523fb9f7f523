"""In-memory stand-ins for the two ports, kept true by the contract suites."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

from pushctl.core.schedule import Every, Loop, OneShot, Schedule, deliveries
from pushctl.core.task import MAX_TARGETS, ActualTask, Delivery, Parameter
from pushctl.errors import ServiceError
from pushctl.ports import (
    Accepted,
    CancelOutcome,
    Created,
    CreateOutcome,
    NotSent,
    Refused,
    Unknown,
)

ZONE = ZoneInfo("Asia/Shanghai")

Failure = NotSent | Refused | Unknown


@dataclass
class _Task:
    task_id: str
    parameters: Mapping[str, Parameter]
    created_at: int
    times: tuple[int, ...]
    cancelled_at: int | None = None


@dataclass
class _Fault:
    outcome: Failure
    after: bool


@dataclass
class FakePushService:
    """The push service in memory, with a clock that stands still until it is moved.

    `calls` records every call as (method, what it was about), failed ones included. `created` and
    `cancelled` record the effects, so that a test can count what really happened.
    """

    now: int = 1_780_000_000
    quota: int | None = None
    calls: list[tuple[str, Any]] = field(default_factory=list)
    created: list[str] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    revoked: list[tuple[str, str]] = field(default_factory=list)
    parameters: dict[str, Mapping[str, Parameter]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._lock = threading.RLock()
        self._tasks: dict[str, _Task] = {}
        self._faults: dict[str, list[_Fault]] = {}
        self._hidden: dict[str, int] = {}
        self._count = 0

    def advance(self, seconds: int) -> None:
        """Move the clock; whatever falls due is executed."""
        with self._lock:
            self.now += seconds

    def fail_next(self, outcome: Failure, *, on: str = "create", after: bool = False) -> None:
        """Let the next call of a method fail; with `after`, once it has had its effect."""
        with self._lock:
            self._faults.setdefault(on, []).append(_Fault(outcome, after))

    def hide(self, task_id: str, *, listings: int = 1) -> None:
        """Leave a task out of the next listings, as a list that lags behind would."""
        with self._lock:
            self._hidden[task_id] = listings

    def create(self, parameters: Mapping[str, Parameter]) -> CreateOutcome:
        """See `PushService.create`."""
        with self._lock:
            self.calls.append(("create", dict(parameters)))
            fault = self._fault("create")
            if fault is not None and not fault.after:
                return fault.outcome
            outcome = self._create(parameters)
            return outcome if fault is None else fault.outcome

    def cancel(self, task_id: str) -> CancelOutcome:
        """See `PushService.cancel`."""
        with self._lock:
            self.calls.append(("cancel", task_id))
            fault = self._fault("cancel")
            if fault is not None and not fault.after:
                return fault.outcome
            task = self._tasks.get(task_id)
            if task is not None and task.cancelled_at is None:
                self._tasks[task_id] = replace(task, cancelled_at=self.now)
                self.cancelled.append(task_id)
            return Accepted(self._next("R")) if fault is None else fault.outcome

    def revoke(self, message_key: str, target: str) -> CancelOutcome:
        """See `PushService.revoke`."""
        with self._lock:
            self.calls.append(("revoke", (message_key, target)))
            fault = self._fault("revoke")
            if fault is not None and not fault.after:
                return fault.outcome
            self.revoked.append((message_key, target))
            return Accepted(self._next("R")) if fault is None else fault.outcome

    def list(self, *, since: int, until: int, task_id: str | None = None) -> tuple[ActualTask, ...]:
        """See `PushService.list`."""
        with self._lock:
            self.calls.append(("list", task_id))
            fault = self._fault("list")
            if fault is not None:
                raise ServiceError("The service could not be read", repr(fault.outcome))
            found = [
                self._actual(task, since, until)
                for task in self._tasks.values()
                if task_id in (None, task.task_id) and not self._is_hidden(task.task_id)
            ]
            shown = [task for task in found if task.deliveries]
            return tuple(sorted(shown, key=lambda task: (task.deliveries[0].at, task.task_id)))

    def _create(self, parameters: Mapping[str, Parameter]) -> CreateOutcome:
        targets = json.loads(str(parameters["TargetMsgkey"]))
        if len(targets) > MAX_TARGETS:
            return Refused("3029", "SINGLE_PUSH_TARGET_TOO_MUCH", self._next("R"))
        if not targets:
            return Refused("3021", "TOKEN_OR_USERID_NULL", self._next("R"))
        if not parameters.get("TaskName"):
            return Refused("3019", "TASKNAME_NULL", self._next("R"))
        if not parameters.get("Title") or not parameters.get("Content"):
            return Refused("3024", "PAYLOAD_NOT_ENOUGH", self._next("R"))
        request_id = self._next("R")
        if int(parameters.get("StrategyType", 0)) == 0:
            self.created.append("")
            return Created("", request_id)
        if self.quota is not None and self._open_tasks() >= self.quota:
            return Refused("8012", "too many scheduled tasks", request_id)
        task_id = self._next("T")
        times = tuple(deliveries(_schedule(parameters), ZONE))
        self._tasks[task_id] = _Task(task_id, dict(parameters), self.now, times)
        self.parameters[task_id] = dict(parameters)
        self.created.append(task_id)
        return Created(task_id, request_id)

    def _actual(self, task: _Task, since: int, until: int) -> ActualTask:
        # A cancelled task keeps only what had been delivered by then.
        end = until if task.cancelled_at is None else min(until, task.cancelled_at)
        shown = tuple(Delivery(at, at <= self.now) for at in task.times if since <= at <= end)
        return ActualTask(
            task_id=task.task_id,
            title=str(task.parameters["Title"]),
            content=str(task.parameters["Content"]),
            delivery_type=int(task.parameters["DeliveryType"]),
            strategy_type=int(task.parameters["StrategyType"]),
            created_at=task.created_at,
            deliveries=shown,
        )

    def _open_tasks(self) -> int:
        return sum(
            task.cancelled_at is None and any(at > self.now for at in task.times)
            for task in self._tasks.values()
        )

    def _is_hidden(self, task_id: str) -> bool:
        left = self._hidden.get(task_id, 0)
        self._hidden[task_id] = max(0, left - 1)
        return left > 0

    def _fault(self, method: str) -> _Fault | None:
        waiting = self._faults.get(method)
        return waiting.pop(0) if waiting else None

    def _next(self, prefix: str) -> str:
        self._count += 1
        return f"{prefix}{self._count:031d}"


def _schedule(parameters: Mapping[str, Parameter]) -> Schedule:
    content = json.loads(str(parameters["StrategyContent"]))
    if int(parameters["StrategyType"]) == 1:
        return OneShot(content["fixedTime"] // 1000)
    return Loop(
        every=Every(content["circleType"]),
        on=tuple(content.get("circleValue") or ()),
        time=dt.time.fromisoformat(content["time"]),
        first=dt.datetime.fromtimestamp(content["startTime"] / 1000, ZONE).date(),
        last=dt.datetime.fromtimestamp(content["endTime"] / 1000, ZONE).date(),
    )
