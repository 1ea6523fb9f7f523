"""Numbers with their nouns, and lists of names in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

NAMED = 3
"""How many names a sentence has before it only counts the others."""


def count(number: int, one: str, many: str | None = None) -> str:
    """Write a number with its noun: `1 task`, `1,200 tasks`; `many` is `one` with an s if None."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(words: Sequence[str], last: str = "and") -> str:
    """Join words: `1, 2 and 3`; empty for none."""
    return f" {last} ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def named(names: Sequence[str]) -> str:
    """Name a few, and count the others: `a, b, c and 2 more`."""
    more = len(names) - NAMED
    return f"{', '.join(names[:NAMED])} and {more:,} more" if more > 0 else listed(names)


def some(parts: Sequence[str], between: str = ", ", shown: int = NAMED) -> str:
    """Join a few, and count the others: `a, b, c and 2 more`, or `a; b; c; and 2 more`."""
    more = len(parts) - shown
    rest = f"{between.rstrip(', ')} and {more} more" if more > 0 else ""
    return between.join(parts[:shown]) + rest


def also(number: int, others: str) -> str:
    """Say how many others there are, as a sentence of its own; nothing if there are none."""
    if number < 1:
        return ""
    return f" {number:,} {others} {'is' if number == 1 else 'are'} like that."
