"""Changes of a manifest that a machine can make, as edits of its text. Pure.

Every function takes the provenance of a push (or of a whole file) and a path in it, and returns the
edits that do one thing, ready for `Diagnostic.edits`. It returns none where a person has to look:
the value came from a variable, a comment would be lost, or the text is not as expected. So they can
be called without asking first.

    edits=replace_value(place, ("message", "open"), "http://a.b", "https://a.b")
    edits=rename_key(place, ("message", "titel"), "title")
    edits=remove(place, ("to", "users", 3))
    edits=insert(place, ("vendors", "vivo", "class"), "operational")
"""

from __future__ import annotations

import json
import re
from typing import Any

from pushctl.diagnostics import Edit
from pushctl.manifest.yaml import errors as yaml_errors
from pushctl.manifest.yaml import node_ranges
from pushctl.manifest.yaml.loader import is_text, load
from pushctl.manifest.yaml.node_ranges import Node, Unclear
from pushctl.manifest.yaml.positions import Layer, Path, Provenance, SourceText

_SAFE = re.compile(r"[^\W_](?:[^\r\n:#,\[\]{}\"'`]|:(?=[^ \t,\[\]{}])|(?<=[^ \t])#)*(?<![ \t:])")
_CLOCK = re.compile(r"[0-9]{1,2}(?::[0-9]{2}){1,2}")
_BREAK = re.compile(r"\r\n|\r|\n")
_COMMENT = re.compile(r"(?:^|[ \t\r\n,\[{])#")


def replace_value(place: Provenance, path: Path, old: Any, new: Any) -> tuple[Edit, ...]:
    """Write `new` where `old` is written at `path`: a text, a number, or what is in brackets."""
    found = _node(place, path)
    if found is None or found.empty or (found.marks is not None and not found.in_brackets):
        return ()
    try:
        raw = found.raw
    except Unclear:
        return ()
    if not _says(raw, old):
        return ()
    return (_edit(found.source, found.at, found.at + len(raw), written(new, like=raw)),)


def rename_key(place: Provenance, path: Path, name: str) -> tuple[Edit, ...]:
    """Give the key at `path` another name, if its map has none of that name yet."""
    found, parent = _node(place, path), _node(place, path, above=1)
    if found is None or found.key_at is None or parent is None:
        return ()
    try:
        stop = node_ranges.key_end(found.source.text, found.key_at, flow=found.flow)
    except Unclear:
        return ()
    raw = found.source.text[found.key_at : stop]
    if not _says(raw, path[-1]) or node_ranges.find(parent, (name,)) is not None:
        return ()
    return (_edit(found.source, found.key_at, stop, written(name, like=raw)),)


def remove(place: Provenance, path: Path) -> tuple[Edit, ...]:
    """Delete the item of a list, or the key of a map and its value, unless it is the only one."""
    found, parent = _node(place, path), _node(place, path, above=1)
    if found is None or parent is None or parent.marks is None or len(parent.marks) < 2:
        return ()
    try:
        return _removed_from_brackets(found, parent) if found.flow else _removed_lines(found)
    except Unclear:
        return ()


def insert(place: Provenance, path: Path, value: Any) -> tuple[Edit, ...]:
    """Add a key that is not there yet, and the maps around it as far as they are missing.

    It goes into the entry itself, never into `defaults` or an environment.
    """
    own = _own(place)
    if own is None:
        return ()
    at, left = node_ranges.node(own), list(path)
    try:
        while left and (inner := node_ranges.find(at, (left[0],))) is not None:
            at = inner
            del left[0]
        if not left or not isinstance(at.marks, dict):
            return ()
        for key in reversed(left[1:]):
            value = {key: value}
        return _inserted(at, str(left[0]), value)
    except Unclear:
        return ()


def is_own(place: Provenance, key: str) -> bool:
    """Tell whether an entry says something itself, and not its defaults or an environment."""
    own = _own(place)
    return own is not None and own.child(key) is not None


def written(value: Any, *, like: str = "") -> str:
    """Write a value so that it is read as just that, on one line, within brackets or not.

    A text is put in quotes where it has to be, or if what it replaces was (`like`).
    """
    if isinstance(value, dict):
        inside = (f"{written(key)}: {written(item)}" for key, item in value.items())
        return f"{{{', '.join(inside)}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(written, value))}]"
    if not isinstance(value, str):
        return json.dumps(value)
    if _plain(value) and like[:1] not in ('"', "'"):
        return value
    if like[:1] == "'" and value.isprintable():
        return "'" + value.replace("'", "''") + "'"
    return "".join(map(_visible, json.dumps(value, ensure_ascii=False)))


def _plain(value: str) -> bool:
    """Tell whether a text needs no quotes; times get them whether they need them or not."""
    if not value.isprintable() or _SAFE.fullmatch(value) is None or not is_text(value):
        return False
    return not (yaml_errors.AMBIGUOUS.fullmatch(value) or _CLOCK.fullmatch(value))


def _visible(character: str) -> str:
    if character.isprintable():
        return character
    number = ord(character)
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def _says(raw: str, value: Any) -> bool:
    """Tell whether a piece of text, as it is written, means a value."""
    if raw[:1] in ("{", "["):
        if _COMMENT.search(raw) or _BREAK.search(raw):
            return False
        document, _ = load("", f"a: {raw}".encode())
        return document is not None and repr(document.data) == repr({"a": value})
    if raw[:1] == "'":
        return value == raw[1:-1].replace("''", "'") and not _BREAK.search(raw)
    if raw[:1] == '"':
        try:
            return bool(value == json.loads(raw))
        except ValueError:
            return False
    return raw == value and is_text(raw) if isinstance(value, str) else raw == json.dumps(value)


def _edit(source: SourceText, start: int, end: int, text: str) -> Edit:
    return Edit(source.range(start, end), text)


def _node(place: Provenance, path: Path, *, above: int = 0) -> Node | None:
    """Find where the value at `path` is written, or what is that many levels above it there.

    The strongest layer that has the value counts.
    """
    for layer in place.layers:
        if layer.source.damaged:
            continue
        try:
            start = node_ranges.node(layer)
            found = node_ranges.find(start, path)
            if found is not None:
                return found if not above else node_ranges.find(start, path[:-above])
        except Unclear:
            return None
    return None


def _own(place: Provenance) -> Layer | None:
    """Return the layer of the entry itself: the first one in its file behind its id."""
    here = [
        layer
        for layer in place.layers
        if layer.source.name == place.home.filename
        and layer.source.position(layer.at) >= place.home.start
        and not layer.source.damaged
    ]
    return min(here, key=lambda layer: layer.at, default=None)


def _removed_from_brackets(found: Node, parent: Node) -> tuple[Edit, ...]:
    text = found.source.text
    nodes = [item for _, item in node_ranges.children(parent)]
    index = next(at for at, item in enumerate(nodes) if item.at == found.at)
    if index + 1 < len(nodes):
        start, stop = _begin(found), _begin(nodes[index + 1])
    else:
        start, stop = node_ranges.end(nodes[index - 1]), node_ranges.end(found)
    gap = text[start : _begin(found)] + text[node_ranges.end(found) : stop]
    if _COMMENT.search(gap):
        return ()
    return (_edit(found.source, start, stop, ""),)


def _begin(found: Node) -> int:
    return found.at if found.key_at is None else found.key_at


def _removed_lines(found: Node) -> tuple[Edit, ...]:
    text = found.source.text
    start, stop = node_ranges.line_start(found.source, _begin(found)), node_ranges.end(found)
    before, last = text[start : _begin(found)], node_ranges.line_end(text, stop)
    wanted = r"[ ]*-[ ]+" if found.key_at is None else "[ ]*"
    lines = text[start:stop]
    if not re.fullmatch(wanted, before) or text[stop:last].strip() or _COMMENT.search(lines):
        return ()
    breaks = _BREAK.match(text, last)
    if breaks is None:
        # The last line of the file: take the break before it instead.
        start -= len(text[:start]) - len(text[:start].rstrip("\r\n"))
    return (_edit(found.source, start, breaks.end() if breaks else last, ""),)


def _inserted(into: Node, key: str, value: Any) -> tuple[Edit, ...]:
    source, text = into.source, into.source.text
    line = f"{written(key)}: {written(value)}"
    nodes = [item for _, item in node_ranges.children(into)]
    if into.in_brackets:
        if not nodes:
            return (_edit(source, into.at + 1, into.at + 1, line),)
        stop = node_ranges.end(nodes[-1])
        return (_edit(source, stop, stop, f", {line}"),)
    if not nodes or into.flow:
        return ()
    column = node_ranges.column_of(source, _begin(nodes[0]))
    stop = node_ranges.line_end(text, node_ranges.end(nodes[-1]))
    found = _BREAK.search(text)
    newline = found[0] if found else "\n"
    return (_edit(source, stop, stop, f"{newline}{' ' * column}{line}"),)
