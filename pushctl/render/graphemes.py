"""What a reader takes for one character, and how much of a text fits on a line of a screen.

A simple form of Unicode's rules (UAX 29): marks, joined emoji, skin tones, flags and Korean
syllables stay whole. Rarer scripts may be cut between signs that belong together.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

_JOINER = "\u200d"


def graphemes(text: str) -> Iterator[str]:
    """Yield a text in pieces that a reader takes for one character each."""
    piece = ""
    for character in text:
        if piece and not _belongs(piece, character):
            yield piece
            piece = ""
        piece += character
    if piece:
        yield piece


def _belongs(piece: str, character: str) -> bool:
    """Tell whether a character goes on with the piece before it."""
    if character < "\u0300":
        return piece == "\r" and character == "\n"
    if piece in ("\r", "\n"):
        return False
    if _is_flag_half(character):
        return len(piece) == 1 and _is_flag_half(piece)
    return piece[-1] == _JOINER or _extends(character)


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _extends(character: str) -> bool:
    """Tell whether a character only changes the one before it."""
    if unicodedata.category(character) in ("Mn", "Mc", "Me"):
        return True
    skin_tone = "\U0001f3fb" <= character <= "\U0001f3ff"
    tag = "\U000e0020" <= character <= "\U000e007f"
    korean = "\u1160" <= character <= "\u11ff"
    return skin_tone or tag or korean or character in "\u200c\u200d"


def cells(piece: str) -> int:
    """Return how many cells one piece takes: two if it is wide or an emoji, else one."""
    wide = any(unicodedata.east_asian_width(character) in "WF" for character in piece)
    return 2 if wide or "\ufe0f" in piece or _is_flag_half(piece[0]) else 1


def fitting(text: str, limit: int) -> int:
    """Return how many characters of a text fit into so many cells, never half a piece."""
    if len(text) * 2 <= limit:
        return len(text)
    used = at = 0
    for piece in graphemes(text):
        used += cells(piece)
        if used > limit:
            return at
        at += len(piece)
    return at
