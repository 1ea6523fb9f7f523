"""Characters that nobody sees, that turn text around, or that nobody meant."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from pushctl.diagnostics import Severity
from pushctl.lint import texts
from pushctl.lint.check import Finding, LintContext, LintTarget
from pushctl.manifest.yaml.positions import Path
from pushctl.text.mojibake import mended
from pushctl.text.quote import edges, quoted
from pushctl.text.regex import regex

_SUSPECT = regex(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # controls, but for tabs and line breaks
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u3164\uffa0"  # invisible letters and marks
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffd"
    "\ue000-\uf8ff\U000e0000-\U000e007f\U000f0000-\U0010ffff]"
    "|[\u0300-\u036f\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{3}"  # marks on marks
)
_JOINERS = frozenset("\u200c\u200d")
_MARKS_OF_DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069")
_OVERRIDES = frozenset("\u202d\u202e")
_BLACK_FLAG = "\U0001f3f4"
_TAGS = regex("\U0001f3f4[\U000e0020-\U000e007f]+")
_PICTURE = regex("[\u00a9\u00ae\u2000-\u3300\U0001f000-\U0001faff\ufe0f\u20e3]")


def check(subject: LintTarget, context: LintContext) -> Iterator[Finding]:
    """Yield text in another encoding, blanks at the ends, and the first suspect character."""
    for path, text in texts.shown(subject.texts):
        if not text.isascii() and (plain := mended(text)):
            detail = f"{quoted(text)} was written in UTF-8 and read in another encoding."
            fix = "write it anew" if "\ufffd" in plain else f"write {quoted(plain)}"
            yield Finding("PSH311", path, detail, fix=fix)
        elif path[0] == "message":
            yield from _field(str(path[1]), text, path)


def _field(field: str, text: str, place: Path) -> Iterator[Finding]:
    if field == "title" and "\n" in text.strip():
        detail = "The title has more than one line; most phones show only the first."
        yield Finding("PSH311", place, detail, "write it on one line", Severity.WARNING)
    if text.strip() and (blank := edges(text)):
        fix = "write `|-` for `|`, and `>-` for `>`" if text[-1] == "\n" else "delete the blanks"
        detail = f"The {field} {blank}, and is sent like that."
        yield Finding("PSH311", place, detail, fix, Severity.WARNING)
    found = [] if _SUSPECT.search(text) is None else list(_suspects(text))
    if found:
        at, what = found[0]
        more = f" There are {len(found) - 1} more." if len(found) > 1 else ""
        detail = f"Character {at + 1} of the {field} is {_name(text[at])}: {what}.{more}"
        fix = "delete it; it often comes with text pasted from elsewhere"
        yield Finding("PSH311", place, detail, fix, Severity.WARNING)


def _suspects(text: str) -> Iterator[tuple[int, str]]:
    clean = _TAGS.sub(lambda match: _BLACK_FLAG * len(match[0]), text)
    right_to_left = any(unicodedata.bidirectional(item) in ("R", "AL") for item in text)
    for match in _SUSPECT.finditer(clean):
        what = _problem(clean, match.start(), right_to_left=right_to_left)
        if what is not None:
            yield match.start(), what


def _problem(text: str, at: int, *, right_to_left: bool) -> str | None:
    """Say what is wrong with a suspect; None if it belongs where it stands."""
    character = text[at]
    kind = unicodedata.category(character)
    if character in _JOINERS and _joins(text, at):
        return None
    if character in _OVERRIDES:
        return "it turns the text after it around, as senders of fakes do"
    if character in _MARKS_OF_DIRECTION:
        return None if right_to_left else "it is about text from right to left, and there is none"
    if character == "\ufffd":
        return "it stands for one that was lost on the way here"
    if kind == "Co" or (kind == "Cn" and ord(character) > 0xE007F):
        return "only some phones have a picture for it, others show a box"
    if kind[0] == "M" and character != "\u034f":
        return "several marks stand on one letter, and phones draw them over other lines"
    return "nobody sees it, but vendors count it, and searching does not find the word"


def _joins(text: str, at: int) -> bool:
    """Tell whether a joiner stands between pictures, or in a script that needs it."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if _PICTURE.match(before) and _PICTURE.match(after):
        return True
    # Arabic to Khmer: the scripts in which letters join or must not.
    return "\u0600" <= before <= "\u17ff" or "\u0600" <= after <= "\u17ff"


def _name(character: str) -> str:
    name = unicodedata.name(character, "")
    return f"U+{ord(character):04X}{f' ({name.lower()})' if name else ''}"
