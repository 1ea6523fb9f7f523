"""How each entry stands, and what somebody should look at now. Pure.

Instants are epoch seconds; `zone` is the service's.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from pushctl.plan.change import Blocked, BlockReason
from pushctl.plan.coverage import SOON, Coverage
from pushctl.plan.guards.quota import Waiting
from pushctl.plan.plan import Plan
from pushctl.schedule.service_schedule import remaining
from pushctl.state.state import Phase, PushRecord, State, TaskRecord


class Status(StrEnum):
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


class StatusRow(Struct, frozen=True):
    """One entry. Instants in epoch seconds; `deliveries` counts those still to come."""

    id: str
    standing: Status
    next_delivery: int | None
    last_delivery: int | None
    deliveries: int
    targets: int
    tasks: int
    generation: int


def rows(state: State, *, now: int, zone: dt.tzinfo) -> tuple[StatusRow, ...]:
    """Return one row per recorded entry, the next to deliver first."""
    found = [row(id, record, now=now, zone=zone) for id, record in state.pushes.items()]
    never = float("inf")
    return tuple(sorted(found, key=lambda item: (item.next_delivery or never, item.id)))


def row(id: str, record: PushRecord, *, now: int, zone: dt.tzinfo) -> StatusRow:
    """Return the row of one entry."""
    coming = upcoming(record.live, now=now, zone=zone)
    shown = record.live or record.tasks
    return StatusRow(
        id=id,
        standing=status_of(record),
        next_delivery=coming[0] if coming else None,
        last_delivery=max((task.last for task in shown if task.last is not None), default=None),
        deliveries=len(coming),
        targets=len({label for task in shown for label in task.targets}),
        tasks=len(record.live),
        generation=record.generation,
    )


def status_of(record: PushRecord) -> Status:
    """Sum up the phases of an entry's tasks, the most pressing first."""
    phases = {task.phase for task in record.tasks}
    if record.in_doubt:
        return Status.IN_DOUBT
    if record.stopped:
        return Status.STOPPED
    for phase in (Phase.SCHEDULED, Phase.SENT, Phase.ENDED, Phase.CANCELLED):
        if phase in phases:
            return Status(phase)  # both have the same words for these
    return Status.NOT_CREATED


def upcoming(tasks: Iterable[TaskRecord], *, now: int, zone: dt.tzinfo) -> tuple[int, ...]:
    """Return the instants at which any of some tasks still delivers, rising, each once."""
    schedules = {task.schedule for task in tasks}
    return tuple(sorted({at for schedule in schedules for at in remaining(schedule, now, zone)}))


class AttentionReason(StrEnum):
    """Why an entry should be looked at, the most pressing first."""

    IN_DOUBT = "in doubt"
    LAPSED = "lapsed"
    LAPSING = "lapsing"
    WAITING = "waiting"
    STOPPED = "stopped"
    DIFFERS = "differs"


class Attention(Struct, frozen=True):
    """One thing to look at.

    `at` (epoch seconds) is the first delivery that does not happen, where there is one; `count` is
    the number of deliveries that were missed, or of tasks that wait or are in doubt.
    """

    need: AttentionReason
    id: str
    at: int | None = None
    count: int = 0


def with_coverage(
    rows: Iterable[StatusRow],
    reach: Mapping[str, Coverage],
    waiting: Sequence[Waiting],
    *,
    now: int,
) -> tuple[StatusRow, ...]:
    """Return the rows with what only the manifest knows: what lapses, and what waits for room."""
    held = {item.id for item in waiting}
    found = [
        replace(row, standing=_standing(row, reach.get(row.id), now, waits=row.id in held))
        for row in rows
    ]
    new = held - {row.id for row in found}
    found += [
        StatusRow(item.id, Status.WAITING, None, None, 0, 0, 0, 0)
        for item in waiting
        if item.id in new
    ]
    return tuple(found)


def _standing(row: StatusRow, item: Coverage | None, now: int, *, waits: bool) -> Status:
    if waits and not row.tasks:
        return Status.WAITING
    if item is not None and item.missed:
        return Status.LAPSED
    if item is not None and row.standing is Status.SCHEDULED and _ends_soon(item, now):
        return Status.LAPSING
    return row.standing


def _ends_soon(item: Coverage, now: int) -> bool:
    return item.missing is not None and item.missing <= now + SOON


def count_statuses(rows: Iterable[StatusRow]) -> dict[Status, int]:
    """Count the rows by how they stand, in the order of `Status`, those that there are."""
    counted = Counter(row.standing for row in rows)
    return {standing: counted[standing] for standing in Status if counted[standing]}


def needs_attention(
    rows: Sequence[StatusRow],
    reach: Mapping[str, Coverage],
    waiting: Sequence[Waiting],
    plan: Plan,
    *,
    now: int,
) -> tuple[Attention, ...]:
    """Return everything to look at, the most pressing first, each entry once."""
    order = list(AttentionReason)
    found: dict[str, Attention] = {}
    every = (*_of_rows(rows), *_of_reach(reach, waiting, now), *_of_plan(plan))
    for item in sorted(every, key=lambda item: order.index(item.need)):
        found.setdefault(item.id, item)
    return tuple(found.values())


def _of_rows(rows: Sequence[StatusRow]) -> Iterator[Attention]:
    needs = {Status.IN_DOUBT: AttentionReason.IN_DOUBT, Status.STOPPED: AttentionReason.STOPPED}
    for row in rows:
        if row.standing in needs:
            yield Attention(needs[row.standing], row.id, row.next_delivery, row.tasks)


def _of_reach(
    reach: Mapping[str, Coverage], waiting: Sequence[Waiting], now: int
) -> Iterator[Attention]:
    for wait in waiting:
        yield Attention(AttentionReason.WAITING, wait.id, wait.first, wait.tasks)
    full = {wait.id for wait in waiting}
    for item in reach.values():
        if item.missed:
            yield Attention(AttentionReason.LAPSED, item.id, item.missed[0], len(item.missed))
        elif _ends_soon(item, now) and item.id not in full:
            yield Attention(AttentionReason.LAPSING, item.id, item.missing)


def _of_plan(plan: Plan) -> Iterator[Attention]:
    """Name what the manifest wants otherwise; what is in doubt has been named already."""
    for change in plan.effective:
        doubtful = isinstance(change, Blocked) and change.cause is BlockReason.IN_DOUBT
        if not doubtful:
            yield Attention(AttentionReason.DIFFERS, change.id)
