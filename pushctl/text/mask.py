"""Takes words out of texts, in a time that does not depend on how many words there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable


def masking(words: Iterable[str], instead: str) -> Callable[[str], str]:
    """Return what puts `instead` for words; whole ones only, so that 1 makes no hole in 10.

    Of two words that begin at one place the longer one counts.
    """
    known = frozenset(words) - {""}
    lengths = sorted(set(map(len, known)), reverse=True)

    def masked(text: str) -> str:
        made: list[str] = []
        at = 0
        while at < len(text):
            ends = (at + length for length in lengths) if not _inside(text, at) else ()
            whole = (end for end in ends if text[at:end] in known and not _inside(text, end))
            end = next(whole, None)
            made.append(text[at] if end is None else instead)
            at = end or at + 1
        return "".join(made)

    return masked


def _inside(text: str, at: int) -> bool:
    """Tell whether an offset is behind a character of a word that goes on."""
    return all(item.isalnum() or item == "_" for item in (text[at - 1 : at], text[at : at + 1]))
