"""Explains why a parser gave up, for people who did not learn YAML."""

from __future__ import annotations

import re

from pushctl import schemas
from pushctl.diagnostics import Diagnostic
from pushctl.manifest.rules import diagnostic
from pushctl.manifest.words import WORDS
from pushctl.manifest.yaml import typos
from pushctl.manifest.yaml.parser import SyntaxProblem
from pushctl.manifest.yaml.positions import SourceText
from pushctl.text.regex import regex

_WORDS = WORDS["syntax"]
_AT_CONTEXT = ("quote", "bracket", "start")
_INSIDE = {"'": "single_inside", '"': "double_inside"}
_FIELD = regex(r"[A-Za-z_][\w-]*:(?=\s|$)")
_LAST_WORD = regex(r"[ ;]([A-Za-z_]\w*)$")


def explain(source: SourceText, found: SyntaxProblem) -> Diagnostic:
    """Turn a parser's complaint into a sentence and the place where something has to be typed."""
    at = max(0, min(found.at, len(source.text)))
    message = _message(source, found, at)
    beside = None if "quoted" in found.context else _beside(source, at)
    if found.context_at is not None and message == "key":
        at = found.context_at
    at = _inside(source.text, at)
    typo = _typo(source, message, found.context_at, at)
    if typo is not None:
        return typo.finding("PSH100")
    if beside is not None:
        message, at = beside
    elif message == "half":
        at = source.text.rfind("\\", 0, at + 1)
    elif message in _AT_CONTEXT and found.context_at is not None:
        at = _inside(source.text, found.context_at)
    said = _WORDS[message]
    return diagnostic("PSH100", said["is"], source.range(at), said["fix"])


def _beside(source: SourceText, at: int) -> tuple[str, int] | None:
    """Say what is wrong where something follows that cannot, and where that is."""
    before = source.text[source.line_start(at) : at]
    left, right = before.rstrip(), source.text[at : source.line_end(at)].rstrip()
    last, close = left[-1:], at - len(before) + len(left) - 1
    if not left or not right:
        return None
    if right[0] == ":" and ": " in left:
        word = _LAST_WORD.search(left)
        known = word is not None and word[1] in schemas.field_names()
        return ("no_comma", close - len(word[1]) + 1) if word and known else ("colon", at)
    if last in _INSIDE and (opened := source.text.rfind(last, 0, close)) < at - len(before):
        return "quote", opened
    if last not in "\"']}":
        return ("no_quotes", at) if right[0] in "[{" and last not in ":,[{" else None
    if right[0] in "]}":
        return "closes_nothing", at
    if right == ",":
        return "comma", at
    if _FIELD.match(right) and left != before:
        return "no_comma", at
    return (_INSIDE[last], close) if last in _INSIDE else ("behind_bracket", at)


def _message(source: SourceText, found: SyntaxProblem, at: int) -> str:
    before = source.text[source.line_start(at) : at + 1]
    if "mapping values" in found.problem:
        if not before.endswith(":"):
            return "key"
        return "colon" if ": " in before else "indent"
    if "\t" in before and not before[:-1].strip(" \t"):
        return "tab"
    complaint = f"{found.problem} {found.context}"
    return next(str(x) for x, said in _WORDS.items() if re.search(said["when"], complaint))


def _typo(source: SourceText, message: str, context_at: int | None, at: int) -> typos.Typo | None:
    """Return the typo that a parser's complaint comes from, if it is one."""
    if message == "bracket" and context_at is not None:
        return typos.in_brackets(source, min(context_at, source.line_start(at)), at)
    return typos.above(source, at) if message in ("colon", "key", "indent") else None


def _inside(text: str, at: int) -> int:
    """Step back from an empty end to the last character, so that the place can be shown."""
    return min(at, max(len(text.rstrip()) - 1, 0))
