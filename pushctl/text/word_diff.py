"""The difference of two texts by words; in scripts without spaces each character is a word."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import groupby, takewhile

from msgspec import Struct

from pushctl.text.regex import regex
from pushctl.text.width import width

EFFORT = 1_000_000
"""How many equal pairs of words are compared at most; a plan must not wait for a strange text."""

ALIKE = 0.3
"""The share of words in common below which two texts are simply different."""

SHORT = 40
"""Cells up to which a value is shown whole, before and after, instead of word by word."""

_NUMBER = regex(r"(?<!\d)\d+(?:[.,:]\d+)+")
_SPACELESS = regex(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)


class Kind(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


class Piece(Struct, frozen=True):
    """A stretch of text that was there before, is there now, or both."""

    kind: Kind
    text: str


def diff(before: str, after: str) -> tuple[Piece, ...]:
    """Return the pieces of both texts in reading order; what is gone stands before what is new.

    Without what is new they are `before`, without what is gone `after`.
    """
    old, new = list(_words(before)), list(_words(after))
    head = common_start(old, new)
    tail = common_start(old[head:][::-1], new[head:][::-1])
    middle = _compared(old[head : len(old) - tail], new[head : len(new) - tail])
    parts = [(Kind.SAME, old[:head]), *middle, (Kind.SAME, old[len(old) - tail :])]
    return _joined(Piece(kind, "".join(words)) for kind, words in parts)


def shortened(pieces: Iterable[Piece], *, around: int, changes: int) -> tuple[Piece, ...]:
    """Keep the changes and what stands `around` them, in characters; `…` for what is left out.

    Of more than so many `changes`, and of long ones, only the beginning is kept.
    """
    listed = list(pieces)
    ends = [index for index, piece in enumerate(listed) if piece.kind is not Kind.SAME][:changes]
    last = ends[-1] + 1 if ends else 0
    kept = [
        _cut(piece, around, first=index == 0, last=index == len(listed) - 1)
        for index, piece in enumerate(listed[: last + 1])
    ]
    if len(listed) > last + 1:
        kept.append(Piece(Kind.SAME, "…"))
    return _joined(kept)


def changed_words(
    before: object, after: object, *, escape: Callable[[str], str], around: int, changes: int
) -> tuple[Piece, ...] | None:
    """Return the pieces of two escaped texts, shortened to what changed.

    None where it is clearer to show both values whole: if they are short, no texts, or have
    nothing in common.
    """
    if not (isinstance(before, str) and isinstance(after, str)):
        return None
    if max(width(before), width(after)) <= SHORT:
        return None
    pieces = diff(escape(before), escape(after))
    if not any(piece.kind is Kind.SAME for piece in pieces):
        return None
    return shortened(pieces, around=around, changes=changes)


def _cut(piece: Piece, around: int, *, first: bool, last: bool) -> Piece:
    """Shorten a piece: what stays the same to its ends next to a change, a change to its start."""
    text = piece.text
    if piece.kind is not Kind.SAME:
        return piece if len(text) <= 4 * around else Piece(piece.kind, text[: 4 * around] + "…")
    begin = "" if first else text[:around]
    end = "" if last else text[-around:]
    if len(begin) + len(end) + 3 >= len(text):
        return piece
    return Piece(Kind.SAME, f"{begin}…{end}")


# --- words ----------------------------------------------------------------------------------------


def _words(text: str) -> Iterator[str]:
    """Split a text into what is compared; put together it is the text again."""
    at = 0
    for number in _NUMBER.finditer(text):
        yield from _runs(text[at : number.start()])
        yield number[0]
        at = number.end()
    yield from _runs(text[at:])


def _runs(text: str) -> Iterator[str]:
    characters = list(text)
    if not text.isascii():
        from wcwidth import iter_graphemes  # noqa: PLC0415  (not free, and most texts need none)

        characters = list(iter_graphemes(text))
    for sort, run in groupby(characters, key=_sort):
        if sort == "alone":
            yield from run
        else:
            yield "".join(run)


def _sort(character: str) -> str:
    """Tell what a character makes with its neighbours: a word, a gap, or nothing."""
    first = character[0]
    if first.isspace():
        return "space"
    if _SPACELESS.match(first) or not (first.isalnum() or unicodedata.combining(first)):
        return "alone"
    return "word"


# --- comparing ------------------------------------------------------------------------------------


Part = tuple[Kind, Sequence[str]]


def common_start(one: Sequence[str], other: Sequence[str]) -> int:
    """Count with how many equal words, or lines, two texts begin."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _compared(old: Sequence[str], new: Sequence[str]) -> list[Part]:
    different: list[Part] = [(Kind.GONE, old), (Kind.NEW, new)]
    counted = Counter(new)
    if sum(counted[word] for word in old) > EFFORT:
        return different
    from difflib import SequenceMatcher  # noqa: PLC0415  (most plans change no text)

    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.quick_ratio() < ALIKE:
        return different
    parts: list[Part] = []
    for tag, begin, end, first, last in matcher.get_opcodes():
        if tag == "equal":
            parts.append((Kind.SAME, old[begin:end]))
        else:
            parts += [(Kind.GONE, old[begin:end]), (Kind.NEW, new[first:last])]
    return list(_readable(parts))


def _readable(parts: Sequence[Part]) -> Iterator[Part]:
    """Count what two changes have between them as changed, where it is too little to stand alone.

    The parts are groups of gone and new with the same between them; so is the result.
    """
    gone: list[str] = []
    new: list[str] = []
    for kind, words in parts:
        if kind is Kind.GONE:
            gone += words
        elif kind is Kind.NEW:
            new += words
        elif (gone or new) and not _stands_alone(words):
            gone += words
            new += words
        else:
            yield from ((Kind.GONE, gone), (Kind.NEW, new), (kind, words))
            gone, new = [], []
    yield from ((Kind.GONE, gone), (Kind.NEW, new))


def _stands_alone(words: Sequence[str]) -> bool:
    return sum(any(map(str.isalnum, word)) for word in words) >= 2


def _joined(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Leave out what is empty, and put neighbours of one kind together."""
    full = [piece for piece in pieces if piece.text]
    return tuple(
        Piece(kind, "".join(piece.text for piece in run))
        for kind, run in groupby(full, key=lambda piece: piece.kind)
    )
