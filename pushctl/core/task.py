"""What is wanted and what exists: desired pushes, and tasks as the service lists them."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from pushctl.core.recurrence import Declared, Recurrence, facts
from pushctl.core.schedule import Immediate, Loop, OneShot, Schedule

MAX_TARGETS = 10
"""Targets that one PushSimple call takes; the vendor's page, note under `targetMsgkey`."""

TASK_ID = re.compile(r"[0-9A-Za-z_][0-9A-Za-z_.:\-]{0,127}")
"""What can be the id of a task.

It is sent back in a comma-separated list, so one that could be read as two is no id; and people
paste it into commands, so one that could be read as an option is none either.
"""

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


@dataclass(frozen=True, slots=True)
class Delivery:
    """One moment of an actual task; `at` in epoch seconds."""

    at: int
    executed: bool


@dataclass(frozen=True, slots=True)
class ActualTask:
    """What the service tells about one task: no name, no targets, only this.

    `created_at` is in epoch seconds, 0 if the service did not say.
    """

    task_id: str
    title: str
    content: str
    delivery_type: int
    strategy_type: int
    created_at: int
    deliveries: tuple[Delivery, ...]

    @property
    def unexecuted(self) -> tuple[Delivery, ...]:
        """The deliveries that are still to come."""
        return tuple(item for item in self.deliveries if not item.executed)


def strategy_type(schedule: Schedule) -> int:
    """Return PushSimple's `StrategyType` for a schedule."""
    match schedule:
        case Immediate():
            return 0
        case OneShot():
            return 1
        case Loop():
            return 2


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


def digest(value: Any) -> str:
    """SHA-256 (hex) of a value's canonical JSON: sorted keys, no spaces, UTF-8."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def message_key(
    *, lineage: str, id: str, generation: int, chunk: int, segment: int, target: str
) -> str:
    """Derive the business id of one message to one target.

    The same for every attempt at the same intent, different for everything else: 130 bits of
    SHA-256 in lower-case base32, 26 characters.
    """
    parts = json.dumps([lineage, id, generation, chunk, segment, target], ensure_ascii=False)
    hashed = hashlib.sha256(parts.encode("utf-8", "surrogatepass")).digest()
    return base64.b32encode(hashed).decode("ascii").lower()[:26]


def hashed_label(salt: str) -> Callable[[str], str]:
    """Return the function that names a target by its salted digest, 128 bits in hex."""

    def label(target: str) -> str:
        return "h:" + digest([salt, target])[:32]

    return label
