"""What stands in lists of people and is nobody, and what people's names look like."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from pushctl.manifest.resolve.audience_columns import WORDS
from pushctl.push.identity import is_digest
from pushctl.text.quote import quoted
from pushctl.text.regex import regex

NO_TARGET = "is how `targets: hashed` names somebody, and nobody's target"
MEANT = "write the target that was meant, as the app knows it"
_NOBODY = tuple(
    (regex(item["value"], re.IGNORECASE), item["is"], item["fix"]) for item in WORDS["nobody"]
)
_INSTEAD = tuple((regex(item["line"]), item["is"], item["fix"]) for item in WORDS["instead"])
NO_COMMENT = regex(f"[^#]|{WORDS['nobody'][0]['value']}")  # errors of a spreadsheet have a #
_UNSEEN = regex(  # what is no control or format character, and shows nothing all the same
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
ALONE = regex(r"[\s,;|，、；]")  # stands between targets where a line should hold one
_HEXADECIMAL = regex(r"[0-9A-Fa-f-]{16,}")
_LETTERS = regex(r"[^\W\d_]+")
_DIGITS = regex(r"\d+")


def invisible(target: str) -> str | None:
    """Name the first character in a target that nobody can see; None if it has none."""
    if target.isprintable() and not _UNSEEN.search(target):
        return None
    hidden = (x for x in target if unicodedata.category(x) in _HIDDEN or _UNSEEN.match(x))
    return next((f"the invisible character U+{ord(x):04X}" for x in hidden), None)


def problem_of(target: str, between: re.Pattern[str] | None) -> tuple[str, str] | None:
    """Say why a value of a list names nobody, and what to do; None if it may be somebody.

    It may be several if it holds something of `between`.
    """
    if unseen := invisible(target):
        return f"{quoted(target)} holds {unseen}", "delete the character"
    if is_digest(target):
        return f"{quoted(target)} {NO_TARGET}", MEANT
    for pattern, what, fix in _NOBODY:
        if pattern.fullmatch(target):
            return f"{quoted(target)} {what}", fix
    if between and (mark := between.search(target)):
        fix = "write one target a line; one that really holds it can stand in a .jsonl file"
        return f"{quoted(target)} holds {quoted(mark[0])}, so these may be several targets", fix
    return None


def not_a_list(lines: Sequence[str]) -> tuple[int, str, str] | None:
    """Find what stands in place of a list, or amid it: line (from 1), what it is, what to do."""
    filled = ((number, line.lstrip()) for number, line in enumerate(lines, 1) if line.strip())
    for at, (number, line) in enumerate(filled):
        for pattern, what, fix in _INSTEAD[:1] if at else _INSTEAD:
            if pattern.match(line):
                return number, what, fix
    return None


def shape(target: str) -> str:
    """Return what a target looks like: `a` stands for letters, `0` for digits."""
    if _HEXADECIMAL.fullmatch(target) and not target.isdigit():
        return "0x"
    return _DIGITS.sub("0", _LETTERS.sub("a", target))


def common_shape(targets: Iterable[str]) -> str | None:
    """Return the shape that all targets have; None if they differ or it is that of any word."""
    shapes = {shape(target) for target in targets}
    found = shapes.pop() if len(shapes) == 1 else ""
    return found if "0" in found or "@" in found else None


def odd_one_out(targets: Collection[str]) -> str | None:
    """Return the one target that looks unlike at least three others, which look the same.

    Among long numbers of one length a shorter one has lost its zeros.
    """
    looks = Counter((shape(target), len(target)) for target in targets)
    if len(looks) != 2:
        return None
    ((usual, length), others), ((other, short), alone) = looks.most_common()
    is_short = usual == "0" and 8 <= length > short
    if others < 3 or alone > 1 or "0" not in usual or (other == usual and not is_short):
        return None
    return next(target for target in targets if (shape(target), len(target)) == (other, short))
