"""What every step of an apply needs: the ports, the options, and the counters so far."""

from __future__ import annotations

import dataclasses
import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from shlex import quote
from typing import TypeVar

from msgspec import Struct, field

from pushctl.apply.observe import Emit, ObserveOptions, Observer
from pushctl.apply.result import ApplyResult, Failure, Progress
from pushctl.clock import Clock
from pushctl.mpaas.interface import Objection, PushService
from pushctl.mpaas.retry import LIST_EVERY, RateLimiter
from pushctl.plan.change import Action
from pushctl.plan.reconcile.listing import Listing
from pushctl.schedule.service_schedule import next_delivery
from pushctl.state.interface import StateLease
from pushctl.state.state import TaskRecord

T = TypeVar("T")


class EntryAborted(Exception):
    """The rest of an entry must not be done; the reason is in the counters."""


class ApplyOptions(Struct, frozen=True):
    """`parallelism` is how many entries are worked on at once; `danger_window`, in seconds, is how
    close the next delivery of a task may be that is cancelled, unless `now_or_never`."""

    observe: ObserveOptions
    parallelism: int = 8
    danger_window: int = 600
    now_or_never: bool = False


class ApplyCounters(Struct):
    """What has come of an apply so far. Safe to use from several threads."""

    done: Counter[Action] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)
    in_doubt: list[Failure] = field(default_factory=list)
    denied: bool = False
    created: int = 0
    cancelled: int = 0
    mutex: threading.Lock = field(default_factory=threading.Lock)

    def fail(self, id: str, reason: str, fix: str | None = None) -> None:
        """Note a change that did not happen."""
        with self.mutex:
            self.failures.append(Failure(id, reason, fix))

    def doubt(self, id: str, reason: str, fix: str | None = None) -> None:
        """Note an entry of which a call's outcome is unknown."""
        with self.mutex:
            self.in_doubt.append(Failure(id, reason, fix or f"pushctl state resolve {quote(id)}"))

    def finish(self, action: Action) -> None:
        """Count an entry that was done completely."""
        with self.mutex:
            self.done[action] += 1

    def count(self, *, created: int = 0, cancelled: int = 0) -> None:
        """Count tasks."""
        with self.mutex:
            self.created += created
            self.cancelled += cancelled

    def result(self, *, stopped: bool) -> ApplyResult:
        """Sum up. Refused credentials stop a run too, but that is not an interruption."""
        return ApplyResult(
            done={action: self.done[action] for action in Action},
            failures=tuple(self.failures),
            in_doubt=tuple(self.in_doubt),
            interrupted=stopped and not self.denied,
            denied=self.denied,
            tasks_created=self.created,
            tasks_cancelled=self.cancelled,
        )


@dataclasses.dataclass
class ApplyContext:
    """The ports and values of one apply. `planned_at` is in epoch seconds; `seen` is the list that
    the plan was made from; setting `stop` lets the calls in flight finish and starts no more."""

    lease: StateLease
    service: PushService
    clock: Clock
    options: ApplyOptions
    seen: Listing
    planned_at: int
    emit: Emit
    stop: threading.Event
    counters: ApplyCounters = dataclasses.field(default_factory=ApplyCounters)

    def __post_init__(self) -> None:
        self.limiter = RateLimiter(self.clock, self.stop)
        self._calls = threading.BoundedSemaphore(max(1, self.options.parallelism))

    @property
    def zone(self) -> dt.tzinfo:
        """The zone in which the service repeats loops."""
        return self.options.observe.zone

    @property
    def observer(self) -> Observer:
        """What lists the service and records what that shows."""
        return Observer(self.lease, self.service, self.clock, self.options.observe, self.emit)

    def now(self) -> float:
        """Return epoch seconds, by the service's clock as far as it is known."""
        return self.clock.now() + self.seen.ahead

    def tell(
        self, type: str, id: str, task: str | None = None, **data: str | int | float | None
    ) -> None:
        """Report that something happened."""
        self.emit(Progress(type, self.clock.now(), id=id, task=task, data=data))

    def fail(self, id: str, reason: str, fix: str | None = None) -> EntryAborted:
        """Note and report a failure; raise what this returns."""
        self.counters.fail(id, reason, fix)
        self.tell("entry.failed", id, reason=reason)
        return EntryAborted()

    def doubt(self, id: str, reason: str) -> EntryAborted:
        """Note that an outcome is unknown; raise what this returns."""
        self.counters.doubt(id, reason)
        return EntryAborted()

    def deny(self) -> None:
        """End the whole run: no other call will be allowed either."""
        self.counters.denied = True
        self.stop.set()

    def check_stop(self) -> None:
        """Raise `EntryAborted` if the run is to stop."""
        if self.stop.is_set():
            raise EntryAborted

    def in_parallel(self, work: Sequence[Callable[[], None]]) -> None:
        """Do several things at a time, in the order given; what one raises stops the others."""
        if not work:
            return
        workers = min(max(self.options.parallelism, self.lease.intents_ahead, 1), len(work))
        with ThreadPoolExecutor(workers, thread_name_prefix="pushctl") as pool:
            futures = [pool.submit(job) for job in work]
            try:
                for future in futures:
                    future.result()
            except BaseException:
                self.stop.set()
                raise

    def call(self, began: float, send: Callable[[Objection], T]) -> T:
        """Make a call whose intent is recorded, once no more are under way than are allowed.

        `began` is when its intent was begun (epoch seconds). `send` must not make the call where
        somebody else may have the lock by now, or may believe that it was never made.
        """
        with self._calls:
            return send(lambda: self._objection(began))

    def _objection(self, began: float) -> str:
        delay = self.options.observe.timeouts.call_delay
        if not self.lease.still_held():
            return "another command may have the lock of the state by now"
        late = delay and self.now() - began > delay
        return "it took too long to write it down" if late else ""

    def pause(self) -> None:
        """Wait before the service is listed again."""
        settle_time = self.options.observe.timeouts.settle_time
        self.clock.sleep(min(LIST_EVERY, max(0.05, settle_time / 10)))

    def next_of(self, task: TaskRecord) -> int | None:
        """Return the next delivery (epoch seconds) of a recorded task."""
        return next_delivery(task.schedule, int(self.now()), self.zone)
