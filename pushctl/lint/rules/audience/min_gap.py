"""Entries that come to the same people soon after each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from pushctl.lint.check import Finding, LintContext, LintTarget
from pushctl.lint.rules.audience.recipient_groups import Group, Met, whom
from pushctl.lint.rules.timing.quiet_hours import when
from pushctl.text.duration import span
from pushctl.text.timestamps import moment

BUCKET = 900
"""Seconds: nearer moments are not told apart before a closer look."""

BUDGET = 500_000
"""Moments that are looked at closely, for the largest groups of people first: most of a second.

Only thousands of people who are all in many audiences, each in others, take more than that.
"""

Pair = tuple[int, int]


def check_groups(
    groups: Iterable[Group], subjects: Sequence[LintTarget], context: LintContext
) -> Iterator[tuple[LintTarget, Finding]]:
    """Yield the entries that are nearer than `policy.min_gap` to one before them."""
    met, whole = _met(groups, subjects, context)
    partners: dict[int, list[int]] = {}
    for one, other in met:
        partners.setdefault(other, []).append(one)
    for other, ones in sorted(partners.items()):
        one = min(ones, key=lambda each: (met[each, other].at, each))
        among = (subjects[one], subjects[other])
        yield subjects[other], _finding(among, met[one, other], len(ones), whole, context)


def _met(
    groups: Iterable[Group], subjects: Sequence[LintTarget], context: LintContext
) -> tuple[dict[Pair, Met], bool]:
    """Return which two entries meet, and whether everybody was looked at."""
    gap = int(context.policy.min_gap)
    masks = _Masks(subjects, max(gap, BUCKET), context.now)
    found: dict[Pair, Met] = {}
    left = BUDGET
    for group in sorted(groups, key=lambda group: -group.size):
        if len(group.members) < 2 or not masks.may_meet(group.members):
            continue
        left -= sum(len(subjects[member].upcoming) for member in group.members)
        if left < 0:
            return found, False
        for pair, at in _meetings(group.members, subjects, gap).items():
            met = found.setdefault(pair, Met(group.one, at))
            met.people += group.size
            met.at = min(met.at, at)
    return found, True


class _Masks:
    """When entries are delivered, one bit for each bucket, to see quickly who is apart."""

    def __init__(self, subjects: Sequence[LintTarget], size: int, now: int) -> None:
        self._subjects = subjects
        self._size = size
        self._first = now // size
        self._known: dict[int, int] = {}

    def may_meet(self, members: Iterable[int]) -> bool:
        """Tell whether a closer look is worth while."""
        seen = 0
        for member in members:
            mask = self._known.get(member) or self._mask(member)
            if seen & (mask | mask << 1 | mask >> 1):
                return True
            seen |= mask
        return False

    def _mask(self, member: int) -> int:
        bits = {at // self._size - self._first for at in self._subjects[member].upcoming}
        self._known[member] = sum(1 << bit for bit in bits)
        return self._known[member]


def _meetings(
    members: Iterable[int], subjects: Sequence[LintTarget], gap: int
) -> dict[Pair, tuple[int, int]]:
    """Return which neighbours in time come too soon after each other, and when first."""
    every = sorted((at, member) for member in members for at in subjects[member].upcoming)
    found: dict[Pair, tuple[int, int]] = {}
    for (before, one), (after, other) in pairwise(every):
        if one != other and after - before < gap:
            found.setdefault((min(one, other), max(one, other)), (before, after))
    return found


def _finding(
    among: tuple[LintTarget, LintTarget], met: Met, partners: int, whole: bool, context: LintContext
) -> Finding:
    one, other = among
    before, after = met.at
    apart = f"within {span(after - before)}" if after > before else "at the same moment"
    more = "" if partners < 2 else f" {other.id} is as near to {partners - 1:,} more."
    who, example = whom(met, context.label, whole=whole)
    return Finding(
        "PSH501",
        when(other),
        f"{one.id} and {other.id} come to {who} {apart}, first on {moment(before, other.zone)}."
        f"{example}{more}",
        fix=f"keep them {span(context.policy.min_gap)} apart, or send only one of them",
    )
