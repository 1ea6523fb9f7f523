"""How many get an entry, before and after a change."""

from __future__ import annotations

from collections.abc import Iterable, Set

from msgspec import Struct

from pushctl.plan.change import Cancel, Change, Create, NoOp, Renew, Replace, cancels_of, creates_of
from pushctl.plan.guards.audience_change import AudienceChange
from pushctl.state.state import TaskRecord


class AudienceSize(Struct, frozen=True):
    """How many get the entry before and after, and how many of them come and go."""

    before: int = 0
    after: int = 0
    joined: int = 0
    left: int = 0


def audience_size(change: Change, reach: AudienceChange | None) -> AudienceSize:
    """Count who gets an entry, by what is scheduled and what will be."""
    match change:
        case Create():
            before, left = (reach.before, reach.left) if reach else (0, 0)
            after = len(targets_after(change))
            return AudienceSize(before, after, max(0, after - (before - left)), left)
        case Replace():
            was, becomes = targets_before(change), targets_after(change)
            return AudienceSize(len(was), len(becomes), len(becomes - was), len(was - becomes))
        case Renew():
            after = len(targets_after(change))
            return AudienceSize(after, after)
        case Cancel():
            before = len(targets_before(change))
            return AudienceSize(before, 0, 0, before)
        case _:
            count = len(change.push.targets) if isinstance(change, NoOp) and change.push else 0
            return AudienceSize(count, count)


def targets_before(change: Change) -> Set[str]:
    """Return whom the change's recorded tasks are for, by their names in the state."""
    return _targets((*cancels_of(change), *kept_by(change)))


def targets_after(change: Change) -> Set[str]:
    """Return who will be served after the change, by their names in the state."""
    created = {label for task in creates_of(change) for label in task.labels.values()}
    return created | _targets(kept_by(change))


def kept_by(change: Change) -> tuple[TaskRecord, ...]:
    """Return the tasks that a change leaves alone, as far as it knows them."""
    return change.keeps if isinstance(change, Replace | Renew) else ()


def _targets(tasks: Iterable[TaskRecord]) -> set[str]:
    return {label for task in tasks for label in task.targets}
