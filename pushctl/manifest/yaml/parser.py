"""YAML text to parser events, with the offset at which each begins and ends.

libyaml's parser is used where it is installed, and ruamel.yaml's own one otherwise. The libyaml
that ruamel.yaml brings is an old one: inside brackets it stumbles over `20:00` and `really?`, which
YAML 1.2 allows. Such colons and question marks are therefore hidden from it behind stand-ins of the
same length, so that every offset stays the same. So are three characters that ended a line in YAML
1.1, and the backslashes of characters that JSON writes as a pair (`\\ud83d\\ude00`). What it still
refuses inside brackets, the other parser decides.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from msgspec import Struct
from ruamel.yaml import YAML
from ruamel.yaml import events as events
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from pushctl.text.regex import regex

try:
    from _ruamel_yaml import CParser
except ImportError:  # the wheel is missing on this platform
    CParser = None

NextEvent: TypeAlias = Callable[[], Any]
"""Returns the next event; raises one of `ERRORS`."""

HALF_A_PAIR = "invalid Unicode character escape"
"""What a parser complains of if half of a character stands alone (`\\ud83d`)."""

ERRORS = (YAMLError, UnicodeError, ValueError)

# Characters that Unicode promises never to use; `errors.decode` has refused them by now.
_COLON, _QUESTION = "\ufdd0", "\ufdd1"
# The literal comes first in both: with a look behind in front they would take 20 times as long.
_PLAIN_COLON = regex(r""":(?=[^\s,\[\]{}])(?<!["'\]}]:)""")
_PLAIN_QUESTION = regex(r"""\?(?<=[^\s,\[\]{}"']\?)""")
_BREAKS = (("\x85", "\ufdd2"), ("\u2028", "\ufdd3"), ("\u2029", "\ufdd4"))
_BACK = {0xFDD0: ":", 0xFDD1: "?", 0xFDD2: "\x85", 0xFDD3: "\u2028", 0xFDD4: "\u2029", 0xFDD5: "\\"}
# A pair of surrogates (RFC 8259, section 7), unless its first backslash is itself escaped.
_PAIR = regex(r"(?<!\\)((?:\\\\)*)\\(u[Dd][89ABab][0-9A-Fa-f]{2})\\(u[Dd][C-Fc-f][0-9A-Fa-f]{2})")
_HIDDEN_PAIR = regex("\ufdd5u([Dd][89ABab]..)\ufdd5u([Dd][C-Fc-f]..)")
_SURROGATE = regex("[\ud800-\udfff]")
_IN_BRACKETS = ("flow", "unexpected ':'")


class SyntaxProblem(Struct, frozen=True):
    """A parser's complaint, with the offsets that it is about.

    `context` is what the parser was reading, from `context_at` on. `undecided` tells that another
    parser may accept the text.
    """

    problem: str
    context: str
    context_at: int | None
    at: int
    undecided: bool


def parsers(text: str) -> Iterator[NextEvent]:
    """Yield the parsers to try, in this order, as long as a problem is `undecided`."""
    for character, stand_in in _BREAKS:
        text = text.replace(character, stand_in)
    if "\\u" in text:
        text = _PAIR.sub("\\1\ufdd5\\2\ufdd5\\3", text)
    if CParser is not None:
        yield CParser(_PLAIN_QUESTION.sub(_QUESTION, _PLAIN_COLON.sub(_COLON, text))).get_event
    yield YAML(typ="safe", pure=True).parse(io.StringIO(text)).__next__


def value_of(event: Any) -> str:
    """Return the text of a scalar event as it was written; raises one of `ERRORS`."""
    text: str = event.value
    if text.isascii():
        return text
    if event.style == '"':
        text = _HIDDEN_PAIR.sub(lambda x: bytes.fromhex(x[1] + x[2]).decode("utf-16-be"), text)
        if _SURROGATE.search(text):  # the portable parser takes it
            raise MarkedYAMLError(problem=HALF_A_PAIR, problem_mark=event.start_mark)
    return text.translate(_BACK)


def problem_of(error: Exception) -> SyntaxProblem:
    """Return what a parser raised; errors that are not about a place stand at the beginning."""
    if not isinstance(error, MarkedYAMLError):
        return SyntaxProblem("", "", None, 0, undecided=False)
    problem, context = str(error.problem or ""), str(error.context or "")
    context_at = error.context_mark.index if error.context_mark is not None else None
    at = error.problem_mark.index if error.problem_mark is not None else context_at
    undecided = any(word in part for word in _IN_BRACKETS for part in (problem, context))
    return SyntaxProblem(problem, context, context_at, at or 0, undecided)
