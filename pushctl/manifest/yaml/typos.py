"""Slips of the keyboard that make YAML read something else, or nothing at all. Pure.

A parser notices them late, often on the next line, and blames that. This looks for what people do:
a colon without a space behind it, signs in full width as Chinese keyboards make them, a line that
was moved in or out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from pushctl.diagnostics import Diagnostic, Edit, Severity
from pushctl.manifest.yaml import node_ranges
from pushctl.manifest.yaml.positions import Path, Provenance, SourceText
from pushctl.manifest.yaml.wide import Kind, fields, push_fields, signs

MOST_LINES = 50
"""How far above the place where a parser gave up is looked."""

UNKNOWN = "The field does not exist"

_WIDE_KEY = re.compile(r"([A-Za-z_][\w-]*)：")
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


def within(source: SourceText, begin: int, end: int, kind: Kind) -> Slip | None:
    """Return what is wrong with the signs of a stretch of text, at the first of them."""
    found = signs(source, begin, end, kind)
    if not found:
        return None
    edits = tuple(sign.edit(source) for sign in found)
    return Slip(*found[0].words, found[0].start, source, edits)


# --- what was read as something else ------------------------------------------------------------


def in_value(place: Provenance, path: Path) -> Slip | None:
    """Return the slip that made one text of the map or list at a path."""
    node = node_ranges.first(place.layers, path)
    if node is None or node.empty:
        return None
    try:
        whole = node.source.text[node.at] in "｛［【"
        kind = Kind.WHOLE if whole else Kind.LINE
        return within(node.source, node.at, node_ranges.end(node), kind)
    except node_ranges.Unclear:
        return None


def in_key(place: Provenance, path: Path) -> Slip | None:
    """Return the slip that made one key of a key and its value."""
    node = node_ranges.first(place.layers, path)
    if node is None or node.key_at is None:
        return None
    wide = _WIDE_KEY.match(str(path[-1]))
    if not node.empty and (wide is None or wide[1] not in fields()):
        return None
    try:
        end = node_ranges.key_end(node.source.text, node.key_at, flow=node.flow)
        return within(
            node.source, node.key_at, end if node.empty else node_ranges.end(node), Kind.KEY
        )
    except node_ranges.Unclear:
        return None


def in_keys_beside(place: Provenance, path: Path) -> Slip | None:
    """Return the slip that hides the field at a path in another key of the same map."""
    parent = node_ranges.first(place.layers, path[:-1])
    marks = parent.marks if parent is not None else None
    keys = [key for key in marks if path[-1] in words(key)] if isinstance(marks, dict) else []
    found = (in_key(place, (*path[:-1], key)) for key in keys if key != path[-1])
    return next(filter(None, found), None)


def words(key: str) -> list[str]:
    """Return the words of a key that is several of them by a slip."""
    return re.split("[：:，, ]+", key)


def moved_id(source: SourceText, id: str, at: int, field: int, ids: int) -> Slip | None:
    """Return that an id stands where the fields of the push above it do.

    `at` is where the id begins, `field` where a field does that is there twice, and `ids` where
    the first id of all begins.
    """
    column, out = node_ranges.column_of(source, at), node_ranges.column_of(source, ids)
    line = node_ranges.line_start(source, at)
    if id in push_fields() or not out < column == node_ranges.column_of(source, field):
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
    found = within(source, begin, _line_end(source.text, at), Kind.BRACKETS)
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
    wrong: list[Slip] = []
    for number, (begin, end) in enumerate(lines):
        slip = within(source, begin, end, Kind.LINE)
        if slip is None and number > 0:
            break
        wrong += [slip] if slip is not None else []
    if not wrong:
        return None
    return replace(wrong[-1], edits=tuple(edit for slip in wrong for edit in slip.edits))


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
