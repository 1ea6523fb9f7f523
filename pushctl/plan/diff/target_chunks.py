"""Which target goes into which call: stable chunks of at most ten.

Membership lives in the state and is never reshuffled: every task that changes its members has to be
cancelled and created again, and each of those is a chance to miss a delivery.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from itertools import islice

from pushctl.push.task import MAX_TARGETS


def assign_chunks(
    targets: Sequence[str], recorded: Mapping[int, Set[str]]
) -> dict[int, tuple[str, ...]]:
    """Spread targets over numbered chunks, touching as few recorded chunks as possible.

    Whoever has a place keeps it. Newcomers first fill chunks that somebody left (they have to be
    made anew in any case), then open full chunks of their own; what remains after that goes into
    one recorded chunk with enough room, else into one more new chunk. So a single newcomer costs
    at most one cancel and one create. Empty chunks are left out of the answer.
    """
    homes: dict[str, list[int]] = {target: [] for target in targets}
    for chunk, held in recorded.items():
        for target in homes.keys() & held:
            homes[target].append(chunk)
    members: dict[int, list[str]] = {chunk: [] for chunk in recorded}
    for target, chunks in homes.items():
        for chunk in chunks:
            members[chunk].append(target)
    waiting = [target for target, chunks in homes.items() if not chunks]
    touched = [
        chunk
        for chunk in sorted(recorded)
        if members[chunk] and len(members[chunk]) < len(recorded[chunk])
    ]
    waiting = _fill(waiting, touched, members)
    whole = len(waiting) // MAX_TARGETS * MAX_TARGETS
    waiting, remainder = waiting[:whole], waiting[whole:]
    if remainder:
        roomy = [
            chunk
            for chunk in sorted(recorded)
            if members[chunk] and MAX_TARGETS - len(members[chunk]) >= len(remainder)
        ]
        remainder = _fill(remainder, roomy[:1], members)
    following = max(recorded, default=-1) + 1
    waiting += remainder
    for number, start in enumerate(range(0, len(waiting), MAX_TARGETS), following):
        members[number] = waiting[start : start + MAX_TARGETS]
    return {chunk: tuple(held) for chunk, held in sorted(members.items()) if held}


def _fill(waiting: list[str], chunks: Sequence[int], members: dict[int, list[str]]) -> list[str]:
    left = iter(waiting)
    for chunk in chunks:
        members[chunk] += islice(left, MAX_TARGETS - len(members[chunk]))
    return list(left)
