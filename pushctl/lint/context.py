"""From entries to what checks look at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from pushctl.lint.ahead import AHEAD_DAYS, ahead
from pushctl.lint.rule import Project, Setting, Subject
from pushctl.manifest.schedule.timezones import TimeError, zone
from pushctl.schedule.recurrence import Declared, Recurrence
from pushctl.schedule.service_schedule import Immediate, OneShot, local_day
from pushctl.schedule.zone_offsets import DAY_SECONDS
from pushctl.vendors.facts import ChannelFacts, Facts, facts

if TYPE_CHECKING:
    from pushctl.manifest.compile import Compiled
    from pushctl.manifest.resolved import Reading, ResolvedPush
    from pushctl.manifest.schema.models import Manifest, PushEntry


def project(
    reading: Reading,
    compiled: Compiled,
    *,
    now: int,
    recorded: frozenset[str] = frozenset(),
    label: Callable[[str], str] = str,
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
        suppressed=reading.suppressed,
    )
    schedules = {push.id: push.schedule for push in compiled.pushes}
    upcoming = _Upcoming(setting)
    subjects = (
        _subject(push, schedules.get(push.id), manifest, setting, upcoming)
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
    push: ResolvedPush,
    schedule: Declared | None,
    manifest: Manifest,
    setting: Setting,
    upcoming: _Upcoming,
) -> Subject:
    return Subject(
        push=push,
        schedule=schedule,
        zone=_zone(push, schedule, setting),
        marketing=is_marketing(push.entry, manifest.policy.marketing),
        channels=_channels(push, setting.facts),
        upcoming=() if schedule is None else upcoming.of(schedule),
    )


def _channels(push: ResolvedPush, facts: Facts) -> tuple[ChannelFacts, ...]:
    """Return the ways on which it may reach a phone; `via: mps` leaves the vendors out."""
    reached = facts.reaches[push.dimension]
    if push.entry.via == "mps":
        reached = tuple(name for name in reached if name not in facts.own_instead_of)
    return tuple(facts.channels[name] for name in reached)


def is_marketing(entry: PushEntry, labels: Mapping[str, str]) -> bool:
    """Tell whether a push is marketing: by its labels, or by what a vendor is told."""
    labelled = bool(labels) and all(entry.labels.get(key) == value for key, value in labels.items())
    return labelled or entry.vendors.huawei.category == "marketing"


def _zone(push: ResolvedPush, schedule: Declared | None, setting: Setting) -> dt.tzinfo:
    if isinstance(schedule, Recurrence):
        return schedule.zone
    own = push.entry.schedule.timezone
    return setting.zone if schedule is None or own is None else zone(own)


class _Upcoming:
    """Works out the deliveries of every schedule once: instances of an entry share theirs."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._known: dict[Declared, tuple[int, ...]] = {}

    def of(self, schedule: Declared) -> tuple[int, ...]:
        found = self._known.get(schedule)
        if found is None:
            found = self._known[schedule] = _upcoming(schedule, self._setting)
        return found


def _upcoming(schedule: Declared, setting: Setting) -> tuple[int, ...]:
    match schedule:
        case Immediate():
            return (setting.now,)
        case OneShot(at=at):
            return (at,) if at > setting.now else ()
        case Recurrence():
            return ahead(schedule, setting.now, setting.horizon.end(setting.now))
