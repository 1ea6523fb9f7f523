"""Bring recorded up to actual: what was delivered, what has ended, and what is missing.

Delivered is the end of a task's life, not drift. Missing while deliveries were still to come is
drift: somebody cancelled it, or the list is wrong, and the two cannot be told apart from here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from pushctl.plan.reconcile.listing import CLOCK_SKEW
from pushctl.push.task import ActualTask, Slot
from pushctl.schedule.service_schedule import Loop, deliveries
from pushctl.state.events import Event, TaskObserved, advance
from pushctl.state.state import Phase, State, TaskRecord


class DriftKind(StrEnum):
    """How the service differs from the record."""

    GONE = "gone"
    PARTLY = "partly"


class Drift(Struct, frozen=True):
    """One task that is not as recorded. `missing` counts the deliveries that will not happen."""

    id: str
    slot: Slot
    kind: DriftKind
    task_id: str
    missing: int
    expected: int


class Refreshed(Struct, frozen=True):
    """The state as the service has it, the events that lead there, drift, and unmanaged tasks.

    `events` are certain (what was delivered, or is listed although it was cancelled); drift is not
    written down until `apply` has looked a second time. `state` shows both.
    """

    state: State
    events: tuple[Event, ...]
    drift: tuple[Drift, ...]
    unmanaged: tuple[ActualTask, ...]


def refresh(
    state: State, actual: Sequence[ActualTask], *, now: int, zone: dt.tzinfo, grace: float
) -> Refreshed:
    """Compare every scheduled task with the service's list.

    `grace` is how long (seconds) the list may take to show a new task; until then an absent task
    is not missing.
    """
    listed = {task.task_id: task for task in actual}
    events: list[Event] = []
    drift: list[Drift] = []
    for id, record in state.pushes.items():
        for task in record.tasks:
            if task.phase is Phase.CANCELLED and _reappeared(task, listed, now=now, grace=grace):
                events.append(TaskObserved(id, task.slot, Phase.SCHEDULED, now))
            if task.phase is not Phase.SCHEDULED:
                continue
            finding = _look(id, task, listed, now=now, zone=zone, grace=grace)
            if isinstance(finding, TaskObserved):
                events.append(finding)
            elif finding is not None:
                drift.append(finding)
    gone = [
        TaskObserved(item.id, item.slot, Phase.CANCELLED, now)
        for item in drift
        if item.kind is DriftKind.GONE
    ]
    state = advance(state, *events, *gone)
    return Refreshed(state, tuple(events), tuple(drift), unmanaged_tasks(state, actual))


def _reappeared(
    task: TaskRecord, listed: Mapping[str, ActualTask], *, now: int, grace: float
) -> bool:
    """Tell whether a cancelled task is going to be delivered after all.

    Its cancel was believed too early, or a list that lagged let it look missing. Left unseen, it
    would be delivered beside whatever has replaced it.
    """
    row = listed.get(task.task_id)
    if row is None or (task.over_at or 0) > now - grace:
        return False
    return any(item.at > now for item in row.unexecuted)


def _look(
    id: str,
    task: TaskRecord,
    listed: Mapping[str, ActualTask],
    *,
    now: int,
    zone: dt.tzinfo,
    grace: float,
) -> TaskObserved | Drift | None:
    row = listed.get(task.task_id)
    coming = [] if row is None else [item.at for item in row.coming(now)]
    looping = isinstance(task.schedule, Loop)
    if not coming:
        over = task.last is not None and task.last <= now
        executed = row is not None and any(item.executed for item in row.deliveries)
        if over or (executed and not looping):
            at = min(task.last, now) if task.last is not None else now
            return TaskObserved(id, task.slot, Phase.ENDED if looping else Phase.SENT, at)
    if (task.created_at or task.began_at) > now - grace:
        return None
    # What is due any moment may have been delivered by the service's clock, and dropped from a
    # list that does not keep what was executed: to take it for missing would send it twice.
    expected = [at for at in deliveries(task.schedule, zone) if at > now + CLOCK_SKEW]
    missing = len(set(expected) - set(coming))
    if not missing:
        return None
    kind = DriftKind.PARTLY if coming else DriftKind.GONE
    return Drift(id, task.slot, kind, task.task_id, missing, len(expected))


def unmanaged_tasks(state: State, actual: Iterable[ActualTask]) -> tuple[ActualTask, ...]:
    """Return the listed tasks that still deliver and that no entry of ours accounts for."""
    ours = state.task_ids()
    return tuple(task for task in actual if task.task_id not in ours and task.unexecuted)
