"""Look at the service until everything that time can decide is decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pushctl.apply.result import Progress
from pushctl.clock import Clock
from pushctl.errors import ServiceError
from pushctl.mpaas.interface import PushService
from pushctl.mpaas.retry import AGREEING_LIST_ATTEMPTS
from pushctl.plan.planner import Look
from pushctl.plan.reconcile.in_doubt import Doubt, settle
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


@dataclass(frozen=True, slots=True)
class Sight:
    """How to look: the service's horizon, and how long its list may lag. In seconds."""

    horizon: Horizon
    settle_time: float
    slack: int = DAY


def look(service: PushService, state: State, clock: Clock, sight: Sight) -> Look:
    """List everything that may matter to a state, from its earliest live task to the horizon."""
    at = clock.now()
    firsts = [task.first for task in _live(state) if task.first is not None]
    lasts = [task.last for task in _live(state) if task.last is not None]
    since = int(min([at, *firsts])) - sight.slack
    until = int(max([at + sight.horizon.days * DAY, *lasts])) + sight.slack
    return Look(tuple(service.list(since=since, until=until)), at)


def _live(state: State) -> list[TaskRecord]:
    return [task for record in state.pushes.values() for task in record.live]


def catch_up(
    lease: StateLease, service: PushService, clock: Clock, sight: Sight, emit: Emit
) -> Look:
    """Write down what became of earlier calls and of tasks that time has finished.

    Waits (for the settle time) where only time can tell: for a call whose task may yet turn up in
    the list, and before believing that a recorded task is missing, which takes two looks that
    agree. What is missing is not written down here; the plan shows it first. Raises
    `ServiceError` if the service cannot be read, or if its lists contradict each other.
    """
    seen, begun = settled(lease, service, clock, sight, emit)
    missing = _missing(lease.state, seen, clock, sight)
    for _ in range(AGREEING_LIST_ATTEMPTS):
        if not missing:
            break
        until = seen.at + sight.settle_time
        seen = _look_again(lease, service, clock, sight, emit, until=until)
        _settle(lease, seen, sight, emit, clock, first_look=begun)
        before, missing = missing, _missing(lease.state, seen, clock, sight)
        if missing <= before:
            break
    else:
        raise ServiceError(
            "The service's lists contradict each other",
            "each look misses other tasks than the one before, so none of them can be believed",
            fix="try again later; nothing was changed",
        )
    observe(lease, seen, clock, sight)
    return seen


def settled(
    lease: StateLease, service: PushService, clock: Clock, sight: Sight, emit: Emit
) -> tuple[Look, float]:
    """Write down what became of earlier calls, waiting where only time can tell.

    Returns the last look, and when the first one began (epoch seconds).
    """
    seen = look(service, lease.state, clock, sight)
    begun = seen.at
    if not seen.actual and not lease.state.serial:
        # A new project, or a state that was lost and a list that is wrong: nothing recorded could
        # show the difference, and everything would be created anew.
        seen = _look_again(lease, service, clock, sight, emit, until=begun + sight.settle_time)
    open_ = _settle(lease, seen, sight, emit, clock, first_look=begun)
    until = max((doubt.until for doubt in open_ if doubt.until is not None), default=None)
    if until is not None:
        seen = _look_again(lease, service, clock, sight, emit, until=until)
        _settle(lease, seen, sight, emit, clock, first_look=begun)
    return seen, begun


def observe(lease: StateLease, seen: Look, clock: Clock, sight: Sight) -> None:
    """Write down what time has finished, as a look shows it."""
    for event in _refresh(lease.state, seen, clock, sight).events:
        lease.record(event)


def _missing(state: State, seen: Look, clock: Clock, sight: Sight) -> frozenset[tuple[str, Slot]]:
    drift = _refresh(state, seen, clock, sight).drift
    return frozenset((item.id, item.slot) for item in drift if item.kind is DriftKind.GONE)


def _look_again(
    lease: StateLease,
    service: PushService,
    clock: Clock,
    sight: Sight,
    emit: Emit,
    *,
    until: float,
) -> Look:
    seconds = max(0.0, until - clock.now())
    if seconds:
        emit(Progress("wait", clock.now(), data={"seconds": round(seconds, 1)}))
        clock.sleep(seconds)
    return look(service, lease.state, clock, sight)


def _settle(
    lease: StateLease,
    seen: Look,
    sight: Sight,
    emit: Emit,
    clock: Clock,
    *,
    first_look: float,
) -> tuple[Doubt, ...]:
    settled = settle(
        lease.state,
        seen.actual,
        listed_at=seen.at,
        settle_time=sight.settle_time,
        zone=_zone(sight),
        first_look=first_look,
    )
    for event in settled.events:
        lease.record(event)
        outcome = OUTCOMES.get(type(event), "seen")
        id = getattr(event, "id", None)
        emit(Progress("task.settled", clock.now(), id=id, data={"outcome": outcome}))
    return settled.open


def _refresh(state: State, seen: Look, clock: Clock, sight: Sight) -> Refreshed:
    return refresh(
        state, seen.actual, now=int(clock.now()), zone=_zone(sight), grace=sight.settle_time
    )


def _zone(sight: Sight) -> dt.tzinfo:
    return sight.horizon.zone
