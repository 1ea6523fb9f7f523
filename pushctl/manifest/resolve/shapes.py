"""Regular expressions that a team writes to say what its targets look like. Pure.

They are matched against every target, on machines that read what strangers propose. So only a small
part of the language is taken: characters, sets of them, groups, `|`, and how often each comes. And
the ways in which one target can be tried are counted beforehand; if they are too many, the
expression is refused. Whatever is not understood here is refused as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_PATTERN = 200
MAX_TARGET = 200
"""Characters. A target that is longer fits no shape."""

MAX_WAYS = 20_000
"""In how many ways one target may be tried: one part of any length, and others that vary by 100."""

_ATOM = re.compile(
    r"\\[dDwWsS]"  # a kind of character
    r"|\\[^A-Za-z0-9]"  # a character that has a meaning otherwise
    r"|\[\^?\]?(?:\\[dDwWsS]|\\[^A-Za-z0-9]|[^\]\[\\])*\]"  # a set of characters
    r"|[^\\\[\](){}*+?|^$]"  # any other character, and `.`
)
_TIMES = re.compile(r"[*+?]|\{([0-9]{1,4})(,([0-9]{0,4}))?\}")
_OPEN = re.compile(r"\((?:\?:)?")


class ShapeError(ValueError):
    """A regular expression that cannot be used; says why."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of an expression: in how many ways it can be tried, and how many are of any length."""

    ways: int = 1
    endless: int = 0


def shape(pattern: str) -> re.Pattern[str]:
    """Return a regular expression for `fits`; raises `ShapeError`."""
    if len(pattern) > MAX_PATTERN:
        raise ShapeError(f"it is longer than {MAX_PATTERN} characters")
    try:
        whole = _Reader(pattern).whole()
    except RecursionError as error:
        raise ShapeError("it has too many groups in groups") from error
    if whole.endless > 1:
        raise ShapeError("only one part may be of any length; write {1,20} for the others")
    if whole.ways > MAX_WAYS:
        raise ShapeError(
            f"a target could be tried in {whole.ways:,} ways; make fewer parts long or short"
        )
    try:
        return re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise ShapeError(str(error)) from error


def fits(target: str, shape: re.Pattern[str]) -> bool:
    """Tell whether a whole target has a shape."""
    return len(target) <= MAX_TARGET and shape.fullmatch(target) is not None


class _Reader:
    """Reads an expression from left to right, and counts the ways."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0

    def whole(self) -> _Part:
        found = self._choice()
        if self._at < len(self._pattern):
            raise self._unknown()
        return found

    def _choice(self) -> _Part:
        """Read what stands between `|`: any of it may be tried."""
        found = self._sequence()
        while self._ahead("|"):
            self._at += 1
            other = self._sequence()
            found = _Part(found.ways + other.ways, max(found.endless, other.endless))
        return found

    def _sequence(self) -> _Part:
        """Read what comes one after another: every way of one with every way of the next."""
        if self._at == len(self._pattern) and self._at:
            raise ShapeError("it ends too early: a group is not closed, or a part is empty")
        if not self._pattern or self._ahead("|", ")"):
            raise ShapeError("a part of it is empty; write `(...)?` for what may be missing")
        found = _Part()
        while self._at < len(self._pattern) and not self._ahead("|", ")"):
            part = self._repeated()
            found = _Part(found.ways * part.ways, found.endless + part.endless)
        return found

    def _repeated(self) -> _Part:
        part = self._single()
        times = _TIMES.match(self._pattern, self._at)
        if times is None:
            return part
        self._at = times.end()
        if part.ways > 1 and times[0] != "?":
            raise ShapeError("a group with `*`, `+`, `?`, `{}` or `|` in it may not be repeated")
        if _TIMES.match(self._pattern, self._at):
            raise self._unknown()
        if times[0] in ("{0}", "{0,0}"):
            raise self._unknown()
        choices = _choices(times)
        if choices is None:
            return _Part(MAX_TARGET, 1)
        return _Part(part.ways + 1 if times[0] == "?" else choices, part.endless)

    def _single(self) -> _Part:
        """Read a character, a set of characters, or a group."""
        pattern = self._pattern
        if self._ahead("^") and self._at == 0:
            self._at += 1  # a whole target is matched anyway
            return _Part()
        if self._ahead("$") and self._at == len(pattern) - 1:
            self._at += 1
            return _Part()
        if opened := _OPEN.match(pattern, self._at):
            self._at = opened.end()
            found = self._choice()
            if not self._ahead(")"):
                raise ShapeError("a group is not closed")
            self._at += 1
            return found
        atom = _ATOM.match(pattern, self._at)
        if atom is None:
            raise self._unknown()
        self._at = atom.end()
        return _Part()

    def _ahead(self, *characters: str) -> bool:
        return self._pattern.startswith(characters, self._at)

    def _unknown(self) -> ShapeError:
        rest = self._pattern[self._at : self._at + 4] or self._pattern[-4:]
        return ShapeError(f"{rest!r} is not taken here, only characters, sets, groups and counts")


def _choices(times: re.Match[str]) -> int | None:
    """Return how many numbers of times there are to try; None if there is no end to them."""
    least, ranged, most = times.groups()
    if least is None:
        return 2 if times[0] == "?" else None
    if ranged is None:
        return 1
    return int(most) - int(least) + 1 if most else None
