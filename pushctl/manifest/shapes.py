"""Regular expressions that a team writes to say what its targets look like. Pure.

They are matched against every target, on machines that read what strangers propose. So what could
take forever is refused: too many parts that may be long or short, and groups of them that repeat.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

MAX_PATTERN = 200
MAX_TARGET = 200
"""Characters. A target that is longer fits no shape."""

MAX_VARIABLE = 4
"""Parts that may be long or short; with each of them there is more to try."""

_TOKEN = re.compile(
    r"\\."  # an escaped character
    r"|\[\^?\]?(?:\\.|[^\]\\])*\]"  # a set of characters
    r"|\(\?(?:[aiLmsux-]*[:=!>)]|P?<[^>]*>|<[=!])"  # a group with a mark
    r"|[*+?][?+]?|\{\d*,?\d*\}[?+]?"  # a repetition
    r"|.",
    re.DOTALL,
)
_FIXED = re.compile(r"\{(?:\d+)?\}[?+]?")


class ShapeError(ValueError):
    """A regular expression that cannot be used; says why."""


def shape(pattern: str) -> re.Pattern[str]:
    """Return a regular expression for `fits`; raises `ShapeError`."""
    if len(pattern) > MAX_PATTERN:
        raise ShapeError(f"it is longer than {MAX_PATTERN} characters")
    try:
        compiled = re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise ShapeError(str(error)) from error
    weights = tuple(_weights(pattern))
    if any(repeated for repeated, _ in weights):
        raise ShapeError("a group with `*`, `+`, `?`, `{}` or `|` in it may not be repeated")
    if sum(weight for _, weight in weights) > MAX_VARIABLE:
        raise ShapeError(f"it has more than {MAX_VARIABLE} parts with `*`, `+`, `?`, `{{}}` or `|`")
    return compiled


def fits(target: str, shape: re.Pattern[str]) -> bool:
    """Tell whether a whole target has a shape."""
    return len(target) <= MAX_TARGET and shape.fullmatch(target) is not None


def _weights(pattern: str) -> Iterator[tuple[bool, int]]:
    """Yield each part that is variable: whether it repeats something variable, and 1."""
    groups = [False]  # of each open group, whether something in it is variable
    closed = False  # whether the part before ends a group with something variable in it
    for token in (found[0] for found in _TOKEN.finditer(pattern)):
        repeats = token[0] in "*+?" or (token[0] == "{" and len(token) > 1)
        fixed = _FIXED.fullmatch(token) is not None
        again = closed and repeats and token[0] != "?"
        if again or (repeats and not fixed):
            yield again, 1
        groups[-1] |= (repeats and not fixed) or token == "|"
        if token == "|" and len(groups) > 1:
            yield False, 1
        closed = False
        if token[0] == "(":
            groups.append(False)
        elif token == ")" and len(groups) > 1:
            closed = groups.pop()
            groups[-1] |= closed
