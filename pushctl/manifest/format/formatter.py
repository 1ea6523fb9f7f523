"""From a file to the same file in the one layout: what `pushctl fmt` does. Pure.

Nothing is believed of the result: it is read again, and has to hold the same values and comments.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass

from pushctl.diagnostics import Diagnostic, Severity
from pushctl.manifest.format import field_order, writer
from pushctl.manifest.format.comments import Entry, attached, everything, outline
from pushctl.manifest.yaml import node_ranges
from pushctl.manifest.yaml.loader import load, without_collector
from pushctl.manifest.yaml.positions import Document

_BREAK = re.compile(r"\r\n|\r|\n")
_DIRECTIVES = re.compile(r"(?:[ \t\r\n]+|#[^\r\n]*|%[^\r\n]*)*---(?=[ \t\r\n]|\Z)")


@dataclass(frozen=True, slots=True)
class Tidied:
    """A file in its layout.

    Without content there is none: `findings` say what has to be mended first, and if there are
    none of those either, the new text would not have said the same.
    """

    content: bytes | None
    findings: tuple[Diagnostic, ...] = ()


def tidied(name: str, content: bytes, *, kind: str = "file") -> Tidied:
    """Lay a file out anew; `kind` is what it is to `order.of_file`."""
    with without_collector():
        return _tidied(name, content, kind)


def _tidied(name: str, content: bytes, kind: str) -> Tidied:
    document, findings = load(name, content)
    errors = tuple(item for item in findings if item.severity is Severity.ERROR)
    if document is None or errors:
        return Tidied(None, errors)
    try:
        whole = outline(document)
        remarks = _remarks(whole)
        made = _written(document, whole, kind)
        same = made == content or _same(document, remarks, made)
    except node_ranges.Unclear:
        same = False
    return Tidied(made if same else None)


def _written(document: Document, whole: Entry, kind: str) -> bytes:
    text = document.source.text
    lines = writer.lines(whole, field_order.of_file(kind))
    begin = whole.inside[0].start if whole.inside else len(text)
    head = _DIRECTIVES.match(text, 0, begin)
    if head is not None:
        before = [line.rstrip() for line in _BREAK.split(head[0])]
        lines = [*(line for line in before if line.startswith("%")), "---", *lines]
    found = _BREAK.search(text)
    newline = "\r\n" if found and found[0] == "\r\n" else "\n"
    return newline.join([*lines, ""]).encode("utf-8")


def _same(document: Document, remarks: Counter[str], made: bytes) -> bool:
    """Tell whether a new text has the same values, of the same types, and the same comments."""
    again, _ = load(document.source.name, made)
    return (
        again is not None
        and _plainly(again) == _plainly(document)
        and _remarks(outline(again)) == remarks
    )


def _plainly(document: Document) -> str:
    return json.dumps(document.data, sort_keys=True)


def _remarks(whole: Entry) -> Counter[str]:
    """Count the comments, with those behind the first line of a long text."""
    found = Counter(remark.text for remark in attached(whole))
    for entry in everything(whole):
        block = node_ranges.block_text(entry.node)
        if block is not None and block.remark:
            found[block.remark] += 1
    return found
