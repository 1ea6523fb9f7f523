"""A file as entries with their comments: what `layout.py` writes anew. Pure.

Every comment belongs to one entry: above it, behind it, or at the end of what is inside it. Which
one is told by where it stands: behind something on the same line, or on a line of its own, where
its indentation tells how far it is inside.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pushctl.manifest.yaml import node_ranges
from pushctl.manifest.yaml.node_ranges import Node
from pushctl.manifest.yaml.positions import Document, SourceText

_COMMENT = re.compile(r"#[^\r\n]*")
_BREAKS = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Remark:
    """One comment and where it stands.

    `column` counts from 0. `alone` on its line, with a `blank` line above it or not, or so many
    spaces (`gap`) behind something else.
    """

    text: str
    at: int
    column: int
    alone: bool
    blank: bool = False
    gap: int = 0


@dataclass(slots=True)
class Entry:
    """A key with its value, or an item of a list.

    `start` and `end` are where it stands; `behind` is where its key or dash ends. `inside` is None
    for a single value.
    """

    node: Node
    value: Any
    key: str | None
    start: int
    behind: int
    end: int
    blank: bool = False
    inside: list[Entry] | None = None
    above: list[Remark] = field(default_factory=list)
    beside: list[Remark] = field(default_factory=list)
    below: list[Remark] = field(default_factory=list)


def outline(document: Document) -> Entry:
    """Return a whole file as one entry; raises `spans.Unclear`."""
    root = node_ranges.node(document.layer)
    whole = _entry(root, document.data, None, 0, 0)
    remarks = _Remarks(document.source, whole)
    if whole.inside:
        remarks.attach(whole)
        remarks.between(whole, whole.inside[-1], None, whole.end, len(document.source.text))
    else:
        whole.below += remarks.found
    if len(attached(whole)) != len(remarks.found):
        raise node_ranges.Unclear
    return whole


def everything(whole: Entry) -> Iterator[Entry]:
    """Yield an entry and all that is inside it."""
    stack = [whole]
    while stack:
        entry = stack.pop()
        yield entry
        stack += reversed(entry.inside or ())


def attached(whole: Entry) -> list[Remark]:
    """Return all comments of an entry and of what is inside it."""
    return [
        remark
        for entry in everything(whole)
        for remark in (*entry.above, *entry.beside, *entry.below)
    ]


def _entry(node: Node, value: Any, key: str | None, start: int, behind: int) -> Entry:
    text = node.source.text
    inside: list[Entry] | None = None
    end = node.at
    if node.marks is None:
        end = node_ranges.end(node)
    else:
        inside, at = [], node.at + 1 if node.in_brackets else node.at
        for name, child in node_ranges.children(node):
            inner, opened = _begin(child, at)
            item = value[name]
            raw = text[inner:opened] if isinstance(name, str) else None
            entry = _entry(child, item, raw, inner, opened)
            entry.blank = _blank_above(text, inner)
            inside.append(entry)
            at = entry.end
        end = at
        if node.in_brackets:
            end = node_ranges.skip(text, at) + 1
            if text[end - 1 : end] not in ("}", "]"):
                raise node_ranges.Unclear
    return Entry(node, value, key, start, behind, end, inside=inside)


def _begin(child: Node, at: int) -> tuple[int, int]:
    """Return where a child begins, and where its key or dash ends."""
    text = child.source.text
    if child.key_at is not None:
        return child.key_at, node_ranges.key_end(text, child.key_at, flow=child.flow)
    if child.flow:
        return child.at, child.at
    dash = node_ranges.skip(text, at)
    if text[dash : dash + 1] != "-":
        raise node_ranges.Unclear
    return dash, dash + 1


def _blank_above(text: str, at: int) -> bool:
    begin = at
    while begin > 0 and text[begin - 1] in " \t\r\n":
        begin -= 1
    return len(_BREAKS.findall(text, begin, at)) > 1


class _Remarks:
    """The comments of a file, and who gets them."""

    def __init__(self, source: SourceText, whole: Entry) -> None:
        self._source = source
        self.found = list(self._find(whole))
        self._starts = [remark.at for remark in self.found]

    def _find(self, whole: Entry) -> list[Remark]:
        """Find all comments; what looks like one inside a text is none."""
        text, at = self._source.text, 0
        found = []
        gaps = []
        for start, end in [*_texts(whole), (len(text), len(text))]:
            if "#" in text[at:start]:
                gaps.append((at, start))
            at = max(at, end)
        for start, end in gaps:
            for match in _COMMENT.finditer(text, start, end):
                begin = match.start()
                column = node_ranges.column_of(self._source, begin)
                before = text[begin - column : begin]
                alone, gap = not before.strip(), len(before) - len(before.rstrip())
                blank = alone and _blank_above(text, begin)
                found.append(Remark(match[0].rstrip(), begin, column, alone, blank, gap))
        return found

    def attach(self, owner: Entry) -> None:
        """Give the comments within an entry to what is inside it."""
        previous, at = None, owner.behind
        for entry in owner.inside or ():
            self.between(owner, previous, entry, at, entry.start)
            if entry.inside:
                self.attach(entry)
            else:
                self._within(entry)
            previous, at = entry, entry.end
        if owner.node.in_brackets:
            self.between(owner, previous, None, at, owner.end)

    def _within(self, entry: Entry) -> None:
        end = entry.end if entry.inside is not None else entry.node.at
        for remark in self._in(entry.behind, end):
            (entry.above if remark.alone else entry.beside).append(remark)

    def between(
        self, owner: Entry, previous: Entry | None, following: Entry | None, start: int, end: int
    ) -> None:
        """Give away the comments between two neighbours, or behind the last one."""
        remarks = self._in(start, end)
        if not remarks:
            return
        ending = _ending(previous)
        within = len(ending)
        for remark in remarks:
            if not remark.alone:
                (_last(previous) if previous else owner).beside.append(remark)
                continue
            # Once a comment is further out, those below it are too.
            while within and ending[within - 1][0] > remark.column:
                within -= 1
            if within:
                ending[within - 1][1].below.append(remark)
            elif following is not None:
                following.above.append(remark)
            else:
                owner.below.append(remark)

    def _in(self, start: int, end: int) -> list[Remark]:
        first = bisect.bisect_left(self._starts, start)
        return self.found[first : bisect.bisect_left(self._starts, end, first)]


def _texts(whole: Entry) -> Iterator[tuple[int, int]]:
    """Yield where keys and single values stand, in the order of the text."""
    for entry in everything(whole):
        if entry.key is not None:
            yield entry.start, entry.behind
        if entry.inside is None:
            yield entry.node.at, entry.end


def _ending(entry: Entry | None) -> list[tuple[int, Entry]]:
    """Return the maps and lists that end where an entry ends, and from which column on.

    A list may stand as far out as the key above it; a comment there is not inside the list.
    """
    found: list[tuple[int, Entry]] = []
    while entry is not None and entry.inside and not entry.node.in_brackets:
        column = node_ranges.column_of(entry.node.source, entry.node.at)
        found.append((max(column, entry.node.column + 1), entry))
        entry = entry.inside[-1]
    return found


def _last(entry: Entry) -> Entry:
    """Return the entry on whose last line something stands."""
    while entry.inside and not entry.node.in_brackets:
        entry = entry.inside[-1]
    return entry
