"""People who get more marketing on one day than they should."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from pushctl.core.clocks import DAY_SECONDS, EPOCH
from pushctl.core.recurrence import Recurrence
from pushctl.lint.audiences import Group, Met, whom
from pushctl.lint.clock import walls
from pushctl.lint.hours import when
from pushctl.lint.model import Finding, Setting, Subject
from pushctl.lint.words import named
from pushctl.render.moments import day as shown


def check(
    groups: Iterable[Group], subjects: Sequence[Subject], setting: Setting
) -> Iterator[tuple[Subject, Finding]]:
    """Yield which entries are more than `policy.max_per_day` for somebody, and on which day."""
    limit = setting.policy.max_per_day
    days = _Days(subjects, setting)
    found: dict[tuple[int, ...], Met] = {}
    for group in groups:
        members = [number for number in group.members if subjects[number].marketing]
        if sum(_at_most(subjects[number]) for number in members) <= limit:
            continue
        total = sum((days.of(number) for number in members), Counter[int]())
        day = min((day for day, number in total.items() if number > limit), default=None)
        if day is not None:
            guilty = tuple(number for number in members if days.of(number)[day])
            met = found.setdefault(guilty, Met(group.one, (day, total[day])))
            met.people += group.size
    for guilty, met in found.items():
        among = [subjects[number] for number in guilty]
        yield among[-1], _finding(among, met, setting)


def _at_most(subject: Subject) -> int:
    """Return how often an entry can be delivered on one day."""
    return len(subject.schedule.times) if isinstance(subject.schedule, Recurrence) else 1


class _Days:
    """How often each entry is delivered on each day of the manifest's zone."""

    def __init__(self, subjects: Sequence[Subject], setting: Setting) -> None:
        self._subjects = subjects
        self._setting = setting
        self._known: dict[int, Counter[int]] = {}

    def of(self, number: int) -> Counter[int]:
        if number not in self._known:
            upcoming, zone = self._subjects[number].upcoming, self._setting.zone
            shown = walls(upcoming, zone, self._setting)
            self._known[number] = Counter(at // DAY_SECONDS for at in shown)
        return self._known[number]


def _finding(among: Sequence[Subject], met: Met, setting: Setting) -> Finding:
    number, total = met.at
    day = shown(dt.date.fromordinal(EPOCH + number))
    who, example = whom(met, setting.label)
    get = "gets" if met.people == 1 else "get"
    return Finding(
        "PSH502",
        when(among[-1]),
        f"On {day}, {who} {get} {total} marketing pushes, from "
        f"{named([item.id for item in among])}; the policy allows {setting.policy.max_per_day}."
        f"{example}",
        fix="deliver some of them on other days, or to other people",
    )
