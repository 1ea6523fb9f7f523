"""Tasks that the service lists, belong to no entry, and look like one of ours. Pure.

Instants are epoch seconds; `zone` is the service's.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from shlex import quote

from pushctl.diagnostics import Diagnostic
from pushctl.plan.change import Blocked, BlockReason, Cancel, Change, NoOp, creates_of, push_of
from pushctl.plan.guards.rules import diagnostic
from pushctl.plan.intent import intent
from pushctl.plan.reconcile.in_doubt import is_confusable
from pushctl.plan.reconcile.refresh import Refreshed
from pushctl.push.push import Push
from pushctl.push.task import MAX_TARGETS, ActualTask, NewTask
from pushctl.schedule.service_schedule import deliveries, remaining
from pushctl.state.state import State, TaskRecord
from pushctl.text.plural import some

NEAR = 3600
"""Seconds between two deliveries up to which people take them for the same one twice."""


def similar_tasks(
    changes: Sequence[Change],
    state: State,
    unmanaged: Sequence[ActualTask],
    *,
    now: int,
    zone: dt.tzinfo,
) -> Iterator[Diagnostic]:
    """Warn of tasks with the title of an entry, and near one of its deliveries.

    `now` is in epoch seconds, `zone` the service's.
    """
    titled = _by_title(unmanaged)
    if not titled:
        return
    for change in changes:
        push = push_of(change)
        if push is None or isinstance(change, Cancel):
            continue
        rows = titled.get(_plain(push.message.title), ())
        moments = _moments(change, state, now, zone) if rows else ()
        found = [row for row in rows if _near(row, push, moments)]
        if found:
            yield _finding(push.id, found)


def _by_title(rows: Sequence[ActualTask]) -> Mapping[str, Sequence[ActualTask]]:
    found: dict[str, list[ActualTask]] = defaultdict(list)
    for row in rows:
        found[_plain(row.title)].append(row)
    return found


def _plain(title: str) -> str:
    return " ".join(title.split()).casefold()


def _moments(change: Change, state: State, now: int, zone: dt.tzinfo) -> tuple[int, ...]:
    """Return when an entry is delivered by what is there and by what the change creates."""
    record = state.pushes.get(change.id)
    live = record.live if record else ()
    there = {at for task in live for at in remaining(task.schedule, now, zone)}
    made = {at for task in creates_of(change) for at in deliveries(task.schedule, zone)}
    return tuple(there | made)


def _near(row: ActualTask, push: Push, moments: Sequence[int]) -> bool:
    same = (row.content, row.delivery_type) == (push.message.body, push.audience.kind)
    apart = {abs(item.at - at) for item in row.unexecuted for at in moments}
    return any(seconds <= NEAR for seconds in apart) and not (same and 0 in apart)


def _finding(id: str, rows: Sequence[ActualTask]) -> Diagnostic:
    detail = (
        f"Within an hour of {id} the service delivers what nobody declared here, under the same "
        f"title: {some([row.task_id for row in rows])}. Somebody may get both."
    )
    fix = "cancel it in the console unless it is for other people"
    return diagnostic("PSH603", detail, fix=fix, push=id)


UnmanagedTasks = Mapping[tuple[str, str, int], Sequence[ActualTask]]


def _unmanaged_by_look(refreshed: Refreshed) -> UnmanagedTasks:
    """Sort the tasks that belong to no entry by what people would see of them."""
    found: dict[tuple[str, str, int], list[ActualTask]] = {}
    for row in refreshed.unmanaged:
        found.setdefault((row.title, row.content, row.delivery_type), []).append(row)
    return found


def _twins(
    push: Push, tasks: Iterable[TaskRecord | NewTask], unmanaged: UnmanagedTasks, zone: dt.tzinfo
) -> list[str]:
    """Return the unmanaged tasks that look like a push and deliver when one of its tasks does."""
    alike = unmanaged.get((push.message.title, push.message.body, push.audience.kind))
    if alike is None:
        return []
    times = {at for task in tasks for at in deliveries(task.schedule, zone)}
    return [row.task_id for row in alike if any(item.at in times for item in row.unexecuted)]


def duplicates(
    changes: tuple[Change, ...], refreshed: Refreshed, zone: dt.tzinfo
) -> Iterator[Diagnostic]:
    """Warn of tasks that belong to no entry and deliver what an untouched entry delivers too."""
    unmanaged = _unmanaged_by_look(refreshed)
    for change in changes:
        if not isinstance(change, NoOp) or change.push is None or not unmanaged:
            continue
        record = refreshed.state.pushes.get(change.id)
        twins = _twins(change.push, record.live if record else (), unmanaged, zone)
        if twins:
            detail = (
                f"{change.id} is scheduled, and so is a task that belongs to no entry and looks "
                f"just like it: {', '.join(twins[:3])}."
            )
            fix = "cancel that task in the console unless it is for other people"
            yield diagnostic("PSH607", detail, fix=fix, push=change.id)


def block_duplicates(
    changes: tuple[Change, ...], refreshed: Refreshed, zone: dt.tzinfo
) -> tuple[Change, ...]:
    """Refuse to create what somebody else's scheduled tasks would deliver as well.

    They are what a removed entry left to run out, what a lost state knew of, or made by hand.
    """
    unmanaged = _unmanaged_by_look(refreshed)

    def checked(change: Change) -> Change:
        push = push_of(change)
        if push is None or not creates_of(change):
            return change
        twins = _twins(push, creates_of(change), unmanaged, zone)
        return _blocked(push, twins, lost=not refreshed.state.pushes) if twins else change

    return tuple(checked(change) for change in changes)


def _blocked(push: Push, twins: Sequence[str], *, lost: bool) -> Blocked:
    single = len(twins) == 1 and len(push.targets) <= MAX_TARGETS
    adopt = f"take it over (pushctl adopt {quote(push.id)} {twins[0]}), " if single else ""
    reason = (
        f"on the service, {len(twins)} of the tasks that belong to no entry look just like it "
        f"({', '.join(twins[:3])}); created as well, it would be delivered twice"
    )
    adopt = f"if a state was lost: pushctl state rebuild; otherwise {adopt}" if lost else adopt
    fix = f"{adopt}cancel them in the console, or let them run out"
    return Blocked(push.id, push, BlockReason.ADOPTION, reason, fix)


def block_confusable(
    changes: tuple[Change, ...], state: State, now: int, zone: dt.tzinfo
) -> tuple[Change, ...]:
    """Hold back what the service's list could take for an entry in doubt, until that is settled."""
    doubtful = [(id, task) for id, record in state.pushes.items() for task in record.in_doubt]
    if not doubtful:
        return changes

    def checked(change: Change) -> Change:
        push = push_of(change)
        if push is None:
            return change
        drafts = [intent(push, new, now=now) for new in creates_of(change)]
        for other, task in doubtful:
            if any(is_confusable(task, draft, zone=zone) for draft in drafts):
                reason = f"it looks like {other}, of which the outcome of a call is unknown"
                fix = f"pushctl state resolve {quote(other)}"
                return Blocked(change.id, push, BlockReason.IN_DOUBT, reason, fix)
        return change

    return tuple(checked(change) for change in changes)
