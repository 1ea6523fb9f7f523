"""Takes words out of texts, in a time that does not depend on how many words there are."""

from __future__ import annotations

from collections.abc import Iterable


class Words:
    """Words that nobody may read; whole ones only, so that 1 makes no holes in every number."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(filter(None, words))
        self._lengths = sorted({len(word) for word in self._words}, reverse=True)

    def masked(self, text: str, instead: str) -> str:
        """Return a text with something else instead of whole words, of two the longer one."""
        parts: list[str] = []
        at = done = 0
        while self._lengths and at < len(text):
            end = self._end(text, at)
            if end is None:
                at += 1
                continue
            parts += (text[done:at], instead)
            at = done = end
        return "".join((*parts, text[done:]))

    def _end(self, text: str, at: int) -> int | None:
        """Return where the longest of the words that begin at an offset ends."""
        if at and _is_word(text[at - 1]):
            return None
        return next(
            (
                at + length
                for length in self._lengths
                if text[at : at + length] in self._words
                and not _is_word(text[at + length : at + length + 1])
            ),
            None,
        )


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"
