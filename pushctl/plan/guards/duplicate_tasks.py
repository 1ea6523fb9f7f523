"""Tasks that belong to no entry, made by hand perhaps, and that people may take for one of ours.

What is equal to the letter is not looked at here: the planner creates nothing beside it. Pure.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from pushctl.diagnostics import Diagnostic, Severity
from pushctl.plan.change import Cancel, Change, creates_of, push_of
from pushctl.push.push import DesiredPush
from pushctl.push.task import ActualTask
from pushctl.schedule.service_schedule import deliveries, remaining
from pushctl.state.state import State

NEAR = 3600
"""Seconds between two deliveries up to which people take them for the same one twice."""


def lookalikes(
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


def _near(row: ActualTask, push: DesiredPush, moments: Sequence[int]) -> bool:
    same = (row.content, row.delivery_type) == (push.message.body, push.audience.kind)
    apart = {abs(item.at - at) for item in row.unexecuted for at in moments}
    return any(seconds <= NEAR for seconds in apart) and not (same and 0 in apart)


def _finding(id: str, rows: Sequence[ActualTask]) -> Diagnostic:
    more = f" and {len(rows) - 3} more" if len(rows) > 3 else ""
    return Diagnostic(
        Severity.WARNING,
        "PSH603",
        "A task that belongs to no entry has the same title at the same time",
        f"Within an hour of {id} the service delivers what nobody declared here, under the same "
        f"title: {', '.join(row.task_id for row in rows[:3])}{more}. Somebody may get both.",
        fix="cancel it in the console unless it is for other people",
        push=id,
    )
