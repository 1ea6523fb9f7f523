"""Decide what became of a call whose answer never arrived, by looking.

The service's list shows neither names nor targets, so a lost task is found by elimination: the same
text, target kind, strategy and delivery times, made no earlier than the intent, and not yet
accounted for. At most one such call is ever in flight, so at most one candidate can be ours; one
that two tasks in doubt could both have made is nobody's. Where
that does not give one answer, there is none: the task stays in doubt, and a person decides.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pushctl.push.task import ActualTask, Slot, strategy_type
from pushctl.schedule.service_schedule import Immediate, Loop, OneShot, deliveries
from pushctl.state.events import (
    CancelConfirmed,
    CancelFailed,
    CreateConfirmed,
    CreateFailed,
    Event,
    TaskObserved,
    advance,
)
from pushctl.state.state import Phase, State, TaskRecord

CLOCK_SKEW = 120
"""Seconds by which the service's creation times may lie before ours."""

LONGEST_CALL = 60
"""Seconds for which a call may still be under way after its intent, if nobody saw it end."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A task that could not be settled by this look.

    `until` is when another look may tell (epoch seconds); None if only a person can. `candidates`
    are the ids of tasks on the service of which one may be it.
    """

    id: str
    slot: Slot
    phase: Phase
    reason: str
    until: float | None
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settled:
    """The state after everything that could be decided, the events that lead there, the rest."""

    state: State
    events: tuple[Event, ...]
    open: tuple[Doubt, ...]


def settle(
    state: State,
    actual: Sequence[ActualTask],
    *,
    listed_at: float,
    settle_time: float,
    zone: dt.tzinfo,
    first_look: float | None = None,
) -> Settled:
    """Decide every in-doubt task that this look can decide.

    `listed_at` is when the look began, `first_look` when the first one of this command did (epoch
    seconds): nobody knows when the call that was cut short really ended, so what is not listed is
    believed to be absent only if it is still not listed a settle time after that. `settle_time` is
    how long (seconds) the list may lag behind what the service did.
    """
    since = listed_at if first_look is None else first_look
    claims = _claims(state, actual, zone)
    claimed = Counter(row.task_id for rows in claims.values() for row in rows)

    def verdict(id: str, task: TaskRecord) -> Event | Doubt:
        if task.phase is Phase.CANCELLING:
            return _cancelled(id, task, actual, listed_at=listed_at, until=since + settle_time)
        ended = max(task.began_at, min(since, task.began_at + LONGEST_CALL))
        rows = claims[id, task.slot]
        alone = all(claimed[row.task_id] == 1 for row in rows)
        return _created(id, task, rows, listed_at=listed_at, until=ended + settle_time, alone=alone)

    verdicts = [
        verdict(id, task) for id, record in state.pushes.items() for task in record.in_doubt
    ]
    events = tuple(item for item in verdicts if not isinstance(item, Doubt))
    doubts = tuple(item for item in verdicts if isinstance(item, Doubt))
    return Settled(advance(state, *events), events, doubts)


def _claims(
    state: State, actual: Sequence[ActualTask], zone: dt.tzinfo
) -> dict[tuple[str, Slot], tuple[ActualTask, ...]]:
    """Return for every create in doubt the listed tasks that it may have made."""
    accounted = state.task_ids()
    return {
        (id, task.slot): matching_tasks(task, actual, accounted=accounted, zone=zone)
        for id, record in state.pushes.items()
        for task in record.in_doubt
        if task.phase is Phase.CREATING
    }


def is_confusable(one: TaskRecord, other: TaskRecord, *, zone: dt.tzinfo) -> bool:
    """Tell whether the service's list could show either of two tasks as the other."""
    if one.match is None or other.match is None:
        return False
    return (
        replace(one.match, known=()) == replace(other.match, known=())
        and strategy_type(one.schedule) == strategy_type(other.schedule)
        and not set(deliveries(one.schedule, zone)).isdisjoint(deliveries(other.schedule, zone))
    )


def matching_tasks(
    task: TaskRecord,
    actual: Iterable[ActualTask],
    *,
    accounted: Collection[str],
    zone: dt.tzinfo,
) -> tuple[ActualTask, ...]:
    """Return the listed tasks that the call for `task` may have made."""
    known = () if task.match is None else task.match.known
    return tuple(
        row
        for row in _alike(task, actual, zone)
        if row.task_id not in accounted
        and row.task_id not in known
        and (row.created_at == 0 or row.created_at >= task.began_at - CLOCK_SKEW)
    )


def preexisting_matches(
    task: TaskRecord, actual: Iterable[ActualTask], *, zone: dt.tzinfo
) -> tuple[str, ...]:
    """Return the ids of listed tasks that look like `task` before it is even created."""
    return tuple(row.task_id for row in _alike(task, actual, zone))


def _alike(task: TaskRecord, actual: Iterable[ActualTask], zone: dt.tzinfo) -> Iterator[ActualTask]:
    match, kind = task.match, strategy_type(task.schedule)
    if match is None:
        return
    looks = (match.title, match.content, match.delivery_type, kind)
    expected = frozenset(deliveries(task.schedule, zone))
    for row in actual:
        seen = (row.title, row.content, row.delivery_type, row.strategy_type)
        if seen == looks and row.deliveries and all(item.at in expected for item in row.deliveries):
            yield row


def _created(
    id: str,
    task: TaskRecord,
    candidates: Sequence[ActualTask],
    *,
    listed_at: float,
    until: float,
    alone: bool,
) -> Event | Doubt:
    ids = tuple(row.task_id for row in candidates)
    if len(candidates) == 1 and alone:
        row = candidates[0]
        done = isinstance(task.schedule, OneShot) and not row.unexecuted
        phase = Phase.SENT if done else Phase.SCHEDULED
        at = row.created_at or task.began_at
        return CreateConfirmed(id, task.slot, row.task_id, "", at, phase)
    if candidates:
        reason = f"{len(candidates)} tasks on the service look like it"
        if len(candidates) == 1:
            reason = "a task on the service looks like it, and like another one that is in doubt"
        return Doubt(id, task.slot, task.phase, reason, None, ids)
    if isinstance(task.schedule, Immediate):
        reason = "an immediate push leaves nothing behind that could be looked up"
        return Doubt(id, task.slot, task.phase, reason, None)
    # A loop that was made would show what is still to come; what was delivered may be dropped.
    passed = task.last if isinstance(task.schedule, Loop) else task.first
    if passed is not None and passed <= listed_at + CLOCK_SKEW:
        reason = "its delivery time has passed, and the list does not show it"
        return Doubt(id, task.slot, task.phase, reason, None)
    if listed_at < until:
        return Doubt(id, task.slot, task.phase, "the list may still lag behind", until)
    return CreateFailed(id, task.slot, "it did not reach the service")


def _cancelled(
    id: str,
    task: TaskRecord,
    actual: Sequence[ActualTask],
    *,
    listed_at: float,
    until: float,
) -> Event | Doubt:
    row = next((row for row in actual if row.task_id == task.task_id), None)
    if row is not None and row.unexecuted:
        return CancelFailed(id, task.slot, "it is still scheduled")
    if row is None and listed_at < until:
        return Doubt(id, task.slot, task.phase, "the list may still lag behind", until)
    return after_cancel(id, task, row, now=listed_at)


def after_cancel(
    id: str, task: TaskRecord, row: ActualTask | None, *, now: float
) -> CancelConfirmed | TaskObserved:
    """Say what a task is whose remaining deliveries are gone: cancelled, or delivered after all.

    A one-shot whose time has passed counts as delivered: the service may drop executed tasks from
    its list, and to take a delivered push for a cancelled one would send it twice. `now` is in
    epoch seconds.
    """
    executed = row is not None and any(item.executed for item in row.deliveries)
    over = task.first is not None and task.first <= now
    if isinstance(task.schedule, OneShot) and (executed or over):
        return TaskObserved(id, task.slot, Phase.SENT, int(now))
    return CancelConfirmed(id, task.slot, int(now))
