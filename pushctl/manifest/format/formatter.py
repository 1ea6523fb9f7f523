"""Formats a file as `pushctl fmt` does, and verifies the result by reading it again."""

from __future__ import annotations

import json
from collections import Counter

from msgspec import Struct

from pushctl.diagnostics import Diagnostic, Severity
from pushctl.manifest.format import field_order, writer
from pushctl.manifest.format.block_text import block_text
from pushctl.manifest.format.comments import CannotFormat, Entry, entries, walk
from pushctl.manifest.yaml.loader import load, without_collector
from pushctl.manifest.yaml.positions import BREAK, Document
from pushctl.text.regex import regex

_DIRECTIVES = regex(r"(?:[ \t\r\n]|[#%][^\r\n]*)*+---(?=[ \t\r\n]|\Z)")


class Formatted(Struct, frozen=True):
    """A file in the one layout.

    Without content there is none: `findings` say what has to be fixed first, and if there are none
    of those either, the new text would not have had the same values and comments.
    """

    content: bytes | None
    findings: tuple[Diagnostic, ...] = ()


def format_file(name: str, content: bytes, *, kind: str = "file") -> Formatted:
    """Lay a file out anew; `kind` is what it is to `field_order.of_file`."""
    with without_collector():
        document, findings = load(name, content)
        errors = tuple(item for item in findings if item.severity is Severity.ERROR)
        if document is None or errors:
            return Formatted(None, errors)
        try:
            return Formatted(_made(document, content, kind))
        except CannotFormat:
            return Formatted(None)


def _made(document: Document, content: bytes, kind: str) -> bytes | None:
    whole = entries(document)
    comments = _comments(whole)
    made = _written(document, whole, kind)
    return made if made == content or _same(document, comments, made) else None


def _written(document: Document, whole: Entry, kind: str) -> bytes:
    text = document.source.text
    lines = writer.lines(whole, field_order.of_file(kind))
    begin = whole.inside[0].start if whole.inside else len(text)
    head = _DIRECTIVES.match(text, 0, begin)
    if head is not None:
        before = [line.rstrip() for line in BREAK.split(head[0])]
        lines = [*(line for line in before if line.startswith("%")), "---", *lines]
    found = BREAK.search(text)
    newline = "\r\n" if found and found[0] == "\r\n" else "\n"
    return newline.join([*lines, ""]).encode("utf-8")


def _same(document: Document, comments: Counter[str], made: bytes) -> bool:
    """Tell whether a new text has the same values, of the same types, and the same comments."""
    again, _ = load(document.source.name, made)
    return (
        again is not None
        and _values(again) == _values(document)
        and _comments(entries(again)) == comments
    )


def _values(document: Document) -> str:
    return json.dumps(document.data, sort_keys=True)


def _comments(whole: Entry) -> Counter[str]:
    """Count the comments, with those behind the first line of a long text."""
    found: Counter[str] = Counter()
    for entry in walk(whole):
        found.update(comment.text for comment in entry.comments)
        block = block_text(entry.node)
        if block is not None and block.comment:
            found[block.comment] += 1
    return found
