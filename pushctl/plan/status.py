"""What stands where: one row per entry, from the state and the manifest. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pushctl.schedule.service_schedule import remaining
from pushctl.state.state import Phase, PushRecord, State, TaskRecord


class Standing(StrEnum):
    """How an entry stands as a whole."""

    IN_DOUBT = "in doubt"
    SCHEDULED = "scheduled"
    LAPSING = "lapsing"
    WAITING = "waiting"
    SENT = "sent"
    ENDED = "ended"
    LAPSED = "lapsed"
    STOPPED = "stopped"
    CANCELLED = "cancelled"
    NOT_CREATED = "not created"


@dataclass(frozen=True, slots=True)
class Row:
    """One entry. Instants in epoch seconds; `deliveries` counts those still to come."""

    id: str
    standing: Standing
    next_delivery: int | None
    last_delivery: int | None
    deliveries: int
    targets: int
    tasks: int
    generation: int


def rows(state: State, *, now: int, zone: dt.tzinfo) -> tuple[Row, ...]:
    """Return one row per recorded entry, the next to deliver first."""
    found = [row(id, record, now=now, zone=zone) for id, record in state.pushes.items()]
    never = float("inf")
    return tuple(sorted(found, key=lambda item: (item.next_delivery or never, item.id)))


def row(id: str, record: PushRecord, *, now: int, zone: dt.tzinfo) -> Row:
    """Return the row of one entry."""
    coming = upcoming(record.live, now=now, zone=zone)
    shown = record.live or record.tasks
    return Row(
        id=id,
        standing=standing(record),
        next_delivery=coming[0] if coming else None,
        last_delivery=max((task.last for task in shown if task.last is not None), default=None),
        deliveries=len(coming),
        targets=len({label for task in shown for label in task.targets}),
        tasks=len(record.live),
        generation=record.generation,
    )


def standing(record: PushRecord) -> Standing:
    """Sum up the phases of an entry's tasks, the most pressing first."""
    phases = {task.phase for task in record.tasks}
    if record.in_doubt:
        return Standing.IN_DOUBT
    if record.stopped:
        return Standing.STOPPED
    for phase, result in (
        (Phase.SCHEDULED, Standing.SCHEDULED),
        (Phase.SENT, Standing.SENT),
        (Phase.ENDED, Standing.ENDED),
        (Phase.CANCELLED, Standing.CANCELLED),
    ):
        if phase in phases:
            return result
    return Standing.NOT_CREATED


def upcoming(
    tasks: Sequence[TaskRecord] | Iterable[TaskRecord], *, now: int, zone: dt.tzinfo
) -> tuple[int, ...]:
    """Return the instants at which any of some tasks still delivers, rising, each once."""
    moments: set[int] = set()
    for schedule in dict.fromkeys(task.schedule for task in tasks):
        moments.update(remaining(schedule, now, zone))
    return tuple(sorted(moments))
