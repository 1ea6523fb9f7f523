"""The record of a task that this state did not make: what the list shows, and what it cannot.

Shared by `adopt`, where a person names the task, and by `rebuild`, which finds it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from pushctl.push.push import Push
from pushctl.push.task import ActualTask, Slot, strategy_type
from pushctl.schedule.loop_compiler import compile_loops
from pushctl.schedule.recurrence import Declared, Recurrence, instants
from pushctl.schedule.service_schedule import (
    Every,
    Immediate,
    Loop,
    OneShot,
    Schedule,
    deliveries,
    instant,
    local_day,
)
from pushctl.state.state import Phase, TaskRecord


def times_agree(schedule: Declared, row: ActualTask, zone: dt.tzinfo) -> bool:
    """Tell whether a listed task delivers when a schedule does, as far as the list shows it."""
    times = sorted(item.at for item in row.deliveries)
    if not times:
        return False
    match schedule:
        case Immediate():
            return False
        case OneShot(at=at):
            return row.strategy_type == strategy_type(schedule) and times == [at]
        case Recurrence():
            wanted = instants(schedule, times[0], times[-1])
            return set(times) <= set(wanted) and _window(times, row, zone) is not None


def imported_task(
    push: Push,
    row: ActualTask | None,
    slot: Slot,
    people: Sequence[str],
    *,
    now: int,
    zone: dt.tzinfo,
) -> TaskRecord:
    """Return the record of an entry's task as the list shows it; None stands for one long gone.

    `people` are names of targets in the state. Their message keys cannot be known, and an empty
    one is no key. `now` is in epoch seconds. Raises `ValueError` for a recurrence without a row.
    """
    schedule = _as_sent(push.schedule, row, now, zone) if row is not None else push.schedule
    if isinstance(schedule, Recurrence):
        raise ValueError("what is not listed can only have been a single delivery")
    times = deliveries(schedule, zone)
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
        fingerprint=push.content,
        targets=dict.fromkeys(people, ""),
        schedule=schedule,
        first=times[0],
        last=times[-1],
        began_at=created_at,
        created_at=created_at,
        task_id="" if row is None else row.task_id,
        over_at=min(times[-1], now) if over else None,
    )


def _as_sent(schedule: Declared, row: ActualTask, now: int, zone: dt.tzinfo) -> Schedule:
    """Return what the service was told, as far as it can be seen.

    A list may drop what was delivered. A delivery of today whose time has passed is taken to have
    happened, if this task can have made it: nobody then gets a second one today.
    """
    if not isinstance(schedule, Recurrence):
        return schedule
    times = sorted(item.at for item in row.deliveries)
    # Today where it is meant may have begun before today of the service.
    days = ((each, local_day(now, each)) for each in (zone, schedule.zone))
    since = min(instant(day, dt.time(0), each) for each, day in days)
    clock = _clock(times[0], zone)
    passed = [at for at in instants(schedule, since, now) if _clock(at, zone) == clock]
    found = _window(sorted({*passed, *times}), row, zone) or _window(times, row, zone)
    if found is None:
        raise ValueError(f"no loop delivers when {row.task_id} does")
    return found


def _clock(at: int, zone: dt.tzinfo) -> dt.time:
    return dt.datetime.fromtimestamp(at, zone).time()


def _window(times: Sequence[int], row: ActualTask, zone: dt.tzinfo) -> Schedule | None:
    """Return the one schedule of a task's kind that delivers at some moments, if there is one."""
    found = compile_loops(times, zone)
    if len(found) != 1:
        return None
    (schedule,) = found
    if row.strategy_type == strategy_type(schedule):
        return schedule
    if row.strategy_type == LOOPING and isinstance(schedule, OneShot):
        day = local_day(schedule.at, zone)
        return Loop(Every.DAY, (), _clock(schedule.at, zone), day, day)
    return None


LOOPING = 2
"""PushSimple's StrategyType of a loop."""
