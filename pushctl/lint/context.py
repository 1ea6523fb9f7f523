"""Makes what checks look at from the entries of a manifest: which deliveries, on which channels."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Container, Iterable, Mapping
from functools import cache

from pushctl.lint.check import LintContext, LintTarget, Project
from pushctl.lint.labels import pairs
from pushctl.lint.texts import written
from pushctl.manifest.compile import Compiled
from pushctl.manifest.resolved import Reading, ResolvedPush
from pushctl.manifest.schedule.timezones import TimeError, zone
from pushctl.manifest.schema.models import PushEntry
from pushctl.schedule.recurrence import Declared, Recurrence, instants, instants_from
from pushctl.schedule.service_schedule import Immediate, OneShot, local_day
from pushctl.schedule.zone_offsets import DAY_SECONDS
from pushctl.vendors.facts import ChannelFacts, Facts, facts

AHEAD_DAYS = 35
"""How many days checks look ahead: every weekday and every day of a month comes by in them."""

SOON_DAYS = 7
"""What begins later than that is looked at for `AHEAD_DAYS` from its first delivery on."""

MAX_DELIVERIES = 420
"""Deliveries of one entry that are looked at: 12 a day. What comes more often is looked at for
fewer days, but for a week at least."""


def project(
    reading: Reading,
    compiled: Compiled,
    *,
    now: int,
    recorded: Container[str] = frozenset(),
    label: Callable[[str], str] = str,
) -> Project | None:
    """Return the entries as checks see them; None if the manifest could not be understood.

    `now` is in epoch seconds. Entries that are disabled or over are left out.
    """
    manifest = reading.manifest
    if manifest is None:
        return None
    try:
        zones = zone(manifest.timezone), zone(manifest.app.service_timezone)
    except TimeError:
        return None
    context = LintContext(
        app=manifest.app,
        policy=manifest.policy,
        facts=facts(),
        now=now,
        until=now + AHEAD_DAYS * DAY_SECONDS,
        zone=zones[0],
        service_zone=zones[1],
        label=label,
        recorded=recorded,
        suppressed=reading.suppressed,
        not_suppressed=reading.not_suppressed,
    )
    return Project(context, _targets(reading.pushes, compiled, context))


def _targets(
    pushes: Iterable[ResolvedPush], compiled: Compiled, context: LintContext
) -> tuple[LintTarget, ...]:
    schedules = {push.id: push.schedule for push in compiled.pushes}

    @cache  # instances of an entry share their schedule
    def upcoming(schedule: Declared) -> tuple[int, ...]:
        return _upcoming(schedule, context)

    def target(push: ResolvedPush) -> LintTarget:
        schedule = schedules.get(push.id)
        return LintTarget(
            push=push,
            schedule=schedule,
            zone=_zone(push, schedule, context),
            marketing=is_marketing(push.entry, context.policy.marketing),
            channels=_channels(push, context.facts),
            upcoming=() if schedule is None else upcoming(schedule),
            texts=written(push.entry),
        )

    return tuple(
        target(push)
        for push in pushes
        if push.entry.enabled and not _over(schedules.get(push.id), context.now)
    )


def _over(schedule: Declared | None, now: int) -> bool:
    """Tell whether nothing of an entry is still to come: nobody can mend what was delivered."""
    match schedule:
        case OneShot(at=at):
            return at <= now
        case Recurrence(last=last, zone=zone) if last is not None:
            return last < local_day(now, zone)
        case _:
            return False


def _channels(push: ResolvedPush, facts: Facts) -> tuple[ChannelFacts, ...]:
    """Return the ways on which it may reach a phone; `via: mps` leaves the vendors out."""
    reached = facts.reaches[push.dimension]
    if push.entry.via == "mps":
        reached = tuple(name for name in reached if name not in facts.own_instead_of)
    return tuple(facts.channels[name] for name in reached)


def is_marketing(entry: PushEntry, labels: Mapping[str, str]) -> bool:
    """Tell whether a push is marketing: by its labels, or by what a vendor is told."""
    labelled = bool(labels) and pairs(labels) <= pairs(entry.labels)
    return labelled or entry.vendors.huawei.category == "marketing"


def _zone(push: ResolvedPush, schedule: Declared | None, context: LintContext) -> dt.tzinfo:
    if isinstance(schedule, Recurrence):
        return schedule.zone
    own = push.entry.schedule.timezone
    return context.zone if schedule is None or own is None else zone(own)


# --- which deliveries are looked at ---------------------------------------------------------------


def _upcoming(schedule: Declared, context: LintContext) -> tuple[int, ...]:
    match schedule:
        case Immediate():
            return (context.now,)
        case OneShot(at=at):
            return (at,) if at > context.now else ()
        case Recurrence():
            return _ahead(schedule, context.now, context.horizon.end(context.now))


def _ahead(schedule: Recurrence, now: int, end: int) -> tuple[int, ...]:
    """Return the deliveries of the next weeks, or of the first if they begin later.

    All in epoch seconds; `end` is the last instant at which they may begin. Whoever reviews a
    campaign of February in December wants to know then that it is at night.
    """
    found = instants(schedule, now + 1, now + _days(schedule) * DAY_SECONDS)
    if found and found[0] <= now + SOON_DAYS * DAY_SECONDS:
        return found
    # Looking for the first one is slow, and it is most often among those found already.
    if found and found[0] <= end:
        return _weeks_from(schedule, found[0])
    return first_weeks(schedule, now + 1, end) or found


def first_weeks(schedule: Recurrence, start: int, end: int) -> tuple[int, ...]:
    """Return the first weeks of the deliveries from `start` on that begin before `end`.

    All in epoch seconds.
    """
    first = next(instants_from(schedule, start, until=end), None)
    return () if first is None else _weeks_from(schedule, first)


def _weeks_from(schedule: Recurrence, first: int) -> tuple[int, ...]:
    return instants(schedule, first, first + _days(schedule) * DAY_SECONDS - 1)


def _days(schedule: Recurrence) -> int:
    return min(AHEAD_DAYS, max(SOON_DAYS, MAX_DELIVERIES // len(schedule.times)))
