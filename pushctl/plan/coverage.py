"""Until when everything that is declared is also scheduled, and what is about to lapse. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from pushctl.plan.diff.due_deliveries import covered_until, first_unscheduled
from pushctl.plan.diff.task_reuse import records_of, reusable
from pushctl.plan.inputs import PlanContext
from pushctl.push.push import Push
from pushctl.schedule.recurrence import Recurrence, declared_within
from pushctl.schedule.service_schedule import Immediate, deliveries
from pushctl.state.state import Phase, PushRecord, TaskRecord

SOON = 14 * 86400
"""Seconds before a recurrence without a successor falls silent, from which on people are warned:
two runs of a weekly job have gone by without renewing it."""


class Coverage(Struct, frozen=True):
    """How far one entry is scheduled, for everybody who should get it. Instants in epoch seconds.

    `until` is the last delivery before `missing`, the first that nothing is scheduled for. `until`
    is None if nothing is scheduled, `missing` if nothing is left to schedule, ever. `missed` are
    deliveries that did not happen because nobody renewed the recurrence in time.
    """

    id: str
    until: int | None
    missing: int | None
    missed: tuple[int, ...] = ()


def coverage(push: Push, record: PushRecord | None, context: PlanContext) -> Coverage | None:
    """Say how far an entry is scheduled; None if it should not be."""
    if not push.enabled or isinstance(push.schedule, Immediate):
        return None
    if record is not None and (record.silences(push, context.horizon.zone) or record.in_doubt):
        return None
    keeps = reusable(push, record, context) if record is not None else ()
    groups = list(_groups(push, keeps, context))
    records = records_of(record, {at: people for at, (people, _) in enumerate(groups)})
    firsts = [
        first_unscheduled(push, records[at], people, tasks, context)
        for at, (people, tasks) in enumerate(groups)
    ]
    missing = min((at for at in firsts if at is not None), default=None)
    times = [at for task in keeps for at in deliveries(task.schedule, context.horizon.zone)]
    before = [at for at in times if missing is None or at < missing]
    gone = missed_deliveries(push, record, context) if record is not None and not keeps else ()
    return Coverage(push.id, max(before, default=None), missing, gone)


def missed_deliveries(push: Push, record: PushRecord, context: PlanContext) -> tuple[int, ...]:
    """Return the deliveries since the last one that were declared, and that nothing made.

    Only where the last task was delivered to its end: what was cancelled or changed is no lapse.
    """
    last = max(record.tasks, key=lambda task: task.age, default=None)
    if last is None or last.last is None or record.fingerprint != push.fingerprint:
        return ()
    if last.phase not in (Phase.SENT, Phase.ENDED) or not isinstance(push.schedule, Recurrence):
        return ()
    return declared_within(push.schedule, last.last + 1, context.now)


def _groups(
    push: Push, keeps: Iterable[TaskRecord], context: PlanContext
) -> Iterator[tuple[tuple[str, ...], tuple[TaskRecord, ...]]]:
    """Yield the people who are served by the same tasks, with those tasks."""
    served: dict[str, list[TaskRecord]] = {context.label(target): [] for target in push.targets}
    for task in keeps:
        for label in served.keys() & task.targets.keys():
            served[label].append(task)
    groups: dict[tuple[int, ...], tuple[list[str], list[TaskRecord]]] = {}
    for label, tasks in served.items():
        groups.setdefault(tuple(map(id, tasks)), ([], tasks))[0].append(label)
    for people, tasks in groups.values():
        yield tuple(people), tuple(tasks)


def lapsing_recurrences(
    desired: Iterable[Push], pushes: Mapping[str, PushRecord], context: PlanContext
) -> Iterator[Coverage]:
    """Yield the recurrences that fall silent soon if nothing renews them."""
    for push in desired:
        record = pushes.get(push.id)
        if record is None or not record.tasks or not isinstance(push.schedule, Recurrence):
            continue
        reach = covered_until(record.live)
        if reach is not None and reach > context.now + SOON:
            continue
        found = coverage(push, record, context)
        if found and found.missing is not None and found.missing <= context.now + SOON:
            yield found
