"""The nearest known name to one that is unknown."""

from __future__ import annotations

import heapq
from collections.abc import Iterable

LONGEST_WORD = 120
MOST_WORDS = 40


def closest(word: str, words: Iterable[str], cutoff: float = 0.6) -> str | None:
    """Return the known word that is most like an unknown one; None if none is alike.

    `cutoff` is the least share of characters in common, 0 to 1. Comparing takes its time: words
    over 120 characters are not compared, and of very many those that begin or end alike.
    """
    if len(word) > LONGEST_WORD:
        return None
    short = (item for item in words if len(item) <= LONGEST_WORD)

    def in_common(item: str) -> int:
        pairs = (*zip(word, item, strict=False), *zip(word[::-1], item[::-1], strict=False))
        return sum(one == other for one, other in pairs)

    near = heapq.nlargest(MOST_WORDS, sorted(short), key=in_common)
    import difflib  # noqa: PLC0415  (only where a word is wrong)

    return next(iter(difflib.get_close_matches(word, near, n=1, cutoff=cutoff)), None)
