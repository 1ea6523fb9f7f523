"""Edits of the text of a manifest: replace a value, rename a key, remove, insert.

Every function takes the provenance of a push (or of a whole file) and a path in it, and returns the
edits that do one thing, ready for `Diagnostic.edits`. It returns none where a person has to look:
the value came from a variable, a comment would be lost, or the text is not as expected. So they can
be called without asking first.

    edits=replace_value(provenance, ("message", "open"), "http://a.b", "https://a.b")
    edits=rename_key(provenance, ("message", "titel"), "title")
    edits=remove(provenance, ("to", "users", 3))
    edits=insert(provenance, ("vendors", "vivo", "class"), "operational")
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any

from pushctl.diagnostics import Edit
from pushctl.manifest.yaml import node_ranges
from pushctl.manifest.yaml.loader import load
from pushctl.manifest.yaml.node_ranges import Node
from pushctl.manifest.yaml.positions import BREAK, Path, Provenance, ProvenanceLayer, SourceText
from pushctl.text.regex import regex

_TIME_OF_DAY = regex(r"[0-9]{1,2}(?::[0-9]{2}){1,2}")
_COMMENT = regex(r"(?:^|[ \t\r\n,\[{])#")


def replace_value(provenance: Provenance, path: Path, old: Any, new: Any) -> tuple[Edit, ...]:
    """Write `new` where `old` is written at `path`: a text, a number, or what is in brackets."""
    node, _ = _locate(provenance, path)
    if node is None or node.empty or not _reads_as(node.raw, old):
        return ()
    return (_edit(node.source, node.start, node.end, to_yaml(new, like=node.raw)),)


def rename_key(provenance: Provenance, path: Path, name: str) -> tuple[Edit, ...]:
    """Give the key at `path` another name, if its map has none of that name yet."""
    node, parent = _locate(provenance, path)
    if node is None or node.key_start is None or node.key_end is None:
        return ()
    raw = node.source.text[node.key_start : node.key_end]
    if not _reads_as(raw, path[-1]) or parent is None or name in (parent.children or ()):
        return ()
    return (_edit(node.source, node.key_start, node.key_end, to_yaml(name, like=raw)),)


def remove(provenance: Provenance, path: Path) -> tuple[Edit, ...]:
    """Delete the item of a list, or the key of a map and its value, unless it is the only one."""
    node, parent = _locate(provenance, path)
    if node is None or parent is None or len(parent.children or ()) < 2:
        return ()
    return _removed_from_brackets(node, parent, path[-1]) if node.flow else _removed_lines(node)


def insert(provenance: Provenance, path: Path, value: Any) -> tuple[Edit, ...]:
    """Add a key that is not there yet, and the maps around it as far as they are missing.

    It goes into the entry itself, never into `defaults` or an environment.
    """
    own = _own_layer(provenance)
    into = node_ranges.find(own, ()) if own is not None else None
    missing = list(path)
    while into is not None and missing and missing[0] in (into.children or ()):
        into = (into.children or {})[missing.pop(0)]
    if into is None or not missing or 0 in (into.children or ()):
        return ()
    for key in reversed(missing[1:]):
        value = {key: value}
    return _inserted(into, f"{to_yaml(missing[0])}: {to_yaml(value)}")


def is_own(provenance: Provenance, key: str) -> bool:
    """Tell whether an entry says something itself, and not its defaults or an environment."""
    own = _own_layer(provenance)
    return own is not None and own.child(key) is not None


def to_yaml(value: Any, *, like: str = "") -> str:
    """Write a value so that it is read as just that, on one line, within brackets or not.

    A text is put in quotes where it has to be, or if what it replaces was (`like`).
    """
    if isinstance(value, dict):
        inside = (f"{to_yaml(key)}: {to_yaml(item)}" for key, item in value.items())
        return f"{{{', '.join(inside)}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(to_yaml, value))}]"
    if not isinstance(value, str):
        return json.dumps(value)
    if like[:1] not in ('"', "'") and _needs_no_quotes(value):
        return value
    if like[:1] == "'" and value.isprintable():
        return "'" + value.replace("'", "''") + "'"
    return "".join(map(_escaped, json.dumps(value, ensure_ascii=False)))


@lru_cache(maxsize=1000)
def _needs_no_quotes(value: str) -> bool:
    """Tell whether every tool reads a text as just that; times of day get quotes all the same."""
    if not value.isprintable() or _TIME_OF_DAY.fullmatch(value):
        return False
    document, findings = load("", f"a: {value}\nb: [{value}]".encode())
    return document is not None and not findings and document.data == {"a": value, "b": [value]}


def _escaped(character: str) -> str:
    if character.isprintable():
        return character
    number = ord(character)
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def _reads_as(raw: str, value: Any) -> bool:
    """Tell whether a piece of text means a value; on several lines a comment may be within."""
    if BREAK.search(raw):
        return False
    document, _ = load("", f"a: {raw}".encode())
    return document is not None and repr(document.data) == repr({"a": value})


def _edit(source: SourceText, start: int, end: int, text: str) -> Edit:
    return Edit(source.range(start, end), text)


def _locate(provenance: Provenance, path: Path) -> tuple[Node | None, Node | None]:
    """Find the value at `path` and what is around it, in the strongest layer that has it."""
    for layer in provenance.layers:
        node = None if layer.source.damaged else node_ranges.find(layer, path)
        if node is not None:
            return node, node_ranges.find(layer, path[:-1])
    return None, None


def _own_layer(provenance: Provenance) -> ProvenanceLayer | None:
    """Return the layer of the entry itself: the first one in its file behind its id."""
    here = [
        layer
        for layer in provenance.layers
        if layer.source.name == provenance.home.filename
        and layer.source.position(layer.at) >= provenance.home.start
        and not layer.source.damaged
    ]
    return min(here, key=lambda layer: layer.at, default=None)


def _removed_from_brackets(node: Node, parent: Node, key: str | int) -> tuple[Edit, ...]:
    text, children = node.source.text, parent.children or {}
    keys = [key - 1, key, key + 1] if isinstance(key, int) else [*children]
    nodes = [children[other] for other in keys if other in children]
    at = nodes.index(node)
    if at + 1 < len(nodes):
        start, end = node.begin, nodes[at + 1].begin
    else:
        start, end = nodes[at - 1].end, node.end
    if _COMMENT.search(text[start : node.begin] + text[node.end : end]):
        return ()
    return (_edit(node.source, start, end, ""),)


def _removed_lines(node: Node) -> tuple[Edit, ...]:
    source, text = node.source, node.source.text
    start, end = source.line_start(node.begin), source.line_end(node.end)
    before = r"[ ]*-[ ]+" if node.key_start is None else "[ ]*"
    if (
        not re.fullmatch(before, text[start : node.begin])
        or text[node.end : end].strip()
        or _COMMENT.search(text[start:end])
    ):
        return ()
    following = BREAK.match(text, end)
    if following is None:
        # The last line of the file: take the break before it instead.
        start -= len(text[:start]) - len(text[:start].rstrip("\r\n"))
    return (_edit(source, start, following.end() if following else end, ""),)


def _inserted(into: Node, line: str) -> tuple[Edit, ...]:
    source, nodes = into.source, list((into.children or {}).values())
    if into.in_brackets:
        at = nodes[-1].end if nodes else into.start + 1
        return (_edit(source, at, at, f", {line}" if nodes else line),)
    if not nodes or into.flow:
        return ()
    at = source.line_end(nodes[-1].end)
    found = BREAK.search(source.text)
    newline, indent = found[0] if found else "\n", " " * source.column(nodes[0].begin)
    return (_edit(source, at, at, f"{newline}{indent}{line}"),)
