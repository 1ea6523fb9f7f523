"""Explains why a parser gave up, for people who did not learn YAML."""

from __future__ import annotations

from pushctl.diagnostics import Diagnostic, Severity
from pushctl.manifest.yaml import typos
from pushctl.manifest.yaml.parser import SyntaxProblem
from pushctl.manifest.yaml.positions import SourceText

_UNREADABLE = "The file cannot be read as YAML"

_TAB = (
    "The indentation of this line has a tab; YAML takes only spaces.",
    "use spaces, two a level",
)
_QUOTE = (
    "The quote that opens here is never closed.",
    "close the quote, or use the other kind of quotes around text that contains one",
)
_INDENT = (
    "This line does not fit the lines above it; most often its indentation is off, or a quote or "
    "bracket is left open before it.",
    "line it up with the other keys of the same level",
)
_COLON = (
    "There is a second colon followed by a space on this line, so it is unclear what is the key.",
    'put the text in quotes, for example title: "Sale: 8 hours only"',
)
_BRACKET = (
    "The bracket that opens here is not closed, or a comma is missing inside it.",
    "close the bracket, and put a comma between the items",
)
_KEY = (
    "This line has a key without a colon, or text that belongs to the line above.",
    "write `key: value`, with a space after the colon",
)
_ESCAPE = (
    "A backslash in double quotes begins a special character, and this one does not exist.",
    "use single quotes, or write the backslash twice",
)
_START = ("A value cannot begin with this character.", "put the text in quotes")
_OTHER = ("The text cannot be understood from here on.", "compare it with the lines that work")

_BY_PROBLEM = (
    ("unknown escape", _ESCAPE),
    ("hexadecimal", _ESCAPE),
    ("scanning a quoted scalar", _QUOTE),
    ("flow sequence", _BRACKET),
    ("flow mapping", _BRACKET),
    ("flow node", _BRACKET),
    ("could not find expected ':'", _KEY),
    ("simple key", _KEY),
    ("block", _INDENT),
    ("cannot start any token", _START),
    ("alias", _START),
    ("anchor", _START),
    ("directive", _START),
    ("tag", _START),
)
_AT_CONTEXT = (_QUOTE, _BRACKET)


def explain(source: SourceText, found: SyntaxProblem) -> Diagnostic:
    """Turn a parser's complaint into a sentence and the place where something has to be typed."""
    at = max(0, min(found.at, len(source.text)))
    message = _message(source, found, at)
    at = _inside(source.text, at)
    typo = _typo(source, message, found.context_at, at)
    if typo is not None:
        return typo.finding("PSH100", _UNREADABLE)
    if message in _AT_CONTEXT and found.context_at is not None:
        at = _inside(source.text, found.context_at)
    where = source.range(at)
    return Diagnostic(Severity.ERROR, "PSH100", _UNREADABLE, message[0], where, fix=message[1])


def _message(source: SourceText, found: SyntaxProblem, at: int) -> tuple[str, str]:
    before = source.text[source.line_start(at) : at + 1]
    if "mapping values" in found.problem:
        if not before.endswith(":"):
            return _KEY
        return _COLON if ": " in before else _INDENT
    if "\t" in before and not before[:-1].strip(" \t"):
        return _TAB
    for part, message in _BY_PROBLEM:
        if part in found.problem or part in found.context:
            return message
    return _OTHER


def _typo(
    source: SourceText, message: tuple[str, str], context_at: int | None, at: int
) -> typos.Typo | None:
    """Return the typo that a parser's complaint comes from, if it is one."""
    if message == _BRACKET and context_at is not None:
        return typos.in_brackets(source, context_at, at)
    return typos.above(source, at) if message in (_COLON, _KEY, _INDENT) else None


def _inside(text: str, at: int) -> int:
    """Step back from an empty end to the last character, so that the place can be shown."""
    return min(at, max(len(text.rstrip()) - 1, 0))
