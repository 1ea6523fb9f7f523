"""Making the edits that findings bring: which ones together, the new text, and a proof. Pure.

An edit is a change of text, so everything around it stays byte for byte. Whoever made it may have
been wrong about the text, so nothing is taken over before it was read again: a manifest must still
be one, and only what was edited may say something else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pushctl.diagnostics import Diagnostic, Edit, Position, Severity
from pushctl.manifest.yaml import node_ranges
from pushctl.manifest.yaml.errors import decode_lines
from pushctl.manifest.yaml.loader import load
from pushctl.manifest.yaml.node_ranges import Node
from pushctl.manifest.yaml.positions import SourceText

_MARK = b"\xef\xbb\xbf"


def together(findings: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return the findings whose edits can be made in one go, the first ones first.

    Of two that change the same characters only the first one is taken; findings with the same
    edits, such as those of several instances of one entry, are taken once.
    """
    taken: list[Edit] = []
    found: list[Diagnostic] = []
    by_file: dict[str, list[Edit]] = {}
    for item in findings:
        if not item.edits or set(item.edits) <= set(taken):
            continue
        others = [edit for file in _files(item) for edit in by_file.get(file, ())]
        if any(_meet(one, other) for one in item.edits for other in others):
            continue
        found.append(item)
        for edit in item.edits:
            taken.append(edit)
            by_file.setdefault(edit.range.filename, []).append(edit)
    return found


def _files(item: Diagnostic) -> set[str]:
    return {edit.range.filename for edit in item.edits}


def _meet(one: Edit, other: Edit) -> bool:
    if one.range.filename != other.range.filename:
        return False
    return one.range.start <= other.range.end and other.range.start <= one.range.end


def mended(content: bytes, edits: Sequence[Edit]) -> bytes | None:
    """Return a file with its edits made; None if that would not be the same manifest otherwise."""
    name = edits[0].range.filename
    text, findings = decode_lines(name, content)
    if text is None or findings:
        return None
    source = SourceText(name, text)
    stretches = sorted(
        (source.offset(edit.range.start), source.offset(edit.range.end), edit.text)
        for edit in edits
    )
    parts, at = [], 0
    for start, end, new in stretches:
        if start < at or end < start:
            return None
        parts += [text[at:start], new]
        at = end
    made = "".join([*parts, text[at:]]).encode("utf-8")
    if name.endswith((".yaml", ".yml")) and not _faithful(source, made, stretches):
        return None
    return (_MARK if content.startswith(_MARK) else b"") + made


def _faithful(source: SourceText, made: bytes, stretches: list[tuple[int, int, str]]) -> bool:
    """Tell whether a new text reads as well as the old one, and differs only where it may.

    One that could not be read at all has no values to compare: it must be readable now, or further.
    """
    before, old = load(source.name, source.text.encode("utf-8"))
    after, new = load(source.name, made)
    if before is None:
        return after is not None or _first(new) > _first(old)
    if after is None or _errors(new) > _errors(old):
        return False
    edited = _Edited([(start, end) for start, end, _ in stretches])
    try:
        return edited.alike(node_ranges.node(before.layer), before.data, after.data)
    except node_ranges.Unclear:
        return False


def _first(findings: Iterable[Diagnostic]) -> Position:
    """Return how far a text could be read."""
    return min(item.range.start for item in findings if item.range is not None)


def _errors(findings: Iterable[Diagnostic]) -> int:
    return sum(item.severity is Severity.ERROR for item in findings)


@dataclass(frozen=True, slots=True)
class _Edited:
    """Where a text was changed."""

    stretches: list[tuple[int, int]]

    def alike(self, node: Node, old: Any, new: Any) -> bool:
        """Tell whether two values differ only where something was edited."""
        if type(old) is type(new) and old == new and repr(old) == repr(new):
            return True
        if isinstance(old, dict) and isinstance(new, dict):
            return self._maps(node, old, new)
        if isinstance(old, list) and isinstance(new, list) and isinstance(node.marks, list):
            return self._lists(node, old, new)
        return self._within(_begin(node), node_ranges.end(node)) > 0

    def _maps(self, node: Node, old: dict[str, Any], new: dict[str, Any]) -> bool:
        gone, come = [key for key in old if key not in new], [key for key in new if key not in old]
        both = [key for key in old if key in new]
        if len(come) > self._within(_begin(node), _line_end(node)):
            return False
        children = {key: node_ranges.child(node, key) for key in (*gone, *both)}
        return all(self._touched(children[key]) for key in gone) and all(
            self.alike(children[key], old[key], new[key]) for key in both
        )

    def _lists(self, node: Node, old: list[Any], new: list[Any]) -> bool:
        children = [node_ranges.child(node, at) for at in range(len(old))]
        if len(old) == len(new):
            return all(
                self.alike(child, one, other)
                for child, one, other in zip(children, old, new, strict=True)
            )
        kept = [one for child, one in zip(children, old, strict=True) if not self._touched(child)]
        return len(new) < len(old) and all(one in new for one in kept)

    def _touched(self, node: Node) -> bool:
        return self._within(_begin(node), node_ranges.end(node)) > 0

    def _within(self, start: int, end: int) -> int:
        return sum(begin <= end and start <= stop for begin, stop in self.stretches)


def _begin(node: Node) -> int:
    return node.at if node.key_at is None else node.key_at


def _line_end(node: Node) -> int:
    return node_ranges.line_end(node.source.text, node_ranges.end(node))
