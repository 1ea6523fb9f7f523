"""What stands at a place of a manifest: the path that leads there. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from pushctl.diagnostics import Position, Range
from pushctl.manifest.yaml import node_ranges
from pushctl.manifest.yaml.loader import load
from pushctl.manifest.yaml.node_ranges import Node, Unclear
from pushctl.manifest.yaml.positions import Path


@dataclass(frozen=True, slots=True)
class Cursor:
    """What somebody points at: a key, or the value at the end of the path, with its `text`."""

    path: Path
    is_key: bool
    range: Range
    text: str


def pointed_at(name: str, text: str, position: Position) -> Cursor | None:
    """Return what stands at a position; None between values, or if the text cannot be read."""
    document, _ = load(name, text.encode("utf-8", "replace"))
    if document is None or not document.data:
        return None
    offset = document.source.offset(position)
    try:
        return _within(node_ranges.node(document.layer), offset, ())
    except Unclear:
        return None


def _within(node: Node, offset: int, path: Path) -> Cursor | None:
    source = node.source
    found: tuple[str | int, Node] | None = None
    for key, child in node_ranges.children(node):
        if (child.at if child.key_at is None else child.key_at) > offset:
            break
        found = (key, child)
    if found is None:
        return None
    key, child = found
    here = (*path, key)
    if child.key_at is not None:
        stop = node_ranges.key_end(source.text, child.key_at, flow=child.flow)
        if offset <= stop:
            return _cursor(child, here, child.key_at, stop, is_key=True)
    end = node_ranges.end(child)
    if not child.at <= offset <= end:
        return None
    if child.marks is not None:
        return _within(child, offset, here)
    return _cursor(child, here, child.at, end, is_key=False)


def _cursor(node: Node, path: Path, start: int, end: int, *, is_key: bool) -> Cursor:
    source = node.source
    return Cursor(path, is_key, source.range(start, end), source.text[start:end])
