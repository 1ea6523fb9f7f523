"""Lists what is on the service until everything that time can decide is decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

from msgspec import Struct

from pushctl.apply.result import Progress
from pushctl.clock import Clock
from pushctl.errors import ServiceError
from pushctl.mpaas.interface import PushService
from pushctl.mpaas.retry import AGREEING_LIST_ATTEMPTS
from pushctl.plan.reconcile.in_doubt import Doubt, Timeouts, settle
from pushctl.plan.reconcile.listing import Listing, missing_tasks, service_ahead
from pushctl.plan.reconcile.refresh import DriftKind, Refreshed, refresh
from pushctl.push.task import Slot
from pushctl.schedule.service_schedule import Horizon
from pushctl.state.events import (
    CancelConfirmed,
    CancelFailed,
    CreateConfirmed,
    CreateFailed,
    Event,
    TaskObserved,
)
from pushctl.state.interface import StateLease
from pushctl.state.state import State, TaskRecord

Emit = Callable[[Progress], None]

DAY = 86400

OUTCOMES: Mapping[type[Event], str] = {
    CreateConfirmed: "it was created",
    CreateFailed: "it was not created",
    CancelConfirmed: "it was cancelled",
    CancelFailed: "it is still scheduled",
    TaskObserved: "it was delivered",
}


class ObserveOptions(Struct, frozen=True):
    """What is known of the service's list. `slack`: seconds that it is asked for before the first
    and after the last delivery of interest."""

    horizon: Horizon
    timeouts: Timeouts
    slack: int = DAY

    @property
    def zone(self) -> dt.tzinfo:
        """The zone in which the service repeats loops."""
        return self.horizon.zone


def observe(
    service: PushService,
    state: State,
    clock: Clock,
    options: ObserveOptions,
    before: Listing | None = None,
) -> Listing:
    """List everything that may matter to a state, from its earliest live task to the horizon.

    A recorded task that the list does not show is asked for by its own id. How far the clocks are
    apart is found out once in a command, by its first look; `before` is an earlier one. Raises
    `ServiceError` if the service cannot be read.
    """
    at = clock.now()
    firsts = [task.first for task in _live(state) if task.first is not None]
    lasts = [task.last for task in _live(state) if task.last is not None]
    since = int(min([at, *firsts])) - options.slack
    until = int(max([at + options.horizon.days * DAY, *lasts])) + options.slack
    actual = tuple(service.list(since=since, until=until))
    offset = service.clock_offset if before is None else before.ahead
    ahead = service_ahead(state, actual, now=at, offset=offset)
    found = [
        row
        for task in missing_tasks(state, actual, now=at + ahead)
        for row in service.list(since=since, until=until, task_id=task.task_id)
    ]
    return Listing((*actual, *found), at + ahead, ahead)


def _live(state: State) -> list[TaskRecord]:
    return [task for record in state.pushes.values() for task in record.live]


class Observer(Struct, frozen=True):
    """Lists the service and records in the state what that shows; `emit` is told of it."""

    lease: StateLease
    service: PushService
    clock: Clock
    options: ObserveOptions
    emit: Emit

    def catch_up(self) -> Listing:
        """Record what became of earlier calls and of tasks that time has finished.

        Waits (for the settle time) where only time can tell: for a call whose task may yet turn up
        in the list, and before believing that a recorded task is missing, which takes two lists
        that agree. What is missing is not recorded here; the plan shows it first. Raises
        `ServiceError` if the service cannot be read, or if its lists contradict each other.
        """
        seen, began = self.settle_calls()
        missing = self._missing(seen)
        for _ in range(AGREEING_LIST_ATTEMPTS):
            if not missing:
                break
            seen = self._observe_after(seen, self._settle_time)
            self._settle(seen, began)
            before, missing = missing, self._missing(seen)
            if missing <= before:
                break
        else:
            raise ServiceError(
                "The service's lists contradict each other",
                "each look misses other tasks than the one before, so none of them can be believed",
                fix="try again later; nothing was changed",
            )
        self.record_finished(seen)
        return seen

    def settle_calls(self) -> tuple[Listing, float]:
        """Record what became of earlier calls, waiting where only time can tell.

        Returns the last list, and when the first one was asked for (epoch seconds).
        """
        seen = observe(self.service, self.lease.state, self.clock, self.options)
        began = seen.at
        if not seen.actual and not self.lease.state.serial:
            # A new project, or a state that was lost and a list that is wrong: nothing recorded
            # could show the difference, and everything would be created anew.
            seen = self._observe_after(seen, self._settle_time)
        open_ = self._settle(seen, began)
        until = max((doubt.until for doubt in open_ if doubt.until is not None), default=None)
        if until is not None:
            seen = self._observe_after(seen, until - seen.at)
            self._settle(seen, began)
        return seen, began

    def record_finished(self, seen: Listing) -> None:
        """Record what time has finished, as a list shows it."""
        for event in self._refresh(seen).events:
            self.lease.record(event)

    def _missing(self, seen: Listing) -> frozenset[tuple[str, Slot]]:
        drift = self._refresh(seen).drift
        return frozenset((item.id, item.slot) for item in drift if item.kind is DriftKind.GONE)

    def _refresh(self, seen: Listing) -> Refreshed:
        zone, grace = self.options.zone, self._settle_time
        now = int(self.clock.now() + seen.ahead)
        return refresh(self.lease.state, seen.actual, now=now, zone=zone, grace=grace)

    @property
    def _settle_time(self) -> float:
        return self.options.timeouts.settle_time

    def _observe_after(self, seen: Listing, seconds: float) -> Listing:
        """List again, not before some seconds after the last list."""
        seconds = max(0.0, seconds - (self.clock.now() + seen.ahead - seen.at))
        if seconds:
            self.emit(Progress("wait", self.clock.now(), data={"seconds": round(seconds, 1)}))
            self.clock.sleep(seconds)
        return observe(self.service, self.lease.state, self.clock, self.options, seen)

    def _settle(self, seen: Listing, began: float) -> tuple[Doubt, ...]:
        settled = settle(
            self.lease.state,
            seen,
            timeouts=self.options.timeouts,
            zone=self.options.zone,
            first_look=began,
        )
        for event in settled.events:
            self.lease.record(event)
            outcome = OUTCOMES.get(type(event), "seen")
            id = getattr(event, "id", None)
            self.emit(Progress("task.settled", self.clock.now(), id=id, data={"outcome": outcome}))
        return settled.open
