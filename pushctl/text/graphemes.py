"""How much of a text fits on a line of a screen, cut between what a reader takes for characters."""

from __future__ import annotations

from wcwidth import iter_graphemes, wcswidth


def cells(piece: str) -> int:
    """Return how many cells one character of a reader takes; what cannot be measured takes one."""
    width: int = wcswidth(piece)
    return width if width >= 0 else 1


def fitting(text: str, limit: int) -> int:
    """Return how many characters of a text fit into so many cells, never half of an emoji."""
    if len(text) * 2 <= limit:
        return len(text)
    used = at = 0
    for piece in iter_graphemes(text):
        used += cells(piece)
        if used > limit:
            return at
        at += len(piece)
    return at
