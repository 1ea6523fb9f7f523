"""The record of a task that this state did not make: what the list shows, and what it cannot.

Shared by `adopt`, where a person names the task, and by `rebuild`, which finds it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from pushctl.core.schedule import (
    Immediate,
    Loop,
    OneShot,
    Schedule,
    deliveries,
    instant,
    local_day,
)
from pushctl.core.state import Phase, Slot, TaskRecord
from pushctl.core.task import ActualTask, DesiredPush, strategy_type


def times_agree(schedule: Schedule, row: ActualTask, zone: dt.tzinfo) -> bool:
    """Tell whether a listed task delivers when a schedule does, as far as the list shows it."""
    if row.strategy_type != strategy_type(schedule):
        return False
    times = [item.at for item in row.deliveries]
    match schedule:
        case Immediate():
            return False
        case OneShot(at=at):
            return times == [at]
        case Loop():
            days = [local_day(at, zone) for at in times]
            return all(
                schedule.falls_on(day) and instant(day, schedule.time, zone) == at
                for day, at in zip(days, times, strict=True)
            )


def taken_over(
    push: DesiredPush,
    row: ActualTask | None,
    slot: Slot,
    people: Sequence[str],
    *,
    now: int,
    zone: dt.tzinfo,
) -> TaskRecord:
    """Return the record of an entry's task as the list shows it; None stands for one long gone.

    `people` are names of targets in the state. Their message keys cannot be known, and an empty
    one is no key. `now` is in epoch seconds.
    """
    schedule = push.schedule if row is None else _as_sent(push.schedule, row, now, zone)
    times = tuple(deliveries(schedule, zone))
    created_at = (row.created_at if row is not None else 0) or now
    over = row is None or not row.unexecuted
    phase = Phase.SCHEDULED
    if over:
        phase = Phase.ENDED if isinstance(schedule, Loop) else Phase.SENT
    return TaskRecord(
        chunk=slot.chunk,
        segment=slot.segment,
        generation=slot.generation,
        phase=phase,
        fingerprint=push.fingerprint,
        targets=dict.fromkeys(people, ""),
        schedule=schedule,
        first=times[0],
        last=times[-1],
        began_at=created_at,
        created_at=created_at,
        task_id="" if row is None else row.task_id,
        over_at=min(times[-1], now) if over else None,
    )


def _as_sent(schedule: Schedule, row: ActualTask, now: int, zone: dt.tzinfo) -> Schedule:
    """Return the window that the service was told, as far as it can be seen.

    A list may drop what was delivered. A delivery of today whose time has passed is taken to have
    happened: nobody then gets a second one today.
    """
    if not isinstance(schedule, Loop):
        return schedule
    days = [local_day(item.at, zone) for item in row.deliveries]
    today = local_day(now, zone)
    if schedule.falls_on(today) and instant(today, schedule.time, zone) <= now:
        days.append(today)
    return replace(schedule, first=min(days), last=max(days))
