"""In-memory stand-ins for the two ports, kept true by the contract suites."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from pushctl.errors import (
    AuthError,
    ServiceError,
    StateConflictError,
    StateError,
    StateLockedError,
    StateMovedError,
)
from pushctl.mpaas.interface import (
    Accepted,
    CancelOutcome,
    Created,
    CreateOutcome,
    NotSent,
    Objection,
    Refused,
    Unknown,
    no_objection,
)
from pushctl.push.push import Parameter
from pushctl.push.task import MAX_TARGETS, ActualTask, Delivery
from pushctl.schedule.service_schedule import Every, Loop, OneShot, Schedule, deliveries
from pushctl.state import memory_lease
from pushctl.state.events import Event, advance
from pushctl.state.history import HistoryEntry
from pushctl.state.interface import RECEIVING, LockInfo, Recovered
from pushctl.state.state import State
from pushctl.state.whoami import lock_info, signed

ZONE = ZoneInfo("Asia/Shanghai")

Failure = NotSent | Refused | Unknown


@dataclass(frozen=True)
class Received:
    """One message on one phone."""

    task_id: str
    target: str
    message_key: str
    at: int


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
    `cancelled` record the effects, so that a test can count what really happened; `delivered` says
    who got what when.

    `lag` is how many seconds the list is behind; without `keeps_executed` it drops what was
    delivered.
    """

    now: int = 1_780_000_000
    clock_offset: float | None = None
    quota: int | None = None
    lag: int = 0
    keeps_executed: bool = True
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
        self._empty = 0
        self._late: list[tuple[int, Mapping[str, Parameter]]] = []
        self._at_once: list[tuple[int, Mapping[str, Parameter]]] = []

    @property
    def delivered(self) -> tuple[Received, ...]:
        """Every message that went out so far."""
        with self._lock:
            self._catch_up()
            sent = [("", at, parameters) for at, parameters in self._at_once]
            for task in self._tasks.values():
                end = self.now if task.cancelled_at is None else task.cancelled_at
                sent += [(task.task_id, at, task.parameters) for at in task.times if at <= end]
            return tuple(
                Received(task_id, target, key, at)
                for task_id, at, parameters in sorted(sent, key=lambda item: item[:2])
                for target, key in json.loads(str(parameters["TargetMsgkey"])).items()
            )

    @property
    def open(self) -> tuple[str, ...]:
        """The ids of the tasks that will still deliver, whatever the list shows."""
        with self._lock:
            self._catch_up()
            return tuple(task.task_id for task in self._tasks.values() if self._is_open(task))

    def make_late(self, parameters: Mapping[str, Parameter], seconds: int) -> None:
        """Let a create that nobody waits for any more arrive after some seconds."""
        with self._lock:
            self._late.append((self.now + seconds, dict(parameters)))

    def show_nothing(self, *, listings: int = 1) -> None:
        """Let the next listings be empty."""
        with self._lock:
            self._empty = listings

    def advance(self, seconds: int) -> None:
        """Move the clock; whatever falls due is executed."""
        with self._lock:
            self.now += seconds

    def fail_next(self, outcome: Failure, *, on: str = "create", after: bool = False) -> None:
        """Let the next call of a method fail; with `after`, once it has had its effect."""
        with self._lock:
            self._faults.setdefault(on, []).append(_Fault(outcome, after))

    def forget_faults(self) -> None:
        """Let nothing fail any more."""
        with self._lock:
            self._faults.clear()

    def hide(self, task_id: str, *, listings: int = 1) -> None:
        """Leave a task out of the next listings, as a list that lags behind would."""
        with self._lock:
            self._hidden[task_id] = listings

    def create(
        self, parameters: Mapping[str, Parameter], objection: Objection = no_objection
    ) -> CreateOutcome:
        """See `PushService.create`."""
        with self._lock:
            self._catch_up()
            self.calls.append(("create", dict(parameters)))
            fault = self._fault("create")
            if fault is not None and not fault.after:
                return fault.outcome
            if why := objection():
                return NotSent(why)
            outcome = self._create(parameters)
            return outcome if fault is None else fault.outcome

    def cancel(self, task_id: str, objection: Objection = no_objection) -> CancelOutcome:
        """See `PushService.cancel`."""
        with self._lock:
            self.calls.append(("cancel", task_id))
            fault = self._fault("cancel")
            if fault is not None and not fault.after:
                return fault.outcome
            if why := objection():
                return NotSent(why)
            task = self._tasks.get(task_id)
            if task is not None and task.cancelled_at is None:
                self._tasks[task_id] = dataclasses.replace(task, cancelled_at=self.now)
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
            self._catch_up()
            fault = self._fault("list")
            if fault is not None:
                kind = AuthError if getattr(fault.outcome, "auth", False) else ServiceError
                raise kind("The service could not be read", repr(fault.outcome))
            if self._empty:
                self._empty -= 1
                return ()
            found = [
                self._actual(task, since, until)
                for task in self._tasks.values()
                if task.created_at + self.lag <= self.now
                if task_id in (None, task.task_id) and not self._is_hidden(task.task_id)
            ]
            shown = [task for task in found if task.deliveries]
            return tuple(sorted(shown, key=lambda task: (task.deliveries[0].at, task.task_id)))

    def _create(self, parameters: Mapping[str, Parameter], at: int | None = None) -> CreateOutcome:
        now = self.now if at is None else at
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
            self._at_once.append((now, dict(parameters)))
            return Created("", request_id)
        if self.quota is not None and self._open_tasks() >= self.quota:
            return Refused("8012", "too many scheduled tasks", request_id)
        task_id = self._next("T")
        times = tuple(deliveries(_schedule(parameters), ZONE))
        self._tasks[task_id] = _Task(task_id, dict(parameters), now, times)
        self.parameters[task_id] = dict(parameters)
        self.created.append(task_id)
        return Created(task_id, request_id)

    def _actual(self, task: _Task, since: int, until: int) -> ActualTask:
        # A cancelled task keeps only what had been delivered by then.
        gone = task.cancelled_at is not None and task.cancelled_at + self.lag <= self.now
        end = min(until, task.cancelled_at) if gone and task.cancelled_at is not None else until
        shown = tuple(
            Delivery(at, at <= self.now)
            for at in task.times
            if since <= at <= end and (self.keeps_executed or at > self.now)
        )
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
        return sum(self._is_open(task) for task in self._tasks.values())

    def _is_open(self, task: _Task) -> bool:
        return task.cancelled_at is None and any(at > self.now for at in task.times)

    def _catch_up(self) -> None:
        due = [item for item in self._late if item[0] <= self.now]
        self._late = [item for item in self._late if item[0] > self.now]
        for at, parameters in due:
            self._create(parameters, at)

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


class FakeClock:
    """A clock that moves only when somebody sleeps, and takes the service's clock along.

    `skew` is how many seconds it is ahead of the service.
    """

    def __init__(self, service: FakePushService | None = None, *, skew: int = 0) -> None:
        self._service = service or FakePushService()
        self._mutex = threading.Lock()
        self._fraction = 0.0
        self.skew = skew
        self.slept: list[float] = []

    def now(self) -> float:
        """See `Clock.now`."""
        with self._mutex:
            return self._service.now + self._fraction + self.skew

    def sleep(self, seconds: float) -> None:
        """See `Clock.sleep`."""
        with self._mutex:
            self.slept.append(seconds)
            total = self._fraction + seconds
            self._service.advance(int(total))
            self._fraction = total - int(total)


class MemoryStateStore:
    """A state that lives as long as this object; the contract is `StateStore`."""

    def __init__(self, state: State | None = None, *, lineage: str = "lineage") -> None:
        self._state = state
        self._lineage = lineage
        self._events: list[Event] = []
        self._lease: MemoryLease | None = None
        self._holder: LockInfo | None = None
        self._history: list[HistoryEntry] = []

    address = "memory"
    call_delay = 0.0
    moved = ""

    def read(self) -> State | None:
        """See `StateStore.read`."""
        self.check_moved()
        if self._state is None and not self._events:
            return None
        base = self._state or self.new_state()
        state = base
        for event in self._events:
            state = advance(state, event)
        return replace(state, serial=base.serial + bool(self._events))

    def interrupted(self) -> bool:
        """See `StateStore.interrupted`."""
        self.check_moved()
        return bool(self._events)

    def check_moved(self) -> None:
        """Raise `StateMovedError` if nothing may be written here."""
        if self.moved:
            raise StateMovedError.between(self.address, self.moved)

    def kept(self) -> object:
        """Return all that is stored, to compare."""
        return (self._state, *self._events) if self._state or self._events else None

    def lock_info(self) -> LockInfo | None:
        """See `StateStore.lock_info`."""
        return self._holder

    def unlock(self) -> None:
        """See `StateStore.unlock`."""
        self._holder = self._lease = None

    def new_state(self) -> State:
        """See `StateStore.new_state`."""
        return State(self._lineage, "app", "workspace")

    def recover(self) -> Recovered | None:
        """See `StateStore.recover`; nothing is ever lost."""
        state = self.read()
        return None if state is None else Recovered(state, complete=True)

    def overwrite(
        self, operation: str, make: Callable[[], State], *, timeout: float = 0.0
    ) -> State:
        """See `StateStore.overwrite`; there is no copy of what was stored."""
        with self._locked(operation):
            self.check_moved()
            made = make()
            self._state, self._events = replace(made, serial=made.serial + 1), []
            return self._state

    def history(self) -> tuple[HistoryEntry, ...]:
        """See `StateStore.history`."""
        return tuple(self._history)

    def append_history(self, entry: HistoryEntry) -> None:
        """See `StateStore.append_history`."""
        self._history.append(signed(entry, {}))

    @contextlib.contextmanager
    def lock(self, operation: str, *, timeout: float = 0.0) -> Iterator[MemoryLease]:
        """See `StateStore.lock`."""
        with self._locked(operation):
            self.check_moved()
            self.fold()
            self._lease = lease = MemoryLease(self, self._state or self.new_state())
            try:
                yield lease
            finally:
                lease.close()

    @contextlib.contextmanager
    def _locked(self, operation: str) -> Iterator[None]:
        if self._holder is not None:
            raise StateLockedError("The state is locked", f"held by {self._holder}")
        self._holder = mine = lock_info(operation, {})
        try:
            yield
        finally:
            if self._holder is mine:
                self.unlock()

    def read_at(self, slot: int) -> State | None:
        """See `StateStore.read_at`; nothing but the newest state is kept."""
        raise StateError("Memory keeps no earlier states")

    @contextlib.contextmanager
    def receive(self, state: State, history: Sequence[HistoryEntry]) -> Iterator[None]:
        """See `StateStore.receive`."""
        with self._locked(RECEIVING):
            if self._state or self._events:
                raise StateConflictError("There is a state already")
            self.moved = "nowhere yet"
            yield
            self.moved = ""
            self._state = replace(state, serial=state.serial + 1)
            self._history += history

    def check(self, lease: MemoryLease) -> None:
        """Raise `StateConflictError` for a lease whose lock was taken away."""
        if self._lease is not lease:
            raise StateConflictError("The lock was taken away")

    def write(self, event: Event) -> None:
        """Append to what stands for the journal."""
        self._events.append(event)

    def fold(self) -> None:
        """Make what the journal says part of the snapshot."""
        self._state, self._events = self.read(), []


class MemoryLease(memory_lease.MemoryLease):
    """The right to change a state in memory; the contract is `StateLease`."""

    def __init__(self, store: MemoryStateStore, state: State) -> None:
        super().__init__(state)
        self._store = store
        self._folded = 0
        self.events: list[Event] = []

    def move_to(self, address: str) -> None:
        """See `StateLease.move_to`."""
        self.close()
        self._store.check(self)
        self._store.moved = address

    def _write(self, event: Event) -> None:
        self._store.check(self)
        self.events.append(event)
        self._store.write(event)

    def close(self) -> None:
        """See `StateLease.close`."""
        if len(self.events) > self._folded:
            self._folded = len(self.events)
            self._store.check(self)
            self._store.fold()
