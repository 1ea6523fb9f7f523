"""Texts of which YAML takes a part for a comment: `title: Sale #1` says only `Sale`. Pure.

A `#` behind a space begins a comment (YAML 1.2, section 6.6). People who mean a comment put a space
behind it, and people who write a hashtag or a number do not, so that is how they are told apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from pushctl.diagnostics import Diagnostic, Edit, Range, Severity
from pushctl.manifest.resolve.merge import as_map
from pushctl.manifest.yaml import node_ranges
from pushctl.manifest.yaml.errors import quote
from pushctl.manifest.yaml.node_ranges import Node, Unclear
from pushctl.manifest.yaml.positions import Document, Path, Provenance

CUT = "A part of the text is a comment"

_SEEN = {
    "message": frozenset({"title", "body", "open", "image", "icon", "extras"}),
    "sms": frozenset({"sign", "params"}),
}
"""What people see or tap, by the map that it stands in."""

_ANY = re.compile(r"[ \t]#[^\s#!]")
_BEHIND = re.compile(r"([ \t]+)(#[^\s#!][^\r\n]*?)[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Remark:
    """What stands behind a value, or in its place, and was surely not meant as a comment.

    `said` is the value that is left, `meant` the one with the comment. `where` is all of that.
    """

    said: str
    meant: str
    where: Range
    edits: tuple[Edit, ...]

    @property
    def fix(self) -> str:
        """What to type instead."""
        return f"put it in quotes: {quote(self.meant)}"


def findings(document: Document) -> Iterator[Diagnostic]:
    """Yield a warning for each text that people see or tap and of which a part is a comment."""
    if _ANY.search(document.source.text) is None:
        return
    for path, node in _texts(node_ranges.node(document.layer), ()):
        found = _remark(node)
        if found is not None:
            yield Diagnostic(
                Severity.WARNING,
                "PSH122",
                CUT,
                _words(found),
                found.where,
                fix=found.fix,
                push=_push(path, document),
                edits=found.edits,
            )


def instead_of(place: Provenance, path: Path) -> Remark | None:
    """Return what stands as a comment where the value at `path` should be."""
    node = node_ranges.first(place.layers, path)
    return _remark(node) if node is not None and node.empty else None


def _words(found: Remark) -> str:
    if not found.said:
        return f"There is no value here: what begins with # is a comment, {quote(found.meant)}."
    lost = found.meant[len(found.said) :].strip()
    return f"The text is only {quote(found.said)}: # begins a comment, {quote(lost)}."


def _push(path: Path, document: Document) -> str | None:
    """Return the id of the one entry that a path belongs to."""
    if path[0] != "pushes":
        return None
    entry = as_map(as_map(document.data["pushes"]).get(str(path[1])))
    return None if "for_each" in entry else str(path[1])


def _texts(node: Node, path: Path) -> Iterator[tuple[Path, Node]]:
    try:
        inside = tuple(node_ranges.children(node))
    except Unclear:
        return
    for key, child in inside:
        here = (*path, key)
        if child.marks is not None:
            yield from _texts(child, here)
        elif _is_seen(here):
            yield here, child


def _is_seen(path: Path) -> bool:
    if path[-1] == "name" or "vars" in path or "for_each" in path:
        return True
    return any(inner in _SEEN.get(str(outer), ()) for outer, inner in pairwise(path))


def _remark(node: Node) -> Remark | None:
    source = node.source
    text = source.text
    try:
        stop = node_ranges.end(node)
    except Unclear:
        return None
    found = _BEHIND.match(text, stop)
    if found is None or text[node.at : node.at + 1] in ('"', "'", "|", ">"):
        return None
    lines = text[node.at : found.end(2)].splitlines()
    meant = " ".join(line.strip() for line in lines).strip()
    said = meant[: -len(text[found.start(1) : found.end(2)])] if node.at < stop else ""
    where = source.range(node.at if said else found.start(2), found.end(2))
    change = source.range(node.at, found.end(2))
    edit = Edit(change, quote(meant) if said else f" {quote(meant)}")
    return Remark(said, meant, where, () if node.flow or len(lines) > 1 else (edit,))
