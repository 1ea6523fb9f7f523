"""The events that change a state, a closed union, and the fold that applies them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, assert_never

from msgspec import Struct, field
from msgspec.structs import replace

from pushctl.push.push import Meta
from pushctl.push.task import Slot
from pushctl.state.labels import with_labels
from pushctl.state.state import (
    LIVE,
    Instant,
    Phase,
    PushRecord,
    ServiceSettings,
    State,
    TaskRecord,
    recent,
)

# The tag of an event is its name where it is written.


class _NewTask(Struct, frozen=True):
    id: str
    task: TaskRecord
    fingerprint: str
    spec: Mapping[str, Any]
    meta: Meta


class _OfTask(Struct, frozen=True):
    id: str
    slot: Slot


class CreateBegan(_NewTask, frozen=True, tag="create.intent"):
    """The intent to create one task, written before the call leaves."""


class CreateConfirmed(_OfTask, frozen=True, tag="create.created"):
    """The service has the task. `phase` is `sent` for an immediate push."""

    task_id: str
    request_id: str
    at: Instant
    phase: Phase = Phase.SCHEDULED


class CreateFailed(_OfTask, frozen=True, tag="create.failed"):
    """The service certainly does not have the task."""

    reason: str


class CreateDoubted(_OfTask, frozen=True, tag="create.unknown"):
    """The call was made and its outcome is unknown."""

    reason: str


class CancelBegan(_OfTask, frozen=True, tag="cancel.intent"):
    """The intent to cancel one task, written before the call leaves."""


class CancelConfirmed(_OfTask, frozen=True, tag="cancel.cancelled"):
    """The service's list holds nothing of the task that is still to come."""

    at: Instant


class CancelFailed(_OfTask, frozen=True, tag="cancel.failed"):
    """The task is still scheduled."""

    reason: str


class TaskObserved(_OfTask, frozen=True, tag="task.observed"):
    """Looking at the service showed that a task has moved on by itself."""

    phase: Phase
    at: Instant


class TaskAdopted(_NewTask, frozen=True, tag="task.adopted"):
    """A task that pushctl did not make is taken over; a new record if the entry has none."""


class PushRenamed(Struct, frozen=True, tag="push.renamed"):
    """The entry `before` is now called `id`; nothing else changes."""

    id: str
    before: str


class PushForgotten(Struct, frozen=True, tag="push.forgotten"):
    """The entry is no longer managed. Its tasks, if any are left, run out by themselves."""

    id: str


class PushNoted(Struct, frozen=True, tag="push.noted"):
    """What people keep beside an entry has changed, or how the manifest says what it does.

    `restated` is the new fingerprint where the tasks as they are do what the manifest says now.
    """

    id: str
    spec: Mapping[str, Any]
    meta: Meta
    restated: str | None = None


ABSENT = "-"
"""In the place of a fingerprint: the manifest had no such entry."""


class PushStopped(Struct, frozen=True, tag="push.stopped"):
    """Somebody wants the entry silent, at once and until further notice.

    `wanted` is the fingerprint that the manifest asked for at that time (`ABSENT` if it had no such
    entry); None if nobody has read it yet.
    """

    id: str
    at: Instant
    wanted: str | None = None


class PushResumed(Struct, frozen=True, tag="push.resumed"):
    """The entry may run again."""

    id: str


class ServiceSettingsRecorded(Struct, frozen=True, tag="site.noted"):
    """Where the tasks of this state are, from now on."""

    settings: ServiceSettings


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
    | ServiceSettingsRecorded
)


# --- the fold -------------------------------------------------------------------------------------


class Patch(Struct, frozen=True):
    """What one event changes: records to put (None to drop), generations to retire, settings."""

    pushes: Mapping[str, PushRecord | None]
    retired: Mapping[str, int] = field(default_factory=dict)
    settings: ServiceSettings | None = None


class Fold:
    """A state that events are applied to one after another, in constant time each."""

    def __init__(self, state: State) -> None:
        """Begin with a state, which stays as it is."""
        self._base = state
        self.pushes = dict(state.pushes)
        self.in_doubt = {id: push for id, push in state.pushes.items() if push.in_doubt}
        self._retired = dict(state.retired)
        self._settings = state.settings

    @property
    def state(self) -> State:
        """The state after everything applied so far, with the serial that it began with."""
        return replace(
            self._base,
            pushes=dict(self.pushes),
            retired=dict(self._retired),
            settings=self._settings,
        )

    def apply(self, change: Patch) -> None:
        """Apply what `patch` said of an event."""
        for id, record in change.pushes.items():
            if record is None:
                self.pushes.pop(id, None)
            else:
                self.pushes[id] = record
            if record is not None and record.in_doubt:
                self.in_doubt[id] = record
            else:
                self.in_doubt.pop(id, None)
        for id, generation in change.retired.items():
            # A lower generation than the highest would bring message keys back.
            self._retired[id] = max(generation, self._retired.get(id, 0))
        self._settings = change.settings or self._settings
        if change.settings is not None and change.settings.hashed:
            # Nobody is named any more, not even by what was recorded before.
            self.pushes = dict(with_labels(self.state, hashed=True).pushes)
            self.in_doubt = {id: self.pushes[id] for id in self.in_doubt}


def advance(state: State, *events: Event) -> State:
    """Return the state after some events; the serial stays, since it counts snapshots.

    Raises KeyError if an event speaks of an entry or a task that the state does not have.
    """
    fold = Fold(state)
    for event in events:
        fold.apply(patch(fold.pushes, event))
    return fold.state


def patch(pushes: Mapping[str, PushRecord], event: Event) -> Patch:
    """Say which records an event changes, in constant time however large the state is."""
    match event:
        case CreateBegan() | TaskAdopted():
            return Patch({event.id: _with_task(pushes.get(event.id), event)})
        case CreateConfirmed():
            return _task(
                pushes,
                event,
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
            return _task(pushes, event, doubt=event.reason)
        case CancelBegan():
            return _task(pushes, event, phase=Phase.CANCELLING)
        case CancelConfirmed():
            return _task(pushes, event, phase=Phase.CANCELLED, over_at=event.at)
        case CancelFailed():
            return _task(pushes, event, phase=Phase.SCHEDULED, over_at=None, doubt=None)
        case TaskObserved():
            over_at = None if event.phase in LIVE else event.at
            return _task(pushes, event, phase=event.phase, over_at=over_at)
        case ServiceSettingsRecorded():
            return Patch({}, settings=event.settings)
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
            said = event.restated or record.fingerprint
            noted = replace(record, spec=event.spec, meta=event.meta, fingerprint=said)
            return Patch({event.id: noted})
        case PushStopped():
            stopped = replace(pushes[event.id], stopped_at=event.at, stopped_as=event.wanted)
            return Patch({event.id: stopped})
        case PushResumed():
            resumed = replace(pushes[event.id], stopped_at=None, stopped_as=None)
            return Patch({event.id: resumed})


def _with_task(record: PushRecord | None, event: _NewTask) -> PushRecord:
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


def _task(pushes: Mapping[str, PushRecord], event: _OfTask, **changes: Any) -> Patch:
    record = pushes[event.id]
    changed = replace(record.task(event.slot), **changes)  # raises KeyError if there is none
    tasks = tuple(changed if task.slot == event.slot else task for task in record.tasks)
    return Patch({event.id: replace(record, tasks=tasks)})
