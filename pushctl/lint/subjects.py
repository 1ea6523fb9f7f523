"""From entries to what checks look at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from pushctl.core.clocks import DAY_SECONDS
from pushctl.core.recurrence import Declared, Recurrence, instants
from pushctl.core.schedule import Immediate, OneShot, local_day
from pushctl.lint.model import Project, Setting, Subject
from pushctl.manifest.times import TimeError, zone
from pushctl.vendors.facts import facts

if TYPE_CHECKING:
    from pushctl.manifest.compile import Compiled
    from pushctl.manifest.model import Manifest, PushEntry
    from pushctl.manifest.read import Reading, ResolvedPush

AHEAD_DAYS = 35
"""How many days checks look ahead: every weekday and every day of a month comes by in them."""


def project(
    reading: Reading,
    compiled: Compiled,
    *,
    now: int,
    recorded: frozenset[str] = frozenset(),
    label: Callable[[str], str] = str,
    suppressed: frozenset[str] = frozenset(),
) -> Project | None:
    """Return the entries as checks see them; None if the manifest could not be understood."""
    manifest = reading.manifest
    if manifest is None:
        return None
    try:
        zones = zone(manifest.timezone), zone(manifest.app.service_timezone)
    except TimeError:
        return None
    setting = Setting(
        app=manifest.app,
        policy=manifest.policy,
        facts=facts(),
        now=now,
        until=now + AHEAD_DAYS * DAY_SECONDS,
        zone=zones[0],
        service_zone=zones[1],
        label=label,
        recorded=recorded,
        suppressed=suppressed,
    )
    schedules = {push.id: push.schedule for push in compiled.pushes}
    subjects = (
        _subject(push, schedules.get(push.id), manifest, setting)
        for push in reading.pushes
        if push.entry.enabled and not _over(schedules.get(push.id), now)
    )
    return Project(setting, tuple(subjects))


def _over(schedule: Declared | None, now: int) -> bool:
    """Tell whether nothing of an entry is still to come: nobody can mend what was delivered."""
    match schedule:
        case OneShot(at=at):
            return at <= now
        case Recurrence(last=last, zone=zone) if last is not None:
            return last < local_day(now, zone)
        case _:
            return False


def _subject(
    push: ResolvedPush, schedule: Declared | None, manifest: Manifest, setting: Setting
) -> Subject:
    return Subject(
        push=push,
        schedule=schedule,
        zone=_zone(push, schedule, setting),
        marketing=is_marketing(push.entry, manifest.policy.marketing),
        channels=tuple(
            setting.facts.channels[name] for name in setting.facts.reaches[push.dimension]
        ),
        upcoming=_upcoming(schedule, setting),
    )


def is_marketing(entry: PushEntry, labels: Mapping[str, str]) -> bool:
    """Tell whether a push is marketing: by its labels, or by what a vendor is told."""
    labelled = bool(labels) and all(entry.labels.get(key) == value for key, value in labels.items())
    return labelled or entry.vendors.huawei.category == "marketing"


def _zone(push: ResolvedPush, schedule: Declared | None, setting: Setting) -> dt.tzinfo:
    if isinstance(schedule, Recurrence):
        return schedule.zone
    own = push.entry.schedule.timezone
    return setting.zone if schedule is None or own is None else zone(own)


def _upcoming(schedule: Declared | None, setting: Setting) -> tuple[int, ...]:
    match schedule:
        case None:
            return ()
        case Immediate():
            return (setting.now,)
        case OneShot(at=at):
            return (at,) if at > setting.now else ()
        case Recurrence():
            return tuple(instants(schedule, setting.now + 1, setting.until))
