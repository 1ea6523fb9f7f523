"""Make any text harmless for the place it is printed to.

Titles, targets and ids come from people and from a service; a terminal must not obey them.
"""

from __future__ import annotations

import unicodedata

_KEEP = frozenset("\n\t")

# Format characters that change how their neighbours are read: direction overrides and isolates,
# and the invisible ones. Joiners stay, because emoji are made of them.
_HARMLESS_FORMAT = frozenset("\u200c\u200d")


def terminal(text: str, *, lines: bool = False) -> str:
    """Spell out what a terminal would obey or hide: control, direction and invisible characters.

    With `lines`, line breaks and tabs are kept; otherwise they are spelled out too.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_spelled(character, lines) for character in text)


def _spelled(character: str, lines: bool) -> str:
    if character in _KEEP:
        return character if lines else repr(character)[1:-1]
    category = unicodedata.category(character)
    obeyed = category in ("Cc", "Zl", "Zp", "Cs")
    hidden = category == "Cf" and character not in _HARMLESS_FORMAT
    if obeyed or hidden:
        code = ord(character)
        return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
    return character


def plain(value: object, *, limit: int = 80) -> str:
    """Show any value of a manifest on one line of a terminal, shortened."""
    match value:
        case None:
            return "(none)"
        case bool():
            return "true" if value else "false"
        case str():
            text = value
        case list() | tuple():
            text = "[" + ", ".join(plain(item) for item in value) + "]"
        case _:
            text = str(value)
    text = terminal(text)
    return text if len(text) <= limit else text[: limit - 1] + "…"
