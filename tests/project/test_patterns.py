"""Every regular expression takes time linear in the text, whatever the text is.

For each repetition in an expression texts are made that repeat just that, between what comes before
it and something that cannot come after it. An expression that can read such a text in more than one
way, or that reads it again from every character on, takes far longer for each character of it.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import signal
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from re import _constants as codes  # type: ignore[attr-defined]  # no public name
from re import _parser as parser  # type: ignore[attr-defined]  # no public name
from typing import Any

import pytest

import pushctl
from pushctl.text.regex import regex

MANY = 64
"""A repetition that may go on so often is one without an end."""

SIZE = 3_000
ENDS = ("\x00", "!")
MOST = 2e-6
"""Seconds for each character. What is linear takes a fifth of it at most, and what is not takes
several times as much in a text of `SIZE` repetitions."""

PATIENCE = 2.0
"""Seconds of the processor after which a search is given up. Far less shows a planted mistake."""

REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT)
CATEGORIES: dict[Any, tuple[str, Callable[[str], bool]]] = {
    codes.CATEGORY_SPACE: (" ", str.isspace),
    codes.CATEGORY_NOT_SPACE: ("a", lambda item: not item.isspace()),
    codes.CATEGORY_DIGIT: ("1", str.isdigit),
    codes.CATEGORY_NOT_DIGIT: ("a", lambda item: not item.isdigit()),
    codes.CATEGORY_WORD: ("a", lambda item: item.isalnum() or item == "_"),
    codes.CATEGORY_NOT_WORD: ("-", lambda item: not (item.isalnum() or item == "_")),
}


# --- which expressions there are, and how they are used -------------------------------------------


def expressions() -> dict[tuple[str, bool], re.Pattern[str]]:
    """Return all expressions, those in calls included, and whether they are searched for.

    What is only matched at one place of a text need not be quick to find in it.
    """
    found: dict[tuple[str, bool], re.Pattern[str]] = {}
    for item in pkgutil.walk_packages(pushctl.__path__, "pushctl."):
        module = importlib.import_module(item.name)
        source = Path(str(module.__file__)).read_text("utf-8")
        for name, value in vars(module).items():
            pattern = getattr(value, "pattern", None) if _is_expression(value) else None
            if isinstance(pattern, str):
                found[pattern, _is_searched(name, source)] = value
        for pattern, function in _in_calls(source):
            found[pattern, function not in ("match", "fullmatch")] = re.compile(pattern)
    return found


def _is_expression(value: object) -> bool:
    return isinstance(value, re.Pattern | type(regex("")))


def _is_searched(name: str, source: str) -> bool:
    uses = re.findall(rf"\b{name}\b(?! = )(\.(?:full)?match\()?", source)
    return not all(uses)


def _in_calls(source: str) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="re"), attr=function),
                args=[ast.Constant(value=str(pattern)), *_],
            ) if function != "compile":
                yield pattern, function


# --- texts that are hard for them -----------------------------------------------------------------


def hard_texts(pattern: re.Pattern[str], size: int) -> Iterator[str]:
    """Yield texts that repeat one part of an expression, for each part that it may repeat."""
    for before, body in _repeated(list(parser.parse(pattern.pattern, pattern.flags)), ""):
        marked = (
            part + mark for part in (body, before + body) for mark in ("", " ", "-", ".", "a")
        )
        for pump in {before, *marked} - {""}:
            yield from (before + pump * size + end for end in ENDS)


def _repeated(items: list[Any], before: str) -> Iterator[tuple[str, str]]:
    """Yield what may stand before each repetition without an end, and what it repeats."""
    for at, (code, argument) in enumerate(items):
        here = before + _sample(items[:at])
        if code in REPEATS and argument[1] >= MANY:
            yield here, _sample(argument[2])
        for part in _parts(code, argument):
            yield from _repeated(list(part), here)


def _parts(code: Any, argument: Any) -> list[Any]:
    if code in REPEATS:
        return [argument[2]]
    if code is codes.SUBPATTERN:
        return [argument[3]]
    if code is codes.BRANCH:
        return list(argument[1])
    if code is codes.ATOMIC_GROUP:
        return [argument]
    return [argument[1]] if code in (codes.ASSERT, codes.ASSERT_NOT) else []


def _sample(items: Any) -> str:
    """Return a text that fits a part of an expression."""
    return "".join(_one(code, argument) for code, argument in items)


def _one(code: Any, argument: Any) -> str:
    if code is codes.LITERAL:
        return chr(argument)
    if code is codes.NOT_LITERAL:
        return "a" if argument != ord("a") else "b"
    if code is codes.ANY:
        return "a"
    if code is codes.IN:
        return _member(argument)
    if code in (codes.AT, codes.ASSERT_NOT) or (code is codes.ASSERT and argument[0] > 0):
        return ""
    parts = _parts(code, argument)
    return _sample(parts[0]) * (max(argument[0], 1) if code in REPEATS else 1) if parts else ""


def _member(items: list[Any]) -> str:
    """Return a character of a class."""
    code, argument = items[0]
    if code is codes.NEGATE:
        choices = (item for item in "a-. 0_/\x01\n\u4e00" if not _is_within(items[1:], item))
        return next(choices)
    if code is codes.CATEGORY:
        return CATEGORIES[argument][0]
    return chr(argument[0] if code is codes.RANGE else argument)


def _is_within(items: list[Any], character: str) -> bool:
    number = ord(character)
    return any(
        (code is codes.LITERAL and argument == number)
        or (code is codes.RANGE and argument[0] <= number <= argument[1])
        or (code is codes.CATEGORY and CATEGORIES[argument][1](character))
        for code, argument in items
    )


# --- how long they take ---------------------------------------------------------------------------


class TooSlow(Exception):
    """A search was given up."""


def give_up(*_: object) -> None:
    raise TooSlow


def is_slow(pattern: re.Pattern[str], *, searched: bool, patience: float = PATIENCE) -> str | None:
    """Return the beginning of a text that takes too long; None if there is none."""
    uses = [pattern.fullmatch, pattern.match]
    if searched:
        uses.append(lambda text: [*map(bool, pattern.finditer(text))])  # type: ignore[list-item,return-value]
    for size in (25, SIZE):
        for text in hard_texts(pattern, size):
            if any(_takes_long(partial(use, text), len(text), size, patience) for use in uses):
                return text[:60]
    return None


def _takes_long(use: Callable[[], object], length: int, size: int, patience: float) -> bool:
    for _ in range(3):  # a machine may be busy with something else for a moment
        begin = time.process_time()
        signal.setitimer(signal.ITIMER_VIRTUAL, patience)
        try:
            use()
        except TooSlow:
            return True
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        if size < SIZE or time.process_time() - begin <= MOST * length:
            return False
    return True


@pytest.fixture(autouse=True)
def able_to_give_up() -> Iterator[None]:
    before = signal.signal(signal.SIGVTALRM, give_up)
    yield
    signal.signal(signal.SIGVTALRM, before)


def test_every_expression_is_linear() -> None:
    found = {
        pattern.pattern: text
        for (_, searched), pattern in expressions().items()
        if (text := is_slow(pattern, searched=searched)) is not None
    }
    assert found == {}


@pytest.mark.parametrize(
    "pattern",
    [
        r"(?:[ \n]+|#[^\n]*)*---",  # both read #### in many ways
        r"\s*[(]?\s*test",  # spaces go to the first or to the second
        r"[a-z]+://",  # begun anew at every letter
        r"<([^>]*)>;",
    ],
)
def test_an_expression_that_is_not_linear_is_noticed(pattern: str) -> None:
    assert is_slow(re.compile(pattern), searched=True, patience=0.2) is not None


def test_what_is_matched_at_one_place_need_not_be_quick_to_find() -> None:
    assert is_slow(re.compile("[a-z]+://"), searched=False) is None
