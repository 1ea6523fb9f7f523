"""The path of the key or value at a position of a manifest."""

from __future__ import annotations

from msgspec import Struct

from pushctl.diagnostics import Position, Range
from pushctl.manifest.yaml import node_ranges
from pushctl.manifest.yaml.loader import load
from pushctl.manifest.yaml.node_ranges import Node
from pushctl.manifest.yaml.positions import Path


class Cursor(Struct, frozen=True):
    """A key, or the value at the end of the path, with its `text` as it is written."""

    path: Path
    is_key: bool
    range: Range
    text: str


def cursor_at(name: str, text: str, position: Position) -> Cursor | None:
    """Return what stands at a position; None between values, or if the text cannot be read."""
    document, _ = load(name, text.encode("utf-8", "replace"))
    if document is None:
        return None
    offset = document.source.offset(position)
    return _within(node_ranges.root(document.source), offset, ())


def _within(node: Node, offset: int, path: Path) -> Cursor | None:
    before = [(key, child) for key, child in (node.children or {}).items() if child.begin <= offset]
    if not before:
        return None
    key, child = before[-1]
    here = (*path, key)
    if child.key_start is not None and child.key_end is not None and offset <= child.key_end:
        return _cursor(child, here, child.key_start, child.key_end, is_key=True)
    if not child.start <= offset <= child.end:
        return None
    if child.children is not None:
        return _within(child, offset, here)
    return _cursor(child, here, child.start, child.end, is_key=False)


def _cursor(node: Node, path: Path, start: int, end: int, *, is_key: bool) -> Cursor:
    source = node.source
    return Cursor(path, is_key, source.range(start, end), source.text[start:end])
