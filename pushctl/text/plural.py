"""Words that several checks use: how many more, who, and how long."""

from __future__ import annotations

from collections.abc import Sequence

NAMED = 3
"""How many things a finding names before it only counts them."""


def count(number: int, one: str, many: str) -> str:
    """Write a number with its noun: `1 task`, `1,200 tasks`."""
    return f"{number:,} {one if number == 1 else many}"


def named(names: Sequence[str]) -> str:
    """Name a few, and count the others: `a, b, c and 2 more`."""
    more = len(names) - NAMED
    if more > 0:
        return f"{', '.join(names[:NAMED])} and {more:,} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def also(number: int, others: str) -> str:
    """Say how many others there are, as a sentence of its own; nothing if there are none."""
    if number < 1:
        return ""
    return f" {number:,} {others} {'is' if number == 1 else 'are'} like that."


def duration(seconds: int) -> str:
    """Write a duration as a manifest does, never longer than it is: `90m`, `2h`, `45s`."""
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds >= size and (seconds % size == 0 or seconds >= 4 * size):
            return f"{seconds // size}{unit}"
    return f"{seconds}s"
