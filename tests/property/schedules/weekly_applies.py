"""Two years of weekly applies for some random schedules, compared with the oracle second by second.

A *chapter* of an entry begins when a version of its schedule takes effect: with the first apply, or
with the one that carried out an edit. Within a chapter, what is delivered is exactly what the
oracle says; where one ends and the next one begins, rule 11 of the architecture counts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Protocol
from zoneinfo import ZoneInfo

from tests.property.schedules import oracle, strategies
from tests.property.schedules.simulation import Setting, SimulatedProject
from tests.property.schedules.zones import names

DAY = 86_400
YEARS = 2 * 365 * DAY
EDITED = 0.35
LEAD = 60
"""Seconds from now on in which the service is not trusted with anything new."""

SERVICES = ("Asia/Shanghai", "Asia/Shanghai", "Asia/Shanghai", "Europe/Berlin", "America/New_York")
HORIZONS = (21, 45, 90, 180)
MONTH31 = ("skip", "last", "error")


@dataclass
class Entry:
    """One push: its schedule, and perhaps the one it gets with the `edit`-th apply."""

    id: str
    schedule: strategies.Schedule
    edit: int | None = None
    later: strategies.Schedule | None = None
    chapters: list[tuple[int, strategies.Schedule]] = field(default_factory=list)

    def now(self, run: int) -> strategies.Schedule:
        """Return the schedule that stands in the manifest at a run."""
        if self.edit is None or self.later is None or run < self.edit:
            return self.schedule
        return self.later


@dataclass
class Years:
    """Everything that is random about one proof, by its seed.

    `edited` is the share of entries that somebody edits once; `only` leaves out all but one.
    """

    seed: int
    size: int
    length: int = YEARS
    edited: float = EDITED
    only: int | None = None

    def __post_init__(self) -> None:
        rng = Random(f"{self.seed}")
        day = dt.date(2025, 1, 1) + dt.timedelta(days=rng.randrange(2000))
        self.start = int(dt.datetime.combine(day, dt.time(), dt.UTC).timestamp())
        self.start += rng.randrange(DAY)
        self.end = self.start + self.length
        self.setting = Setting(
            self.start,
            zone=rng.choice(names()),
            service_zone=rng.choice(SERVICES),
            horizon_days=rng.choice(HORIZONS),
            month31=rng.choice(MONTH31),
        )
        self.runs = list(self._runs(rng))
        self.calendars = {name: strategies.skipped(rng, day) for name in strategies.CALENDARS}
        chosen = range(self.size) if self.only is None else [self.only]
        self.entries = [self._entry(number) for number in chosen]

    def _runs(self, rng: Random) -> Iterator[int]:
        at = self.start
        while at < self.end:
            yield at
            at += rng.randrange(4 * DAY, 10 * DAY)

    def _entry(self, number: int) -> Entry:
        """Make up an entry by its number alone, so that one can be played without the others."""
        rng = Random(f"{self.seed}/{number}")
        id = f"p{number:04d}"
        entry = Entry(id, self._alive(rng, self.start))
        if rng.random() < self.edited:
            entry.edit = rng.randrange(5, len(self.runs) - 5)
            entry.later = self._edit(rng, entry.schedule, self.runs[entry.edit])
        return entry

    def _alive(self, rng: Random, at: int) -> strategies.Schedule:
        while True:
            schedule = strategies.schedule(rng, dt.datetime.fromtimestamp(at, dt.UTC).date())
            if self.delivers(schedule, at + LEAD, self.end):
                return schedule

    def _edit(
        self, rng: Random, schedule: strategies.Schedule, at: int
    ) -> strategies.Schedule | None:
        """Make up an edit; None if what is over already cannot be brought back by any."""
        now = dt.datetime.fromtimestamp(at, self.zone_of(schedule))
        for _ in range(20):
            later = strategies.edited(rng, schedule, now)
            if later != schedule and self.delivers(later, at + 3 * DAY, self.end):
                return later
        return None

    def zone_of(self, schedule: strategies.Schedule) -> ZoneInfo:
        """Return the zone of a schedule: its own, or the app's."""
        return ZoneInfo(schedule.get("timezone", self.setting.zone))

    def delivers(self, schedule: strategies.Schedule, start: int, end: int) -> list[int]:
        """Return what the oracle says of a schedule."""
        return oracle.deliveries(
            schedule, start, end, zone=self.setting.zone, calendars=self.calendars
        )


class Stage(Protocol):
    """Where the years are lived through: a project, a service, and a clock."""

    def now(self) -> int: ...

    def wait_until(self, moment: int) -> None: ...

    def write(
        self, schedules: Mapping[str, strategies.Schedule], calendars: oracle.Calendars
    ) -> None: ...

    def apply(self) -> set[str]: ...

    def delivered(self) -> Mapping[str, list[int]]: ...


def prove(years: Years) -> str:
    """Live through the years in a place of their own; return what is wrong, entry by entry."""
    with TemporaryDirectory() as folder, SimulatedProject(Path(folder), years.setting) as project:
        return "\n".join(play(years, project))


def play(years: Years, stage: Stage) -> list[str]:
    """Live through the years; return what is wrong, entry by entry."""
    manifest: dict[str, strategies.Schedule] = {}
    for run, at in enumerate(years.runs):
        stage.wait_until(max(at, stage.now()))
        current = {entry.id: entry.now(run) for entry in years.entries}
        if current != manifest:
            manifest = current
            stage.write(manifest, years.calendars)
        _apply(stage, years.entries, manifest, Random(f"{years.seed}/{run}"))
    stage.wait_until(max(years.end, stage.now()))
    delivered = stage.delivered()
    differences = (difference(years, entry, delivered.get(entry.id, [])) for entry in years.entries)
    return [found for found in differences if found]


TRIES = 60


def _apply(
    stage: Stage, entries: Sequence[Entry], manifest: dict[str, strategies.Schedule], rng: Random
) -> None:
    """Apply until every edit has taken effect: close to a delivery, an entry is left alone."""
    for _ in range(TRIES):
        now = stage.now()
        blocked = stage.apply()
        for entry in entries:
            told = entry.chapters[-1][1] if entry.chapters else None
            if entry.id not in blocked and told != manifest[entry.id]:
                entry.chapters.append((now, manifest[entry.id]))
        if not blocked:
            return
        stage.wait_until(stage.now() + rng.randrange(300, 5000))
    raise AssertionError(f"these are never free to be changed: {sorted(blocked)}")


# --- what should have happened --------------------------------------------------------------------


def expected(years: Years, entry: Entry) -> list[int]:
    """Return every moment at which an entry should have been delivered."""
    (begin, schedule), *edits = entry.chapters
    ends = [at for at, _ in edits] + [years.end]
    found = years.delivers(schedule, begin + LEAD, ends[0])
    for (now, later), end in zip(edits, ends[1:], strict=True):
        ahead = years.delivers(later, now + 1, end)
        promised = set(years.delivers(schedule, now + 1, now + 2 * DAY)).intersection(ahead)
        lost = _lost(years, later, now, found, promised)
        found += [at for at in ahead if at in promised or (at >= now + LEAD and at not in lost)]
        schedule = later
    return found


def _lost(
    years: Years, schedule: strategies.Schedule, now: int, delivered: list[int], promised: set[int]
) -> set[int]:
    """Return the moments of today that an edit says and does not bring.

    What was promised for today before, and is still said, comes. Beyond that, an edit brings only
    as many as that day has more than somebody has had and will have; the later ones.
    """
    zone = years.zone_of(schedule)
    today = dt.datetime.fromtimestamp(now, zone).date()

    def of_today(moments: Iterable[int]) -> list[int]:
        return [at for at in moments if dt.datetime.fromtimestamp(at, zone).date() == today]

    said = of_today(years.delivers(schedule, now - 2 * DAY, now + 2 * DAY))
    had = of_today(at for at in delivered if at > now - 2 * DAY)
    new = [at for at in said if at > now and at not in promised]
    room = max(0, len(said) - len(had) - len(of_today(promised)))
    return set(new[: max(0, len(new) - room)])


def difference(years: Years, entry: Entry, delivered: list[int]) -> str:
    """Say how deliveries differ from what was expected; empty if they do not."""
    wanted = expected(years, entry)
    if delivered == wanted:
        return ""
    at = next(
        (at for at, pair in enumerate(zip(delivered, wanted, strict=False)) if pair[0] != pair[1]),
        min(len(delivered), len(wanted)),
    )
    lines = [
        f"{entry.id}: {len(delivered)} deliveries instead of {len(wanted)};"
        f" the first {at} are right",
        f"  app zone {years.setting.zone}, service zone {years.setting.service_zone},"
        f" {years.setting.horizon_days} days ahead",
    ]
    lines += [f"  from {_shown(begin, 'UTC')}: {said}" for begin, said in entry.chapters]
    zone = entry.chapters[-1][1].get("timezone", years.setting.zone)
    for name, moments in (("delivered", delivered), ("expected", wanted)):
        shown = ", ".join(_shown(moment, zone) for moment in moments[max(0, at - 1) : at + 3])
        lines.append(f"  {name}: … {shown} …")
    if (years.length, years.edited) == (YEARS, EDITED):
        number = int(entry.id.removeprefix("p"))
        lines.append(
            f"  again: python -m tests.property.schedules --seed {years.seed} --only {number}"
        )
    return "\n".join(lines)


def _shown(at: int, zone: str) -> str:
    return f"{dt.datetime.fromtimestamp(at, ZoneInfo(zone)).isoformat()} ({at})"
