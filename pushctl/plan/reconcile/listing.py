"""What one look at the service's list showed, and how far it can be believed. Pure.

The list is evidence, not truth: it may lag, leave rows out, and show texts and times otherwise than
they were sent.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from pushctl.plan.message_summary import recorded_summary
from pushctl.push.task import ActualTask
from pushctl.schedule.service_schedule import deliveries
from pushctl.state.state import Phase, PushRecord, State, TaskRecord

CLOCK_SKEW = 120
"""Seconds by which the service's clock and this machine's may differ."""

AGREEING_CLOCKS = 5.0
"""Seconds of difference that an answer on its way can account for: no difference at all."""

_CREDIBLE = 86400
"""Seconds by which an executed row may be ahead of this machine's clock and still correct it."""


class Listing(Struct, frozen=True):
    """What the service listed, and when the look began (epoch seconds, by the service's clock).

    `ahead` is by how many seconds the service's clock is known to be ahead of this command's; 0
    where they agree, and where nobody knows.
    """

    actual: tuple[ActualTask, ...]
    at: float
    ahead: float = 0.0


def service_ahead(
    state: State, actual: Iterable[ActualTask], *, now: float, offset: float | None
) -> float:
    """Return by how many seconds the service's clock is ahead of `now` (epoch seconds).

    `offset` is what its last answer said about its time. What it has executed outranks that, and
    our clock: a delivery cannot be ahead of the clock that it went by.
    """
    known = offset if offset is not None and abs(offset) > AGREEING_CLOCKS else 0.0
    ours = state.task_ids()
    executed = (
        item.at for row in actual if row.task_id in ours for item in row.deliveries if item.executed
    )
    latest = max((at - now for at in executed if at - now < _CREDIBLE), default=known)
    return max(known, latest)


def missing_tasks(
    state: State, actual: Iterable[ActualTask], *, now: float
) -> tuple[TaskRecord, ...]:
    """Return the recorded tasks that are to be listed, with deliveries to come, and are not."""
    listed = {row.task_id for row in actual}
    return tuple(
        task
        for record in state.pushes.values()
        for task in record.live
        if task.phase is not Phase.CREATING and task.task_id not in listed
        if task.last is not None and task.last > now
    )


def altered_task(state: State, actual: Sequence[ActualTask], zone: dt.tzinfo) -> str | None:
    """Return the id of a listed task that the list shows otherwise than it was sent, if any.

    Each task of which the answer arrived tells how the list shows such tasks. `zone` is the
    service's.
    """
    listed = {row.task_id: row for row in actual}
    for record in state.pushes.values():
        for task in _described(record):
            row = listed.get(task.task_id)
            if row is not None and not _as_sent(record, task, row, zone):
                return task.task_id
    return None


def _described(record: PushRecord) -> Iterator[TaskRecord]:
    """Yield the tasks that the entry's recorded words describe: those of its newest generation."""
    for task in record.tasks:
        if task.phase is Phase.SCHEDULED and task.generation == record.generation:
            yield task


def _as_sent(record: PushRecord, task: TaskRecord, row: ActualTask, zone: dt.tzinfo) -> bool:
    said = recorded_summary(record.spec)
    if not said.title:
        return True  # nobody wrote down what it says
    times = frozenset(deliveries(task.schedule, zone))
    return (
        (row.title, row.content) == (said.title, said.body)
        and said.kind in (None, row.delivery_type)
        and all(item.at in times for item in row.deliveries)
    )
