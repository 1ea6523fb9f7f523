"""What somebody should look at now: of what is recorded, and of what is not. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from pushctl.plan.change import Blocked, BlockReason
from pushctl.plan.coverage import SOON, Coverage
from pushctl.plan.guards.quota import Waiting
from pushctl.plan.plan import Plan
from pushctl.plan.status import Row, Standing


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
    found = [_placed(row, reach.get(row.id), now) for row in rows]
    known = {row.id for row in found}
    held = {row.id for row in found if row.tasks}
    found = [
        replace(row, standing=Standing.WAITING)
        if row.id not in held and any(item.id == row.id for item in waiting)
        else row
        for row in found
    ]
    for item in waiting:
        if item.id not in known:
            found.append(Row(item.id, Standing.WAITING, None, None, 0, 0, 0, 0))
    return tuple(found)


def _placed(row: Row, item: Coverage | None, now: int) -> Row:
    if item is None:
        return row
    if item.missed:
        return replace(row, standing=Standing.LAPSED)
    if row.standing is Standing.SCHEDULED and _ends_soon(item, now):
        return replace(row, standing=Standing.LAPSING)
    return row


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
