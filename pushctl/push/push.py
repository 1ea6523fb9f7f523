"""One entry of the manifest, compiled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import cached_property
from typing import Any

from msgspec import Struct, field

from pushctl.push.identity import canonical_json, sha256
from pushctl.push.message import Audience, LiveActivity, Message, Sms, VendorOptions
from pushctl.schedule.recurrence import Declared, Recurrence, as_data
from pushctl.schedule.service_schedule import Immediate, Loop, OneShot, Schedule

Parameter = str | int
"""A parameter as the service takes it; maps are texts in JSON."""


class OnChange(StrEnum):
    """What an edit of a scheduled push may do."""

    REPLACE = "replace"
    FORBID = "forbid"


class OnRemove(StrEnum):
    """What happens to the tasks of an entry that leaves the manifest."""

    CANCEL = "cancel"
    FORGET = "forget"
    FORBID = "forbid"


class Source(Struct, frozen=True):
    """Where an entry stands in the manifest; `file` is relative to its root, `line` from 1."""

    file: str
    line: int


class Meta(Struct, frozen=True):
    """What people keep beside a push; changing it never calls the service."""

    owner: str | None = None
    description: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    protect: bool = False
    on_remove: OnRemove = OnRemove.CANCEL


class Push(Struct, frozen=True, dict=True):
    """One entry of the manifest, compiled.

    `name` is what the console calls its tasks. `expires_after` is in seconds: how long the service
    tries to deliver. `raw` are parameters of the service that no field of the manifest is for.
    `spec` is the entry as people read it, for field-by-field diffs. `zone` is the one that a
    one-time push is meant in, if it is not the manifest's. `encode` returns the canonical JSON of
    the parameters that all its tasks share (`mpaas.encode.encoded`).
    """

    id: str
    message: Message
    audience: Audience
    schedule: Declared
    spec: Mapping[str, Any]
    source: Source
    encode: Callable[[Push], str]
    name: str = ""
    expires_after: int = 0
    via: str | None = None
    vendors: VendorOptions = field(default_factory=VendorOptions)
    sms: Sms | None = None
    live_activity: LiveActivity | None = None
    raw: Mapping[str, Parameter] = field(default_factory=dict)
    meta: Meta = field(default_factory=Meta)
    enabled: bool = True
    on_change: OnChange = OnChange.REPLACE
    zone: dt.tzinfo | None = None

    @property
    def targets(self) -> tuple[str, ...]:
        """Who gets it, in the order of the manifest."""
        return self.audience.targets

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of all that was declared and reaches a phone, except who gets it."""
        return self._digest(schedule_facts(self.schedule))

    @cached_property
    def content(self) -> str:
        """SHA-256 (hex) of what each of its tasks has in common.

        The same as the fingerprint, but of a recurrence without its days and times: those are
        compared instant by instant, so that a task which still says something true may stay.
        """
        if isinstance(self.schedule, Recurrence):
            return self._digest({"type": "recurring"})
        return self.fingerprint

    def _digest(self, schedule: Mapping[str, Any]) -> str:
        # The canonical JSON of {"parameters": ..., "schedule": ...}.
        parameters = self.encode(self)
        return sha256(f'{{"parameters":{parameters},"schedule":{canonical_json(schedule)}}}')


def schedule_facts(schedule: Schedule | Declared) -> dict[str, Any]:
    """Return a schedule as plain data, the form that is hashed and stored."""
    match schedule:
        case Immediate(again=again):
            return {"type": "now"} if again is None else {"type": "now", "again": again}
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
            return as_data(schedule)
