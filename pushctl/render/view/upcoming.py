"""The upcoming deliveries of a schedule, what clock changes do to them, and its tasks today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from pushctl.schedule.loop_compiler import compile_loops
from pushctl.schedule.recurrence import (
    FAR,
    ClockChange,
    Declared,
    Recurrence,
    clock_changes,
    declared_within,
    instants,
    instants_from,
)
from pushctl.schedule.rule import Freq, Rule
from pushctl.schedule.service_schedule import Horizon, Loop, OneShot
from pushctl.schedule.zone_offsets import DAY_SECONDS, offset_at
from pushctl.text.timestamps import clock, zone_name


class Coming(Struct, frozen=True):
    """One delivery (epoch seconds), and what clock changes have to do with it."""

    at: int
    notes: tuple[str, ...] = ()


class Silence(Struct, frozen=True):
    """Why nothing of a push is delivered for now.

    It is stopped, in the state, `since` (epoch seconds; 0 if nobody knows), or disabled in the
    manifest (None).
    """

    id: str
    since: int | None


class Outlook(Struct, frozen=True):
    """The next deliveries of a schedule, shown in some zones, and what it takes today.

    `tasks` are those that the service would get now for every ten targets; `reach` is their last
    delivery (epoch seconds), `renewed` whether there are more after it. `missed` are the times
    among the deliveries that the clocks skip, and that are left out. `targets` is their number,
    None for a schedule without a push. `silence` says why none of it will be delivered, if so.
    """

    schedule: Declared
    now: int
    zones: tuple[dt.tzinfo, ...]
    service: dt.tzinfo
    deliveries: tuple[Coming, ...]
    missed: tuple[ClockChange, ...]
    tasks: tuple[OneShot | Loop, ...]
    reach: int | None
    renewed: bool
    targets: int | None = None
    silence: Silence | None = None


def outlook(
    schedule: Declared,
    *,
    now: int,
    horizon: Horizon,
    zones: Iterable[dt.tzinfo],
    count: int,
    targets: int | None = None,
) -> Outlook:
    """Look ahead from `now` (epoch seconds) at the next `count` deliveries."""
    shown = tuple({zone_name(zone): zone for zone in zones}.values())
    moments = _next(schedule, now, count)
    odd = _odd(schedule, now, moments)
    end = horizon.end(now)
    within = declared_within(schedule, now + horizon.lead, end)
    return Outlook(
        schedule=schedule,
        now=now,
        zones=shown,
        service=horizon.zone,
        deliveries=tuple(_noted(moments, odd, shown)),
        missed=tuple(item for item, at in odd if at is None),
        tasks=compile_loops(within, horizon.zone),
        reach=within[-1] if within else None,
        renewed=_goes_on(schedule, end),
        targets=targets,
    )


def _next(schedule: Declared, now: int, count: int) -> tuple[int, ...]:
    if isinstance(schedule, Recurrence):
        return tuple(islice(instants_from(schedule, now + 1), count))
    return declared_within(schedule, now + 1, FAR)


def _goes_on(schedule: Declared, end: int) -> bool:
    return isinstance(schedule, Recurrence) and any(True for _ in instants_from(schedule, end + 1))


# --- clock changes --------------------------------------------------------------------------------


def _odd(
    schedule: Declared, now: int, moments: Sequence[int]
) -> list[tuple[ClockChange, int | None]]:
    """Return the times that clocks skip or repeat up to the last moment, with what became of each.

    None stands for a time that is left out.
    """
    if not isinstance(schedule, Recurrence) or not moments:
        return []
    placed = ((item, _moment(schedule, item)) for item in clock_changes(schedule, now, moments[-1]))
    return [
        (item, at)
        for item, at in placed
        if now < (_passed(schedule, item) if at is None else at) <= moments[-1]
    ]


def _moment(schedule: Recurrence, odd: ClockChange) -> int | None:
    alone = replace(
        schedule, rule=Rule(Freq.DAILY), times=(odd.time,), first=odd.day, last=odd.day, skip=()
    )
    about = _passed(schedule, odd)
    return next(iter(instants(alone, about - DAY_SECONDS, about + DAY_SECONDS)), None)


def _passed(schedule: Recurrence, odd: ClockChange) -> int:
    """Return about when a time would have been (epoch seconds)."""
    return int(dt.datetime.combine(odd.day, odd.time, schedule.zone).timestamp())


def _noted(
    moments: Sequence[int],
    odd: Sequence[tuple[ClockChange, int | None]],
    zones: Sequence[dt.tzinfo],
) -> Iterator[Coming]:
    before: int | None = None
    for at in moments:
        notes = [_said(item) for item, moment in odd if moment == at]
        if before is not None:
            notes += [note for zone in zones for note in _changed(before, at, zone)]
        yield Coming(at, tuple(notes))
        before = at


def _said(odd: ClockChange) -> str:
    return f"{clock(odd.time)} comes twice" if odd.twice else f"clocks skip {clock(odd.time)}"


def _changed(before: int, at: int, zone: dt.tzinfo) -> Iterator[str]:
    """Say that the clocks of a zone were changed since the delivery before."""
    difference = offset_at(at, zone) - offset_at(before, zone)
    if difference:
        yield f"clocks go {'forward' if difference > 0 else 'back'} in {zone_name(zone)}"
