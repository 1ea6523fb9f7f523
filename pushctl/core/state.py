"""What we believe exists: the recorded state, and the events that change it.

The state is a fold over events. A store makes each event durable before the next call leaves, so
the state after a crash is the snapshot plus the events that were written: the same function,
`advance`, serves the running command and the recovery.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, NamedTuple, assert_never

from pushctl.core.schedule import Schedule
from pushctl.core.task import Meta


class Phase(StrEnum):
    """Where a task is in its life. `creating` and `cancelling` are the two in doubt."""

    CREATING = "creating"
    SCHEDULED = "scheduled"
    CANCELLING = "cancelling"
    SENT = "sent"
    ENDED = "ended"
    CANCELLED = "cancelled"


LIVE = frozenset({Phase.CREATING, Phase.SCHEDULED, Phase.CANCELLING})
"""Phases in which the service may still deliver."""


KEEP_FINISHED = 8 * 86400
"""Seconds for which the finished tasks of earlier generations are kept.

Longer than the seven days within which a delivered message can be withdrawn, and long enough to
know who has had today's delivery already.
"""


class Slot(NamedTuple):
    """The address of a task within its entry; never used twice."""

    chunk: int
    segment: int
    generation: int


@dataclass(frozen=True, slots=True)
class Match:
    """All that the service's list can tell about a task, kept while its creation is in doubt.

    `known` holds the ids of look-alikes that were listed before the call, which it therefore
    cannot have made.
    """

    title: str
    content: str
    delivery_type: int
    known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TaskRecord:
    """One task: what was asked for, and what is known to have become of it.

    `targets` maps each target (or its salted digest) to its message key. `schedule` is what the
    service was told. `first` and `last` are its delivery instants, `began_at` the moment of the
    intent, `created_at` of the confirmation, `over_at` of the end (cancelled, or seen to be over);
    all in epoch seconds.
    """

    chunk: int
    segment: int
    generation: int
    phase: Phase
    fingerprint: str
    targets: Mapping[str, str]
    schedule: Schedule
    first: int | None
    last: int | None
    began_at: int
    match: Match | None = None
    task_id: str = ""
    created_at: int | None = None
    request_id: str = ""
    doubt: str | None = None
    over_at: int | None = None

    @property
    def slot(self) -> Slot:
        """The task's address within its entry."""
        return Slot(self.chunk, self.segment, self.generation)

    @property
    def live(self) -> bool:
        """Whether the service may still deliver this task."""
        return self.phase in LIVE


@dataclass(frozen=True, slots=True)
class PushRecord:
    """What is recorded of one entry; `fingerprint` and `spec` are of its newest generation.

    `stopped_at` (epoch seconds) is when somebody pushed the red button; None while it may run.
    """

    generation: int
    fingerprint: str
    spec: Mapping[str, Any]
    meta: Meta
    tasks: tuple[TaskRecord, ...] = ()
    stopped_at: int | None = None

    @property
    def stopped(self) -> bool:
        """Whether the entry stays silent until it is resumed, or until its content changes."""
        return self.stopped_at is not None

    @property
    def live(self) -> tuple[TaskRecord, ...]:
        """The tasks that the service may still deliver."""
        return tuple(task for task in self.tasks if task.live)

    @property
    def in_doubt(self) -> tuple[TaskRecord, ...]:
        """The tasks of which nobody knows whether the last call had an effect."""
        doubtful = (Phase.CREATING, Phase.CANCELLING)
        return tuple(task for task in self.tasks if task.phase in doubtful)

    def task(self, slot: Slot) -> TaskRecord:
        """Return the task at an address; raises KeyError."""
        for task in self.tasks:
            if task.slot == slot:
                return task
        raise KeyError(slot)


@dataclass(frozen=True, slots=True)
class Site:
    """The service that a state is about, and how to look at it, as the last apply knew it.

    Enough to reach the tasks when the manifest is broken or gone. `endpoint` is what was called.
    `timezone` is the manifest's, for people; `service_timezone` the one of the service's days.
    `settle_time` is in seconds, None where nobody said. `hashed` tells that targets are digests.
    """

    endpoint: str
    region: str
    tenant: str | None
    timezone: str
    service_timezone: str
    horizon_days: int
    settle_time: int | None
    list_slack: int
    cancel_type: int | None
    hashed: bool


@dataclass(frozen=True, slots=True)
class State:
    """A snapshot of one app's workspace.

    `lineage` names this history and never changes; `serial` counts its snapshots. `retired` keeps
    the last generation of ids that left, so that no message key is ever used again. `site` is
    where the tasks are; None until something was applied.
    """

    lineage: str
    app: str
    workspace: str
    serial: int = 0
    pushes: Mapping[str, PushRecord] = field(default_factory=dict)
    retired: Mapping[str, int] = field(default_factory=dict)
    site: Site | None = None

    def next_generation(self, id: str) -> int:
        """Return the first generation that no task of an entry, past or present, ever had."""
        record = self.pushes.get(id)
        return max(record.generation if record else 0, self.retired.get(id, 0)) + 1

    def task_ids(self) -> frozenset[str]:
        """The service's ids of every recorded task."""
        return frozenset(
            task.task_id for record in self.pushes.values() for task in record.tasks if task.task_id
        )


# --- events ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CreateBegan:
    """The intent to create one task, written before the call leaves."""

    id: str
    task: TaskRecord
    fingerprint: str
    spec: Mapping[str, Any]
    meta: Meta


@dataclass(frozen=True, slots=True)
class CreateConfirmed:
    """The service has the task. `phase` is `sent` for an immediate push."""

    id: str
    slot: Slot
    task_id: str
    request_id: str
    at: int
    phase: Phase = Phase.SCHEDULED


@dataclass(frozen=True, slots=True)
class CreateFailed:
    """The service certainly does not have the task."""

    id: str
    slot: Slot
    reason: str


@dataclass(frozen=True, slots=True)
class CreateDoubted:
    """The call was made and its outcome is unknown."""

    id: str
    slot: Slot
    reason: str


@dataclass(frozen=True, slots=True)
class CancelBegan:
    """The intent to cancel one task, written before the call leaves."""

    id: str
    slot: Slot


@dataclass(frozen=True, slots=True)
class CancelConfirmed:
    """The service's list holds nothing of the task that is still to come."""

    id: str
    slot: Slot
    at: int


@dataclass(frozen=True, slots=True)
class CancelFailed:
    """The task is still scheduled."""

    id: str
    slot: Slot
    reason: str


@dataclass(frozen=True, slots=True)
class TaskObserved:
    """Looking at the service showed that a task has moved on by itself."""

    id: str
    slot: Slot
    phase: Phase
    at: int


@dataclass(frozen=True, slots=True)
class TaskAdopted:
    """A task that pushctl did not make is taken over; a new record if the entry has none."""

    id: str
    task: TaskRecord
    fingerprint: str
    spec: Mapping[str, Any]
    meta: Meta


@dataclass(frozen=True, slots=True)
class PushRenamed:
    """The entry `before` is now called `id`; nothing else changes."""

    id: str
    before: str


@dataclass(frozen=True, slots=True)
class PushForgotten:
    """The entry is no longer managed. Its tasks, if any are left, run out by themselves."""

    id: str


@dataclass(frozen=True, slots=True)
class PushNoted:
    """What people keep beside an entry has changed."""

    id: str
    spec: Mapping[str, Any]
    meta: Meta


@dataclass(frozen=True, slots=True)
class PushStopped:
    """Somebody wants the entry silent, at once and until further notice."""

    id: str
    at: int


@dataclass(frozen=True, slots=True)
class PushResumed:
    """The entry may run again."""

    id: str


@dataclass(frozen=True, slots=True)
class SiteNoted:
    """Where the tasks of this state are, from now on."""

    site: Site


Event = (
    CreateBegan
    | CreateConfirmed
    | CreateFailed
    | CreateDoubted
    | CancelBegan
    | CancelConfirmed
    | CancelFailed
    | TaskObserved
    | TaskAdopted
    | PushRenamed
    | PushForgotten
    | PushNoted
    | PushStopped
    | PushResumed
    | SiteNoted
)


# --- the fold -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Patch:
    """What one event changes: records to put (None to drop), generations to retire, the site."""

    pushes: Mapping[str, PushRecord | None]
    retired: Mapping[str, int] = field(default_factory=dict)
    site: Site | None = None


def advance(state: State, event: Event) -> State:
    """Return the state after an event; the serial stays, since it counts snapshots.

    Raises KeyError if the event speaks of an entry or a task that the state does not have.
    """
    change = patch(state.pushes, event)
    pushes = dict(state.pushes)
    for id, record in change.pushes.items():
        if record is None:
            pushes.pop(id, None)
        else:
            pushes[id] = record
    return replace(
        state,
        pushes=pushes,
        retired=retire(state.retired, change.retired),
        site=change.site or state.site,
    )


def retire(retired: Mapping[str, int], more: Mapping[str, int]) -> dict[str, int]:
    """Retire more generations; never forget a higher one, or its message keys would come back."""
    highest = {id: max(generation, retired.get(id, 0)) for id, generation in more.items()}
    return {**retired, **highest}


def patch(pushes: Mapping[str, PushRecord], event: Event) -> Patch:
    """Say which records an event changes, in constant time however large the state is."""
    match event:
        case CreateBegan() | TaskAdopted():
            return Patch({event.id: _with_task(pushes.get(event.id), event)})
        case CreateConfirmed():
            return _task(
                pushes,
                event.id,
                event.slot,
                phase=event.phase,
                task_id=event.task_id,
                request_id=event.request_id,
                created_at=event.at,
                match=None,
                doubt=None,
            )
        case CreateFailed():
            record = pushes[event.id]
            rest = tuple(task for task in record.tasks if task.slot != event.slot)
            return Patch({event.id: replace(record, tasks=rest)})
        case CreateDoubted():
            return _task(pushes, event.id, event.slot, doubt=event.reason)
        case CancelBegan():
            return _task(pushes, event.id, event.slot, phase=Phase.CANCELLING)
        case CancelConfirmed():
            return _task(pushes, event.id, event.slot, phase=Phase.CANCELLED, over_at=event.at)
        case CancelFailed():
            return _task(
                pushes, event.id, event.slot, phase=Phase.SCHEDULED, over_at=None, doubt=None
            )
        case TaskObserved():
            over_at = None if event.phase in LIVE else event.at
            return _task(pushes, event.id, event.slot, phase=event.phase, over_at=over_at)
        case SiteNoted():
            return Patch({}, site=event.site)
        case PushRenamed() | PushForgotten() | PushNoted() | PushStopped() | PushResumed():
            return _entry(pushes, event)
        case _:
            assert_never(event)


def _entry(
    pushes: Mapping[str, PushRecord],
    event: PushRenamed | PushForgotten | PushNoted | PushStopped | PushResumed,
) -> Patch:
    match event:
        case PushRenamed():
            record = pushes[event.before]
            return Patch({event.before: None, event.id: record}, {event.before: record.generation})
        case PushForgotten():
            return Patch({event.id: None}, {event.id: pushes[event.id].generation})
        case PushNoted():
            record = pushes[event.id]
            return Patch({event.id: replace(record, spec=event.spec, meta=event.meta)})
        case PushStopped():
            return Patch({event.id: replace(pushes[event.id], stopped_at=event.at)})
        case PushResumed():
            return Patch({event.id: replace(pushes[event.id], stopped_at=None)})


def _with_task(record: PushRecord | None, event: CreateBegan | TaskAdopted) -> PushRecord:
    """Put a task into its entry's record, dropping the remains that no longer matter."""
    generation = max(event.task.generation, record.generation if record else 0)
    others = record.tasks if record else ()
    kept = tuple(
        task
        for task in others
        if task.slot != event.task.slot
        and (task.live or task.generation >= generation or recent(task, event.task.began_at))
    )
    return PushRecord(
        generation=generation,
        fingerprint=event.fingerprint,
        spec=event.spec,
        meta=event.meta,
        tasks=tuple(sorted((*kept, event.task), key=lambda task: task.slot)),
    )


def recent(task: TaskRecord, now: int) -> bool:
    """Tell whether a finished task must still be remembered (`KEEP_FINISHED`)."""
    return task.over_at is None or task.over_at > now - KEEP_FINISHED


def _task(pushes: Mapping[str, PushRecord], id: str, slot: Slot, **changes: Any) -> Patch:
    record = pushes[id]
    record.task(slot)  # raises KeyError for an address that does not exist
    tasks = tuple(replace(task, **changes) if task.slot == slot else task for task in record.tasks)
    return Patch({id: replace(record, tasks=tasks)})
