"""People who get more marketing on one day than they should."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from pushctl.lint.check import Finding, LintContext, LintTarget
from pushctl.lint.rules.audience.recipient_groups import Group, Met
from pushctl.lint.rules.timing.quiet_hours import when
from pushctl.lint.wall_times import wall_times
from pushctl.schedule.recurrence import Recurrence
from pushctl.schedule.service_schedule import local_day
from pushctl.schedule.zone_offsets import DAY_SECONDS, EPOCH
from pushctl.text.plural import named
from pushctl.text.quote import quoted
from pushctl.text.timestamps import day as shown

BITS = 32
"""A day has a number of so many bits, and all days are one large number: adding up is fast."""


def check_groups(
    groups: Iterable[Group], subjects: Sequence[LintTarget], context: LintContext
) -> Iterator[tuple[LintTarget, Finding]]:
    """Yield the entries that are too much for somebody, the last one of those of a day."""
    limit = context.policy.max_per_day
    days = _Days(subjects, context)
    found: dict[int, tuple[Met, list[int]]] = {}
    for group in groups:
        members = [number for number in group.members if subjects[number].marketing]
        if sum(_at_most(subjects[number]) for number in members) <= limit:
            continue
        day = days.above(limit, members)
        if day is None:
            continue
        guilty = [number for number in members if days.on(day, number)]
        total = sum(days.on(day, number) for number in guilty)
        met, _ = found.setdefault(guilty[-1], (Met(group.one, (day, total)), guilty))
        met.people += group.size
    for last, (met, guilty) in sorted(found.items()):
        among = [subjects[number] for number in guilty]
        yield subjects[last], _finding(among, met, context)


def _at_most(subject: LintTarget) -> int:
    """Return how often an entry can be delivered on one day."""
    return len(subject.schedule.times) if isinstance(subject.schedule, Recurrence) else 1


class _Days:
    """How often each entry is delivered on each day of the manifest's zone."""

    def __init__(self, subjects: Sequence[LintTarget], context: LintContext) -> None:
        self._subjects = subjects
        self._context = context
        self._first = local_day(context.now, context.zone).toordinal() - EPOCH
        self._known: dict[int, int] = {}

    def _of(self, number: int) -> int:
        known = self._known.get(number)
        if known is None:
            upcoming, zone = self._subjects[number].upcoming, self._context.zone
            shown = wall_times(upcoming, zone, self._context)
            known = sum(1 << (at // DAY_SECONDS - self._first) * BITS for at in shown)
            self._known[number] = known
        return known

    def on(self, day: int, number: int) -> int:
        """Return how often an entry is delivered on a day, which is one since 1970."""
        return self._of(number) >> (day - self._first) * BITS & ((1 << BITS) - 1)

    def above(self, limit: int, numbers: Iterable[int]) -> int | None:
        """Return the first day on which some entries together come more often than `limit`."""
        total, day = sum(map(self._of, numbers)), self._first
        while total:
            if total & ((1 << BITS) - 1) > limit:
                return day
            total, day = total >> BITS, day + 1
        return None


def _finding(among: Sequence[LintTarget], met: Met, context: LintContext) -> Finding:
    number, total = met.at
    day, limit = shown(dt.date.fromordinal(EPOCH + number)), context.policy.max_per_day
    gets = f"{quoted(context.label(met.one))} gets {total:,} marketing pushes on {day}"
    others = "" if met.people == 1 else f" {met.people:,} people get more than that."
    return Finding(
        "PSH502",
        when(among[-1]),
        f"{gets}, from {named([item.id for item in among])}; the policy allows {limit}.{others}",
        fix="deliver some of them on other days, or to other people",
    )
