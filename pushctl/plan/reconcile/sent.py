"""What went out: the deliveries that are recorded, and what the service's list shows of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from msgspec import Struct

from pushctl.plan.message_summary import recorded_summary
from pushctl.plan.stop import delivered_at
from pushctl.push.task import ActualTask, Delivery
from pushctl.state.state import State, TaskRecord


class SentDelivery(Struct, frozen=True):
    """One moment (epoch seconds) at which an entry was to reach so many targets, and is over.

    `service` is what its list shows: `delivered`, `not delivered` or `not listed`.
    """

    at: int
    id: str
    title: str
    targets: int
    service: str


def sent(
    state: State, actual: Iterable[ActualTask], *, since: int, now: int, zone: dt.tzinfo
) -> tuple[SentDelivery, ...]:
    """Return what went out from `since` to `now` (epoch seconds), the newest last."""
    listed = {(row.task_id, item.at): item for row in actual for item in row.deliveries}
    tasks: dict[tuple[int, str], list[TaskRecord]] = {}
    for id, record in state.pushes.items():
        for task in record.tasks:
            for at in delivered_at(task, now, zone):
                if at >= since:
                    tasks.setdefault((at, id), []).append(task)
    return tuple(
        SentDelivery(
            at,
            id,
            recorded_summary(state.pushes[id].spec).title,
            sum(len(task.targets) for task in found),
            _service([listed.get((task.task_id, at)) for task in found]),
        )
        for (at, id), found in sorted(tasks.items())
    )


def _service(found: Sequence[Delivery | None]) -> str:
    """Say the worst that is listed of the tasks of one delivery."""
    if any(item is not None and not item.executed for item in found):
        return "not delivered"
    return "not listed" if None in found else "delivered"
