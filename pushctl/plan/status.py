"""How each entry stands, and what somebody should look at now. Pure.

Instants are epoch seconds; `zone` is the service's.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from pushctl.plan.change import Blocked, BlockReason
from pushctl.plan.coverage import SOON, Coverage
from pushctl.plan.guards.quota import Waiting
from pushctl.plan.plan import Plan
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
    for phase in (Phase.SCHEDULED, Phase.SENT, Phase.ENDED, Phase.CANCELLED):
        if phase in phases:
            return Standing(phase)  # both have the same words for these
    return Standing.NOT_CREATED


def upcoming(tasks: Iterable[TaskRecord], *, now: int, zone: dt.tzinfo) -> tuple[int, ...]:
    """Return the instants at which any of some tasks still delivers, rising, each once."""
    schedules = {task.schedule for task in tasks}
    return tuple(sorted({at for schedule in schedules for at in remaining(schedule, now, zone)}))


class Need(StrEnum):
    """Why an entry should be looked at, the most pressing first."""

    IN_DOUBT = "in doubt"
    LAPSED = "lapsed"
    LAPSING = "lapsing"
    WAITING = "waiting"
    STOPPED = "stopped"
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing to look at.

    `at` (epoch seconds) is the first delivery that does not happen, where there is one; `count` is
    the number of deliveries that were missed, or of tasks that wait or are in doubt.
    """

    need: Need
    id: str
    at: int | None = None
    count: int = 0


def placed(
    rows: Iterable[Row],
    reach: Mapping[str, Coverage],
    waiting: Sequence[Waiting],
    *,
    now: int,
) -> tuple[Row, ...]:
    """Return the rows with what only the manifest knows: what lapses, and what waits for room."""
    held = {item.id for item in waiting}
    found = [
        replace(row, standing=_standing(row, reach.get(row.id), now, waits=row.id in held))
        for row in rows
    ]
    new = held - {row.id for row in found}
    found += [
        Row(item.id, Standing.WAITING, None, None, 0, 0, 0, 0) for item in waiting if item.id in new
    ]
    return tuple(found)


def _standing(row: Row, item: Coverage | None, now: int, *, waits: bool) -> Standing:
    if waits and not row.tasks:
        return Standing.WAITING
    if item is not None and item.missed:
        return Standing.LAPSED
    if item is not None and row.standing is Standing.SCHEDULED and _ends_soon(item, now):
        return Standing.LAPSING
    return row.standing


def _ends_soon(item: Coverage, now: int) -> bool:
    return item.missing is not None and item.missing <= now + SOON


def standings(rows: Iterable[Row]) -> dict[Standing, int]:
    """Count the rows by how they stand, in the order of `Standing`, those that there are."""
    counted = Counter(row.standing for row in rows)
    return {standing: counted[standing] for standing in Standing if counted[standing]}


def concerns(
    rows: Sequence[Row],
    reach: Mapping[str, Coverage],
    waiting: Sequence[Waiting],
    plan: Plan,
    *,
    now: int,
) -> tuple[Concern, ...]:
    """Return everything to look at, the most pressing first, each entry once."""
    order = list(Need)
    found: dict[str, Concern] = {}
    every = (*_of_rows(rows), *_of_reach(reach, waiting, now), *_of_plan(plan))
    for item in sorted(every, key=lambda item: order.index(item.need)):
        found.setdefault(item.id, item)
    return tuple(found.values())


def _of_rows(rows: Sequence[Row]) -> Iterator[Concern]:
    needs = {Standing.IN_DOUBT: Need.IN_DOUBT, Standing.STOPPED: Need.STOPPED}
    for row in rows:
        if row.standing in needs:
            yield Concern(needs[row.standing], row.id, row.next_delivery, row.tasks)


def _of_reach(
    reach: Mapping[str, Coverage], waiting: Sequence[Waiting], now: int
) -> Iterator[Concern]:
    for wait in waiting:
        yield Concern(Need.WAITING, wait.id, wait.first, wait.tasks)
    full = {wait.id for wait in waiting}
    for item in reach.values():
        if item.missed:
            yield Concern(Need.LAPSED, item.id, item.missed[0], len(item.missed))
        elif _ends_soon(item, now) and item.id not in full:
            yield Concern(Need.LAPSING, item.id, item.missing)


def _of_plan(plan: Plan) -> Iterator[Concern]:
    """Name what the manifest wants otherwise; what is in doubt has been named already."""
    for change in plan.effective:
        doubtful = isinstance(change, Blocked) and change.cause is BlockReason.IN_DOUBT
        if not doubtful:
            yield Concern(Need.DIFFERS, change.id)
