"""Too many tasks for the quota: the soonest are created, the others wait by name.

Nothing that is scheduled is given up for what waits: a cancel and a create are a risk for people
who were promised something. What an entry cancels itself, it may use again; beyond that, the room
is given to the tasks whose first delivery is the soonest. Every later apply comes to the same
question with more room, and tops up. Instants are epoch seconds; `zone` is the service's.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from pushctl.plan.change import Cancel, Change, Create, NoOp, Renew, Replace, cancels_of, creates_of
from pushctl.push.task import ActualTask, NewTask, Slot
from pushctl.schedule.service_schedule import remaining
from pushctl.state.state import State, TaskRecord


class Quota(Struct, frozen=True):
    """Unexecuted tasks against what the service allows: before, after, and at the worst moment."""

    limit: int
    now: int
    after: int
    peak: int


class Waiting(Struct, frozen=True):
    """Tasks of one entry that wait for room; `first` is the soonest delivery among them.

    `late` counts those for which no room comes free by itself before they are due.
    """

    id: str
    tasks: int
    first: int
    late: int = 0


class QuotaRoom(Struct, frozen=True):
    """How many tasks may be scheduled, and how many are.

    `weigh_deliveries` counts every delivery of a loop instead of the loop. `now` is in epoch
    seconds, `zone` the service's. `ends` is when each of the tasks that are scheduled is over.
    """

    limit: int
    used: int
    now: int
    zone: dt.tzinfo
    weigh_deliveries: bool = False
    ends: tuple[int, ...] = ()

    def of_new(self, task: NewTask) -> int:
        """Return how much room a new task needs."""
        return task.deliveries if self.weigh_deliveries else 1

    def of_old(self, task: TaskRecord) -> int:
        """Return how much room the cancel of a task makes."""
        return len(remaining(task.schedule, self.now, self.zone)) if self.weigh_deliveries else 1


def admit(
    changes: Sequence[Change], room: QuotaRoom
) -> tuple[tuple[Change, ...], tuple[Waiting, ...]]:
    """Leave out the creations that there is no room for, and say which those are."""
    freed = {
        change.id: sum(map(room.of_old, cancels_of(change)))
        for change in changes
        if creates_of(change)
    }
    cancels = [change for change in changes if isinstance(change, Cancel)]
    plain = sum(room.of_old(task) for change in cancels for task in change.cancels)
    left = room.limit - room.used + plain
    admitted: dict[str, set[Slot]] = defaultdict(set)
    postponed: list[tuple[str, NewTask]] = []
    for id, together in _soonest_first(changes, room):
        needed = sum(map(room.of_new, together))
        own = min(freed[id], needed)
        if needed - own > max(left, 0):
            postponed += [(id, task) for task in together]
            continue
        freed[id] -= own
        left -= needed - own
        admitted[id] |= {task.slot for task in together}
    if not postponed:
        return tuple(changes), ()
    waiting = {item.id: item for item in _waiting(postponed, changes, admitted, room)}
    trimmed = tuple(_trimmed(change, admitted, waiting.get(change.id)) for change in changes)
    return trimmed, tuple(waiting.values())


def _soonest_first(
    changes: Iterable[Change], room: QuotaRoom
) -> list[tuple[str, tuple[NewTask, ...]]]:
    """Return what is admitted together: each task alone, unless that could lose deliveries.

    A task that takes the place of another needs as much room, so a part of a replacement is no loss
    to anybody. Where deliveries are weighed that is not so, and all of it waits together.
    """
    found: list[tuple[str, tuple[NewTask, ...]]] = []
    for change in changes:
        creates = sorted(creates_of(change), key=lambda task: (task.first or 0, task.slot))
        if room.weigh_deliveries and cancels_of(change):
            found += [(change.id, tuple(creates))] if creates else []
        else:
            found += [(change.id, (task,)) for task in creates]
    return sorted(found, key=lambda item: (item[1][0].first or 0, item[0]))


def _waiting(
    postponed: Sequence[tuple[str, NewTask]],
    changes: Iterable[Change],
    admitted: Mapping[str, set[Slot]],
    room: QuotaRoom,
) -> Iterator[Waiting]:
    """Sum up what waits by entry, the soonest first."""
    made = [
        task
        for change in changes
        for task in creates_of(change)
        if task.slot in admitted[change.id]
    ]
    ends = sorted((*room.ends, *(task.last for task in made if task.last is not None)))
    found: dict[str, Waiting] = {}
    for place, (id, task) in enumerate(postponed):
        first = task.first or room.now
        late = place >= len(ends) or ends[place] >= first
        known = found.get(id, Waiting(id, 0, first))
        found[id] = replace(known, tasks=known.tasks + 1, late=known.late + late)
    yield from found.values()


def _trimmed(change: Change, admitted: Mapping[str, set[Slot]], waiting: Waiting | None) -> Change:
    if waiting is None or not isinstance(change, Create | Replace | Renew):
        return change
    creates = tuple(task for task in change.creates if task.slot in admitted[change.id])
    if creates:
        return replace(change, creates=creates)
    return NoOp(change.id, "waits for room in the quota", push=change.push, telling=True)


def quota_of(changes: Iterable[Change], room: QuotaRoom) -> Quota:
    """Count unexecuted tasks before, after and at the peak of an apply.

    Entries cancel before they create, and plain cancels go first, so whatever runs in parallel
    the peak is what remains after those plus what each entry adds on balance.
    """
    freed = added = growth = plain = 0
    for change in changes:
        created = sum(map(room.of_new, creates_of(change)))
        cancelled = sum(map(room.of_old, cancels_of(change)))
        added += created
        freed += cancelled
        if isinstance(change, Cancel):
            plain += cancelled
        else:
            growth += max(0, created - cancelled)
    after = max(0, room.used + added - freed)
    return Quota(room.limit, room.used, after, max(room.used, after, room.used - plain + growth))


def in_use(
    state: State,
    unmanaged: Sequence[ActualTask],
    *,
    weigh_deliveries: bool = False,
    zone: dt.tzinfo,
    now: int,
) -> int:
    """Count the unexecuted tasks: ours that are live, and those nobody here accounts for."""
    live = [task for record in state.pushes.values() for task in record.live]
    if not weigh_deliveries:
        return len(live) + len(unmanaged)
    ours = sum(len(remaining(task.schedule, now, zone)) for task in live)
    return ours + sum(len(task.unexecuted) for task in unmanaged)


def room_of(
    state: State,
    unmanaged: Sequence[ActualTask],
    changes: Iterable[Change],
    *,
    limit: int,
    now: int,
    zone: dt.tzinfo,
    weigh_deliveries: bool,
) -> QuotaRoom:
    """Count what is scheduled, and when it is over, leaving out what is about to be cancelled."""
    used = in_use(state, unmanaged, now=now, zone=zone, weigh_deliveries=weigh_deliveries)
    leaving = {task.task_id for change in changes for task in cancels_of(change)}
    ends = [
        task.last
        for record in state.pushes.values()
        for task in record.live
        if task.last is not None and task.task_id not in leaving
    ]
    ends += [max(item.at for item in row.unexecuted) for row in unmanaged]
    return QuotaRoom(limit, used, now, zone, weigh_deliveries, tuple(ends))
