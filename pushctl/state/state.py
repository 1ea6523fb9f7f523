"""The recorded state: which tasks exist as far as is known. What changes it is in `events`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from pushctl.push.push import Meta, Push
from pushctl.push.task import Slot
from pushctl.schedule.recurrence import Recurrence, instants
from pushctl.schedule.service_schedule import Immediate, Schedule, deliveries

Instant = int
"""Epoch seconds, from 1970 to 2199: `decoding.instant_of` reads nothing else."""


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


class Match(Struct, frozen=True):
    """All that the service's list can tell about a task, kept while its creation is in doubt.

    `known` holds the ids of look-alikes that were listed before the call, which it therefore
    cannot have made.
    """

    title: str
    content: str
    delivery_type: int
    known: tuple[str, ...] = ()


class TaskRecord(Struct, frozen=True):
    """One task: what was asked for, and what is known to have become of it.

    `targets` maps each target (or its salted digest) to its message key. `schedule` is what the
    service was told. `first` and `last` are its delivery instants, `began_at` the moment of the
    intent, `created_at` of the confirmation, `over_at` of the end (cancelled, or seen to be over);
    `covers` is until when its recurrence was to be scheduled by it and the tasks made with it; all
    in epoch seconds.
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
    covers: int | None = None

    @property
    def slot(self) -> Slot:
        """The task's address within its entry."""
        return Slot(self.chunk, self.segment, self.generation)

    @property
    def live(self) -> bool:
        """Whether the service may still deliver this task."""
        return self.phase in LIVE

    @property
    def age(self) -> tuple[int, int]:
        """What orders the tasks of an entry by when they were made: the newer one is greater."""
        return self.generation, self.segment


class PushRecord(Struct, frozen=True):
    """What is recorded of one entry; `fingerprint` and `spec` are of its newest generation.

    `stopped_at` (epoch seconds) is when somebody ran `pushctl stop`; None while it may run.
    `stopped_as` is the fingerprint of what the manifest wanted then, perhaps an edit that was not
    applied yet; None while nobody could read it.
    """

    generation: int
    fingerprint: str
    spec: Mapping[str, Any]
    meta: Meta
    tasks: tuple[TaskRecord, ...] = ()
    stopped_at: int | None = None
    stopped_as: str | None = None

    @property
    def stopped(self) -> bool:
        """Whether the entry stays silent until it is resumed, or until its content changes."""
        return self.stopped_at is not None

    def silences(self, push: Push, zone: dt.tzinfo) -> bool:
        """Tell whether the entry was stopped and what it says now does not bring it back.

        Neither what was applied does, nor what was wanted when it was stopped: an edit that waited
        for its apply must not undo the stop. Nor does what changes around an entry that says
        the same as before: a holiday in a calendar that it skips, or how fingerprints are computed.
        Nor do other words for the moments at which it was stopped; `zone` is the service's.
        """
        known = self.stopped_as is None or push.fingerprint in (self.stopped_as, self.fingerprint)
        return self.stopped and (known or push.spec == self.spec or self._restated(push, zone))

    def _restated(self, push: Push, zone: dt.tzinfo) -> bool:
        since = self.stopped_at or 0
        tasks = [task for task in self.tasks if task.live or (task.over_at or 0) >= since]
        times = {at for task in tasks for at in deliveries(task.schedule, zone) if at > since}
        same = all(task.fingerprint == push.content for task in tasks)
        if not (times and same and isinstance(push.schedule, Recurrence)):
            return False
        end = max(task.covers or task.last or 0 for task in tasks)
        return times == set(instants(push.schedule, min(times), end))

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


class ServiceSettings(Struct, frozen=True):
    """The service that a state is about, and how to look at it, as the last apply knew it.

    Enough to reach the tasks when the manifest is broken or gone. `endpoint` is what was called.
    `timezone` is the manifest's, for people; `service_timezone` the one of the service's days.
    `settle_time` is in seconds, None where nobody said. `hashed` tells that targets are digests.
    `gone_statuses` are values of `ExecutedStatus` that mean that a delivery will not happen.
    `time_zone_data` is the edition that times went by, None where nobody wrote it down.
    `manifest` is the root manifest's path below its folder, empty if an earlier version applied it.
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
    gone_statuses: tuple[str, ...] = ()
    time_zone_data: str | None = None
    manifest: str = ""

    def like(self, other: ServiceSettings | None) -> bool:
        """Tell whether another one says the same, whatever edition it went by."""
        return other is not None and self == replace(other, time_zone_data=self.time_zone_data)


class State(Struct, frozen=True):
    """A snapshot of one app's workspace.

    `lineage` names this history and never changes; `serial` counts its snapshots. `retired` keeps
    the last generation of ids that left, so that no message key is ever used again. `settings` is
    where the tasks are; None until something was applied.
    """

    lineage: str
    app: str
    workspace: str
    serial: int = 0
    pushes: Mapping[str, PushRecord] = field(default_factory=dict)
    retired: Mapping[str, int] = field(default_factory=dict)
    settings: ServiceSettings | None = None

    def next_generation(self, id: str) -> int:
        """Return the first generation that no task of an entry, past or present, ever had."""
        record = self.pushes.get(id)
        return max(record.generation if record else 0, self.retired.get(id, 0)) + 1

    def task_ids(self) -> frozenset[str]:
        """The service's ids of every recorded task."""
        return frozenset(
            task.task_id for record in self.pushes.values() for task in record.tasks if task.task_id
        )


def recent(task: TaskRecord, now: int) -> bool:
    """Tell whether a finished task must still be remembered at `now` (epoch seconds).

    What went out at once always: nothing else tells that its entry must not be sent again.
    """
    if task.over_at is None or isinstance(task.schedule, Immediate):
        return True
    return task.over_at > now - KEEP_FINISHED
