"""One call of the service and what it created: as it is to be made, and as it is listed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from msgspec import Struct

from pushctl.schedule.service_schedule import Immediate, Loop, OneShot, Schedule
from pushctl.text.regex import regex

TASK_ID = regex(r"[0-9A-Za-z_][0-9A-Za-z_.:\-]{0,127}")
"""What can be the id of a task.

It is sent back in a comma-separated list, so one that could be read as two is no id; and people
paste it into commands, so one that could be read as an option is none either.
"""


MAX_TARGETS = 10
"""Targets that one PushSimple call takes; the vendor's page, note under `targetMsgkey`."""


class Slot(NamedTuple):
    """The address of a task within its entry; never used twice."""

    chunk: int
    segment: int
    generation: int


class NewTask(Struct, frozen=True):
    """A task to create: its address, who it is for, and the schedule as the service gets it.

    `message_keys` maps each target in clear to its message key; `labels` maps it to the name it
    has in the state (the same, or a salted digest). `covers` is how far its entry is scheduled
    when all of its new tasks are made. Instants are epoch seconds.
    """

    slot: Slot
    message_keys: Mapping[str, str]
    labels: Mapping[str, str]
    schedule: Schedule
    first: int | None
    last: int | None
    deliveries: int
    covers: int | None = None


class Delivery(Struct, frozen=True):
    """One moment of an actual task; `at` in epoch seconds.

    `executed` is None where the service shows a `status` that nobody documented.
    """

    at: int
    executed: bool | None
    status: str = ""


class ActualTask(Struct, frozen=True):
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
        """The deliveries that are not known to have happened."""
        return tuple(item for item in self.deliveries if not item.executed)

    def coming(self, now: float) -> tuple[Delivery, ...]:
        """Return the deliveries still to come at `now` (epoch seconds).

        Of a status that nobody documented only the time tells.
        """
        return tuple(item for item in self.unexecuted if item.executed is not None or item.at > now)


def strategy_type(schedule: Schedule) -> int:
    """Return PushSimple's `StrategyType` for a schedule."""
    match schedule:
        case Immediate():
            return 0
        case OneShot():
            return 1
        case Loop():
            return 2
