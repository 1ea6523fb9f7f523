"""Entries that come to the same people soon after each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from itertools import pairwise
from operator import or_

from pushctl.lint.audiences import Group, Met, whom
from pushctl.lint.hours import when
from pushctl.lint.model import Finding, Setting, Subject
from pushctl.render.moments import moment, span

BUCKET = 900
"""Seconds: nearer moments are not told apart before a closer look."""

Pair = tuple[int, int]


def check(
    groups: Iterable[Group], subjects: Sequence[Subject], setting: Setting
) -> Iterator[tuple[Subject, Finding]]:
    """Yield each two entries that are nearer than `policy.min_gap`, to how many people."""
    gap = int(setting.policy.min_gap)
    masks = _Masks(subjects, max(gap, BUCKET), setting.now)
    pairs: dict[Pair, Met] = {}
    for group in groups:
        if len(group.members) > 1 and masks.may_meet(group.members):
            for pair, at in _meetings(group.members, subjects, gap).items():
                pairs.setdefault(pair, Met(group.one, at)).people += group.size
    for (one, other), met in pairs.items():
        yield subjects[other], _finding(subjects[one], subjects[other], met, setting)


class _Masks:
    """When entries are delivered, one bit for each stretch of time, to see quickly who is apart."""

    def __init__(self, subjects: Sequence[Subject], size: int, now: int) -> None:
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
        self._known[member] = reduce(or_, (1 << bit for bit in bits))
        return self._known[member]


def _meetings(
    members: Iterable[int], subjects: Sequence[Subject], gap: int
) -> dict[Pair, tuple[int, int]]:
    """Return which neighbours in time come too soon after each other, and when first."""
    every = sorted((at, member) for member in members for at in subjects[member].upcoming)
    found: dict[Pair, tuple[int, int]] = {}
    for (before, one), (after, other) in pairwise(every):
        if one != other and after - before < gap:
            found.setdefault((min(one, other), max(one, other)), (before, after))
    return found


def _finding(one: Subject, other: Subject, met: Met, setting: Setting) -> Finding:
    before, after = met.at
    apart = f"within {span(after - before)}" if after > before else "at the same moment"
    who, example = whom(met, setting.label)
    return Finding(
        "PSH501",
        when(other),
        f"{one.id} and {other.id} come to {who} {apart}, first on {moment(before, other.zone)}."
        f"{example}",
        fix=f"keep them {span(setting.policy.min_gap)} apart, or send only one of them",
    )
