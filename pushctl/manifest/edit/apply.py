"""Applies the edits of findings to the text of a file, and verifies the result by reading it again.

An edit is a change of text, so everything around it stays byte for byte. Whoever made it may have
been wrong about the text, so a manifest must still be one, and only what was edited may have
another value.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from pushctl.diagnostics import Diagnostic, Edit, Position, Severity
from pushctl.manifest.yaml import node_ranges
from pushctl.manifest.yaml.errors import decode_lines
from pushctl.manifest.yaml.loader import load
from pushctl.manifest.yaml.node_ranges import Node
from pushctl.manifest.yaml.positions import SourceText

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"

Span = tuple[int, int]
"""Two offsets, both of them touched."""

_At = TypeVar("_At", int, Position)


def compatible(findings: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return the findings whose edits can be applied in one go, the first ones first.

    Of two that change the same characters only the first one is taken; findings with the same
    edits, such as those of several instances of one entry, are taken once.
    """
    taken: set[Edit] = set()
    spans: dict[str, list[tuple[Position, Position]]] = {}
    found: list[Diagnostic] = []
    for item in findings:
        places = [edit.range for edit in item.edits]
        if taken.issuperset(item.edits) or any(
            _touches(spans.get(place.filename, ()), place.start, place.end) for place in places
        ):
            continue
        found.append(item)
        taken.update(item.edits)
        for place in places:
            bisect.insort(spans.setdefault(place.filename, []), (place.start, place.end))
    return found


def files_of(item: Diagnostic) -> set[str]:
    """Return the names of the files that the edits of a finding change."""
    return {edit.range.filename for edit in item.edits}


def apply_edits(content: bytes, edits: Sequence[Edit]) -> bytes | None:
    """Return a file with its edits made; None if that would change more than was edited."""
    name = edits[0].range.filename
    text, findings = decode_lines(name, content)
    if text is None or findings:
        return None
    source = SourceText(name, text)
    parts: list[str] = []
    old_spans: list[Span] = []
    new_spans: list[Span] = []
    at = length = 0
    for edit in sorted(edits, key=lambda edit: (edit.range.start, edit.range.end)):
        start, end = source.offset(edit.range.start), source.offset(edit.range.end)
        if start < at or end < start:
            return None
        parts += [text[at:start], edit.text]
        length += start - at
        old_spans.append((start, end))
        new_spans.append((length, length + len(edit.text)))
        length, at = length + len(edit.text), end
    made = "".join([*parts, text[at:]]).encode("utf-8")
    if name.endswith((".yaml", ".yml")) and not _verified(source, old_spans, made, new_spans):
        return None
    return (_BYTE_ORDER_MARK if content.startswith(_BYTE_ORDER_MARK) else b"") + made


def _verified(
    source: SourceText, old_spans: list[Span], made: bytes, new_spans: list[Span]
) -> bool:
    """Tell whether a new text reads as well as the old one, and differs only where it may.

    One that could not be read at all has no values to compare: it must be readable now, or further.
    """
    before, old = load(source.name, source.text.encode("utf-8"))
    after, new = load(source.name, made)
    if before is None:
        return after is not None or _first(new) > _first(old)
    if after is None or _errors(new) > _errors(old):
        return False
    kept = _untouched(node_ranges.root(before.source), old_spans, ())
    return list(kept) == list(_untouched(node_ranges.root(after.source), new_spans, ()))


def _first(findings: Iterable[Diagnostic]) -> Position:
    """Return how far a text could be read."""
    return min(item.range.start for item in findings if item.range is not None)


def _errors(findings: Iterable[Diagnostic]) -> int:
    return sum(item.severity is Severity.ERROR for item in findings)


def _untouched(
    node: Node, spans: list[Span], path: tuple[str | None, ...]
) -> Iterator[tuple[object, ...]]:
    """Yield the single values that no edit touches, each with its keys, in the order of the text.

    Keys that an edit touches, and items of lists, are None there.
    """
    if not node.children:
        if not _touches(spans, node.begin, node.end):
            yield (*path, node.raw)
        return
    for key, child in node.children.items():
        kept = None
        if child.key_start is not None and child.key_end is not None:
            kept = None if _touches(spans, child.key_start, child.key_end) else str(key)
        yield from _untouched(child, spans, (*path, kept))


def _touches(spans: Sequence[tuple[_At, _At]], start: _At, end: _At) -> bool:
    """Tell whether a stretch touches one of some that are sorted and apart from each other."""
    at = bisect.bisect_left(spans, start, key=lambda span: span[1])
    return at < len(spans) and spans[at][0] <= end
