"""Explains why a parser gave up, for people who did not learn YAML."""

from __future__ import annotations

import re

from pushctl import schemas
from pushctl.diagnostics import Diagnostic, Severity
from pushctl.manifest.yaml import typos
from pushctl.manifest.yaml.parser import HALF_A_PAIR, SyntaxProblem
from pushctl.manifest.yaml.positions import SourceText

UNREADABLE = "The file cannot be read as YAML"

_TAB = (
    "The indentation of this line has a tab; YAML takes only spaces.",
    "use spaces, two a level",
)
_QUOTE = (
    "The quote that opens here is never closed.",
    "close the quote, or use the other kind of quotes around text that contains one",
)
_INSIDE = "The text began with such a quote, so it ends here, but more text follows."
_QUOTE_INSIDE = {
    "'": (_INSIDE, "write two of them ('') inside the text, or put all of it in double quotes"),
    '"': (_INSIDE, 'write \\" inside the text, or put all of it in single quotes'),
}
_INDENT = (
    "This line does not fit the lines above it; most often its indentation is off, or a quote or "
    "bracket is left open before it.",
    "line it up with the other keys of the same level",
)
_COLON = (
    "There is a second colon followed by a space in this text, so it is unclear what is the key.",
    "put the whole text in quotes",
)
_NO_QUOTES = ("In brackets, a text with brackets needs quotes.", "put all of the text in quotes")
_CLOSES_NOTHING = ("No bracket is open that this one closes.", "delete it, or put a text in quotes")
_NO_COMMA = ("There is no comma before this name.", "put one there, or all of the text in quotes")
_COMMA = ("Only items in brackets have commas between them.", "delete the comma")
_BEHIND_BRACKET = ("No text can follow what is in brackets.", "put all of the text in quotes")
_HALF = ("This is half of a character, without the other half.", "write the character itself")
_DASH = ("A list begins on a line of its own.", "write it there, or put a text in quotes")
_BRACKET = (
    "The bracket that opens here is not closed, or a comma is missing inside it.",
    "close the bracket, and put a comma between the items; or put a text that has it in quotes",
)
_KEY = (
    "This line has a key without a colon, or text that belongs to the line above.",
    "write `key: value`, with a space after the colon; or indent it, if it is such text",
)
_ESCAPE = (
    "A backslash in double quotes begins a special character, and this one does not exist.",
    "use single quotes, or write the backslash twice",
)
_START = ("A value cannot begin with this character.", "put the text in quotes")
_OTHER = ("The text cannot be understood from here on.", "compare it with the lines that work")

_BY_PROBLEM = (
    (HALF_A_PAIR, _HALF),
    ("unknown escape|hexa?decimal", _ESCAPE),
    ("sequence entries are not allowed", _DASH),
    ("scanning a quoted scalar", _QUOTE),
    ("flow (sequence|mapping|node)", _BRACKET),
    ("could not find expected ':'|simple key", _KEY),
    ("cannot start any|mapping keys|block (scalar|node)|alias|anchor|directive|tag", _START),
    ("block", _INDENT),
)
_AT_CONTEXT = (_QUOTE, _BRACKET, _START)
_FIELD = re.compile(r"[A-Za-z_][\w-]*:(?=\s|$)")
_LAST_WORD = re.compile(r"[ ;]([A-Za-z_]\w*)$")


def explain(source: SourceText, found: SyntaxProblem) -> Diagnostic:
    """Turn a parser's complaint into a sentence and the place where something has to be typed."""
    at = max(0, min(found.at, len(source.text)))
    message = _message(source, found, at)
    beside = None if "quoted" in found.context else _beside(source, at)
    if found.context_at is not None and message == _KEY:
        at = found.context_at
    at = _inside(source.text, at)
    typo = _typo(source, message, found.context_at, at)
    if typo is not None:
        return typo.finding("PSH100", UNREADABLE)
    if beside is not None:
        message, at = beside
    elif message == _HALF:
        at = source.text.rfind("\\", 0, at + 1)
    elif message in _AT_CONTEXT and found.context_at is not None:
        at = _inside(source.text, found.context_at)
    where = source.range(at)
    return Diagnostic(Severity.ERROR, "PSH100", UNREADABLE, message[0], where, fix=message[1])


def _beside(source: SourceText, at: int) -> tuple[tuple[str, str], int] | None:
    """Say what is wrong where something follows that cannot, and where that is."""
    before = source.text[source.line_start(at) : at]
    left, right = before.rstrip(), source.text[at : source.line_end(at)].rstrip()
    last, close = left[-1:], at - len(before) + len(left) - 1
    if not left or not right:
        return None
    if right[0] == ":" and ": " in left:
        word = _LAST_WORD.search(left)
        known = word is not None and word[1] in schemas.field_names()
        return (_NO_COMMA, close - len(word[1]) + 1) if word and known else (_COLON, at)
    if last in _QUOTE_INSIDE and (opened := source.text.rfind(last, 0, close)) < at - len(before):
        return _QUOTE, opened
    if last not in "\"']}":
        return (_NO_QUOTES, at) if right[0] in "[{" and last not in ":,[{" else None
    if right[0] in "]}":
        return _CLOSES_NOTHING, at
    if right == ",":
        return _COMMA, at
    if _FIELD.match(right) and left != before:
        return _NO_COMMA, at
    return (_QUOTE_INSIDE[last], close) if last in _QUOTE_INSIDE else (_BEHIND_BRACKET, at)


def _message(source: SourceText, found: SyntaxProblem, at: int) -> tuple[str, str]:
    before = source.text[source.line_start(at) : at + 1]
    if "mapping values" in found.problem:
        if not before.endswith(":"):
            return _KEY
        return _COLON if ": " in before else _INDENT
    if "\t" in before and not before[:-1].strip(" \t"):
        return _TAB
    for part, message in _BY_PROBLEM:
        if re.search(part, f"{found.problem} {found.context}"):
            return message
    return _OTHER


def _typo(
    source: SourceText, message: tuple[str, str], context_at: int | None, at: int
) -> typos.Typo | None:
    """Return the typo that a parser's complaint comes from, if it is one."""
    if message == _BRACKET and context_at is not None:
        return typos.in_brackets(source, min(context_at, source.line_start(at)), at)
    return typos.above(source, at) if message in (_COLON, _KEY, _INDENT) else None


def _inside(text: str, at: int) -> int:
    """Step back from an empty end to the last character, so that the place can be shown."""
    return min(at, max(len(text.rstrip()) - 1, 0))
