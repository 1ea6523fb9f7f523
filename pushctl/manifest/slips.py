"""Slips of the keyboard that make YAML read something else, or nothing at all. Pure.

A parser notices them late, often on the next line, and blames that. This looks for what people do:
a colon without a space behind it, signs in full width as Chinese keyboards make them, a line that
was moved in or out.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pushctl import schemas
from pushctl.diagnostics import Diagnostic, Edit, Severity
from pushctl.manifest import spans
from pushctl.manifest.narrow import NARROW
from pushctl.manifest.places import Path, Provenance, SourceText

MOST_LINES = 50
"""How far above the place where a parser gave up is looked."""

MOST_SIGNS = 1000
"""How many signs of a kind are mended at once."""

UNKNOWN = "The field does not exist"

_COLON = re.compile(
    r"(?:^[ ]*(?:-[ ]+)?|(?<=[{,，｛])[ ]*)([A-Za-z_][\w-]*)(：[ ]*|:(?=[^\s/]))", re.MULTILINE
)
_COMMA = re.compile(r"()(，[ ]*)(?=[A-Za-z_][\w-]*[:：])|(?<=[\"'\]}])()(，[ ]*)")
_OPEN = re.compile(r"([:：][ ]*)([｛［【])")
_CLOSE = re.compile(r"()([｝］】])(?=[ ]*(?:$|[,，}\]｝］]))", re.MULTILINE)
_COMMENT = re.compile(r"[ \t](#[^\s#][^\r\n]*)")
_KEY = re.compile(r"([ ]*)(?:-[ ]+)?([^\s#\"'{\[:][^:#\r\n]*):(?:[ ]+([^\s#].*)|[ ]*(?:#.*)?)$")


@dataclass(frozen=True, slots=True)
class Slip:
    """What is wrong, what to type, the offset where it is, and the edits that do it."""

    detail: str
    fix: str
    at: int
    source: SourceText
    edits: tuple[Edit, ...] = ()

    def finding(self, code: str, summary: str) -> Diagnostic:
        """Return it as an error."""
        where = self.source.range(self.at)
        return Diagnostic(
            Severity.ERROR, code, summary, self.detail, where, fix=self.fix, edits=self.edits
        )


@functools.cache
def fields() -> frozenset[str]:
    """Return the names of all fields that there are."""
    return frozenset(_names(json.loads(schemas.read("manifest"))))


@functools.cache
def push_fields() -> frozenset[str]:
    """Return the names of the fields of a push."""
    return frozenset(json.loads(schemas.read("manifest"))["$defs"]["push"]["properties"])


def _names(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        properties = schema.get("properties")
        yield from properties if isinstance(properties, dict) else ()
    inside = schema.values() if isinstance(schema, dict) else schema
    for item in inside:
        if isinstance(item, dict | list):
            yield from _names(item)


def within(source: SourceText, begin: int, end: int) -> Slip | None:
    """Return what is wrong with the signs of a stretch of text, at the first of them."""
    line = begin - source.position(begin).column + 1
    found = sorted(
        (
            match
            for pattern in (_COLON, _COMMA, _OPEN, _CLOSE)
            for match in islice(pattern.finditer(source.text, line, end), MOST_SIGNS)
            if _is_sign(match) and _sign(match)[0] >= begin
        ),
        key=_sign,
    )
    if not found:
        return None
    edits = tuple(_narrowed(source, match) for match in found)
    return Slip(*_words(found[0]), _sign(found[0])[0], source, edits)


def _is_sign(match: re.Match[str]) -> bool:
    if match.re is not _COLON or match[1] in fields():
        return True
    before = match.string[max(match.start() - 1, 0) : match.start()]
    return match[2][0] == "：" and before in ("", "\n", "\r")


def _sign(match: re.Match[str]) -> tuple[int, int]:
    return match.span(2) if match.group(2) is not None else match.span(4)


def _words(match: re.Match[str]) -> tuple[str, str]:
    start, end = _sign(match)
    wide = match.string[start:end].strip()
    if match.re is not _COLON:
        plain = wide.translate(NARROW)
        return (
            f"`{wide}` is a full-width sign, which is read as a part of the text.",
            f"write `{plain}` instead, or put the text in quotes",
        )
    key = match[1]
    if wide == "：":
        detail = f"The colon behind `{key}` is a full-width one (：), which is read as text."
        return detail, f"write `{key}: `, with a plain colon and a space"
    detail = f"There is no space behind the colon of `{key}`, so all of it is read as text."
    return detail, f"write `{key}: `, with a space behind the colon"


def _narrowed(source: SourceText, match: re.Match[str]) -> Edit:
    start, end = _sign(match)
    plain = match.string[start:end].strip().translate(NARROW)
    spaced = plain in (":", ",") and match.string[end : end + 1] not in ("", "\n", "\r")
    return Edit(source.range(start, end), plain + " " * spaced)


# --- what was read as something else ------------------------------------------------------------


def in_value(place: Provenance, path: Path) -> Slip | None:
    """Return the slip that made one text of the map or list at a path."""
    node = spans.first(place.layers, path)
    return None if node is None or node.empty else _in(node, node.at, key=False)


def in_key(place: Provenance, path: Path) -> Slip | None:
    """Return the slip that made one key of a key and its value."""
    node = spans.first(place.layers, path)
    if node is None or node.key_at is None or not node.empty:
        return None
    return _in(node, node.key_at, key=True)


def in_keys_beside(place: Provenance, path: Path) -> Slip | None:
    """Return the slip that hides the field at a path in another key of the same map."""
    parent = spans.first(place.layers, path[:-1])
    marks = parent.marks if parent is not None else None
    keys = [key for key in marks if path[-1] in words(key)] if isinstance(marks, dict) else []
    found = (in_key(place, (*path[:-1], key)) for key in keys)
    return next(filter(None, found), None)


def words(key: str) -> list[str]:
    """Return the words of a key that is several of them by a slip."""
    return re.split("[：:，, ]+", key)


def _in(node: spans.Node, begin: int, *, key: bool) -> Slip | None:
    try:
        end = spans.key_end(node.source.text, begin, flow=node.flow) if key else spans.end(node)
    except spans.Unclear:
        return None
    return within(node.source, begin, end)


def moved_id(source: SourceText, id: str, at: int, field: int, ids: int) -> Slip | None:
    """Return that an id stands where the fields of the push above it do.

    `at` is where the id begins, `field` where a field does that is there twice, and `ids` where
    the first id of all begins.
    """
    column, out = spans.column_of(source, at), spans.column_of(source, ids)
    line = spans.line_start(source, at)
    if id in push_fields() or not out < column == spans.column_of(source, field):
        return None
    if source.text[line:at].strip():
        return None
    detail = (
        f"`{id}` stands where the fields of the push above it do, so the fields that follow are "
        "there twice."
    )
    edit = Edit(source.range(line, at), " " * out)
    return Slip(detail, "move it out, to where the other ids stand", at, source, (edit,))


# --- where a parser gives up ----------------------------------------------------------------------


def in_brackets(source: SourceText, begin: int, at: int) -> Slip | None:
    """Return what keeps brackets that open at `begin` from being understood up to `at`."""
    found = within(source, begin, _line_end(source.text, at))
    comment = _COMMENT.search(source.text, begin, _line_end(source.text, begin))
    if found is not None or comment is None:
        return found
    detail = (
        "The bracket of this line is not closed: # behind a space begins a comment, and the rest "
        "of the line is not read."
    )
    return Slip(detail, "put the text with the # in quotes", comment.start(1), source)


def around(source: SourceText, at: int) -> Slip | None:
    """Return the signs that make a parser stumble at an offset: on this line or those above."""
    lines = islice(_lines(source.text, at), MOST_LINES)
    first = next(lines, None)
    if first is None:
        return None
    begin, end = first
    slip = within(source, begin, end)
    for begin, _ in lines:
        longer = within(source, begin, end)
        if longer is None or (slip is not None and longer.at == slip.at):
            break
        slip = longer
    return slip


def moved(source: SourceText, at: int) -> Slip | None:
    """Return the line that was moved in or out, where a colon cannot be one."""
    text = source.text
    lines = tuple(islice(_lines(text, at), 3))
    near = [text[begin:end] for begin, end in lines]
    starts = [begin for begin, _ in lines]
    keys = [_KEY.fullmatch(line) for line in near]
    if len(near) < 2 or keys[0] is None or keys[1] is None or keys[1][3] is None:
        return None
    here, above = len(keys[0][1]), len(keys[1][1])
    if here <= above:
        return None
    parent = keys[2] if len(keys) > 2 else None
    if parent is not None and _is_out(here, above, parent):
        edit = Edit(source.range(starts[1], starts[1] + above), " " * here)
        detail = f"`{keys[1][2]}` stands further out than the lines that it belongs to."
        return Slip(detail, "line it up with the line below it", starts[1] + above, source, (edit,))
    edit = Edit(source.range(starts[0], starts[0] + here), " " * above)
    names = f"`{keys[0][2]}` stands further in than `{keys[1][2]}`"
    detail = f"{names} above it, which has its value already."
    fix = "line it up with the line above it, or put a text of several lines in quotes"
    return Slip(detail, fix, starts[0] + here, source, (edit,) if keys[0][3] is not None else ())


def _is_out(here: int, above: int, parent: re.Match[str]) -> bool:
    """Tell whether the line above was moved out: by what stands above that."""
    level, empty = len(parent[1]), parent[3] is None
    return (level == here and not empty) or (level == above and empty)


def _lines(text: str, at: int) -> Iterator[tuple[int, int]]:
    """Yield the lines with something on them from an offset upwards, as beginning and end."""
    while True:
        begin = max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1
        end = _line_end(text, begin)
        line = text[begin:end].strip()
        if line and not line.startswith("#"):
            yield begin, end
        if begin == 0:
            return
        at = begin - 1


def _line_end(text: str, at: int) -> int:
    found = re.compile(r"[^\r\n]*").match(text, at)
    return found.end() if found else len(text)
