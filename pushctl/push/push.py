"""What is wanted and what exists: desired pushes, and tasks as the service lists them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from pushctl.push.identity import digest
from pushctl.schedule.recurrence import Declared, Recurrence, facts
from pushctl.schedule.service_schedule import Immediate, Loop, OneShot, Schedule

DELIVERY_TYPES = {
    "android": 1,
    "ios": 2,
    "users": 3,
    "activity_tokens": 5,
    "activity_ids": 6,
    "harmony": 7,
}
"""PushSimple's `DeliveryType` of each kind of target, by its name in a manifest."""

Parameter = str | int


class OnChange(StrEnum):
    """What an edit of a scheduled push may do."""

    REPLACE = "replace"
    FORBID = "forbid"


class OnRemove(StrEnum):
    """What happens to the tasks of an entry that leaves the manifest."""

    CANCEL = "cancel"
    FORGET = "forget"
    FORBID = "forbid"


@dataclass(frozen=True, slots=True)
class Source:
    """Where an entry stands in the manifest; `file` is relative to its root, `line` from 1."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Meta:
    """What people keep beside a push; changing it never calls the service."""

    owner: str | None = None
    description: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    protect: bool = False
    on_remove: OnRemove = OnRemove.CANCEL


@dataclass(frozen=True, slots=True)
class DesiredPush:
    """One entry of the manifest, compiled.

    `parameters` are PushSimple's, under their wire names, except those that belong to the single
    task (TargetMsgkey, StrategyType, StrategyContent) and to the app (AppId, WorkspaceId,
    TenantId). `spec` is the same entry as people read it, for field-by-field diffs. `zone` is the
    one that a one-time push is meant in, if it is not the manifest's.
    """

    id: str
    parameters: Mapping[str, Parameter]
    schedule: Declared
    targets: tuple[str, ...]
    spec: Mapping[str, Any]
    source: Source
    meta: Meta = field(default_factory=Meta)
    enabled: bool = True
    on_change: OnChange = OnChange.REPLACE
    zone: dt.tzinfo | None = None

    @property
    def fingerprint(self) -> str:
        """Digest of all that was declared and reaches a phone, except who gets it."""
        return self._digest(schedule_facts(self.schedule))

    @property
    def content(self) -> str:
        """Digest of what each of its tasks has in common.

        The same as the fingerprint, but of a recurrence without its days and times: those are
        compared moment by moment, so that a task which still says something true may stay.
        """
        if isinstance(self.schedule, Recurrence):
            return self._digest({"type": "recurring"})
        return self.fingerprint

    def _digest(self, schedule: Mapping[str, Any]) -> str:
        """Leave out the console's name of it if that is only the id: a rename touches no task."""
        parameters = {
            name: value
            for name, value in self.parameters.items()
            if name != "TaskName" or value != self.id
        }
        return digest({"parameters": parameters, "schedule": schedule})


def schedule_facts(schedule: Schedule | Declared) -> dict[str, Any]:
    """Return a schedule as plain data, the form that is hashed and stored."""
    match schedule:
        case Immediate():
            return {"type": "now"}
        case OneShot(at=at):
            return {"type": "once", "at": at}
        case Loop():
            return {
                "type": "loop",
                "every": int(schedule.every),
                "on": list(schedule.on),
                "time": schedule.time.isoformat(),
                "first": schedule.first.isoformat(),
                "last": schedule.last.isoformat(),
            }
        case Recurrence():
            return facts(schedule)
