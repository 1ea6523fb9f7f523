"""The comments of a file, each attached to one entry, so that they move along with it.

Which entry that is follows from where a comment stands: behind something on the same line, or on a
line of its own, where its indentation tells how far it is inside.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterator
from typing import Any

from msgspec import Struct, field

from pushctl.manifest.yaml import node_ranges
from pushctl.manifest.yaml.node_ranges import Node
from pushctl.manifest.yaml.positions import BREAK, Document, SourceText
from pushctl.text.regex import regex

_COMMENT = regex(r"#[^\r\n]*")
_GAP = regex(r"(?:[ \t\r\n]|#[^\r\n]*)*+")


class CannotFormat(Exception):
    """The text has something that is not laid out."""


class Comment(Struct, frozen=True):
    """One comment and where it stands, as an offset and a column from 0.

    `alone` on its line, with a `blank` line above it or not, or so many spaces (`gap`) behind
    something else.
    """

    text: str
    at: int
    column: int
    alone: bool
    blank: bool
    gap: int


class Entry(Struct):
    """A key with its value, or an item of a list, with its comments.

    `start` is the offset of the key or the dash and `behind` that of its end. `inside` is None for
    a single value.
    """

    node: Node
    value: Any
    start: int
    behind: int
    blank: bool = False
    inside: list[Entry] | None = None
    above: list[Comment] = field(default_factory=list)
    beside: list[Comment] = field(default_factory=list)
    below: list[Comment] = field(default_factory=list)

    @property
    def key(self) -> str | None:
        """The key as it is written; None for items of a list."""
        if self.node.key_start is None:
            return None
        return self.node.source.text[self.node.key_start : self.node.key_end]

    @property
    def comments(self) -> list[Comment]:
        """All comments of this entry, without those of what is inside."""
        return [*self.above, *self.beside, *self.below]


def entries(document: Document) -> Entry:
    """Return a whole file as one entry; raises `CannotFormat`."""
    top = node_ranges.root(document.source)
    whole = _entry(top, document.data, 0, 0)
    comments = _Comments(document.source, whole)
    if whole.inside:
        comments.attach(whole)
        comments.between(whole, whole.inside[-1], None, top.end, len(document.source.text))
    else:
        whole.below += comments.found
    if sum(len(entry.comments) for entry in walk(whole)) != len(comments.found):
        raise CannotFormat
    return whole


def walk(whole: Entry) -> Iterator[Entry]:
    """Yield an entry and all that is inside it, in the order of the text."""
    yield whole
    for entry in whole.inside or ():
        yield from walk(entry)


def _entry(node: Node, value: Any, start: int, behind: int) -> Entry:
    whole = Entry(node, value, start, behind)
    if node.children is not None:
        whole.inside, at = [], node.start
        for name, child in node.children.items():
            begin, opened = _lead(child, at)
            entry = _entry(child, value[name], begin, opened)
            entry.blank = _blank_above(node.source.text, begin)
            whole.inside.append(entry)
            at = child.end
    return whole


def _lead(child: Node, at: int) -> tuple[int, int]:
    """Return where the key or the dash of a child begins and ends; it stands behind `at`."""
    if child.key_start is not None and child.key_end is not None:
        return child.key_start, child.key_end
    if child.flow:
        return child.start, child.start
    gap = _GAP.match(child.source.text, at)
    dash = gap.end() if gap is not None else at
    if child.source.text[dash : dash + 1] != "-":
        raise CannotFormat
    return dash, dash + 1


def _blank_above(text: str, at: int) -> bool:
    begin = at
    while begin > 0 and text[begin - 1] in " \t\r\n":
        begin -= 1
    return len(BREAK.findall(text, begin, at)) > 1


class _Comments:
    """The comments of a file, and which entries get them."""

    def __init__(self, source: SourceText, whole: Entry) -> None:
        self._source = source
        self.found = list(self._find(whole))
        self._starts = [comment.at for comment in self.found]

    def _find(self, whole: Entry) -> Iterator[Comment]:
        """Find all comments; what looks like one inside a text is none."""
        text, at = self._source.text, 0
        for start, end in [*_texts(whole), (len(text), len(text))]:
            for match in _COMMENT.finditer(text, at, max(at, start)):
                yield self._comment(match[0].rstrip(), match.start())
            at = max(at, end)

    def _comment(self, text: str, at: int) -> Comment:
        column = self._source.column(at)
        before = self._source.text[at - column : at]
        alone, gap = not before.strip(), len(before) - len(before.rstrip())
        blank = alone and _blank_above(self._source.text, at)
        return Comment(text, at, column, alone, blank, gap)

    def attach(self, owner: Entry) -> None:
        """Give the comments within an entry to what is inside it."""
        previous, at = None, owner.behind
        for entry in owner.inside or ():
            self.between(owner, previous, entry, at, entry.start)
            if entry.inside:
                self.attach(entry)
            else:
                end = entry.node.start if entry.inside is None else entry.node.end
                for comment in self._in(entry.behind, end):
                    (entry.above if comment.alone else entry.beside).append(comment)
            previous, at = entry, entry.node.end
        if owner.node.in_brackets:
            self.between(owner, previous, None, at, owner.node.end)

    def between(
        self, owner: Entry, previous: Entry | None, following: Entry | None, start: int, end: int
    ) -> None:
        """Give away the comments between two neighbours, or behind the last one."""
        comments = self._in(start, end)
        ending = _ending(previous) if comments else []
        for comment in comments:
            if not comment.alone:
                (_last(previous) if previous else owner).beside.append(comment)
                continue
            # Once a comment is further out, those below it are too.
            while ending and ending[-1][0] > comment.column:
                ending.pop()
            if ending:
                ending[-1][1].below.append(comment)
            elif following is not None:
                following.above.append(comment)
            else:
                owner.below.append(comment)

    def _in(self, start: int, end: int) -> list[Comment]:
        first = bisect.bisect_left(self._starts, start)
        return self.found[first : bisect.bisect_left(self._starts, end, first)]


def _texts(whole: Entry) -> Iterator[tuple[int, int]]:
    """Yield where keys and single values stand, in the order of the text."""
    for entry in walk(whole):
        if entry.key is not None:
            yield entry.start, entry.behind
        if entry.inside is None:
            yield entry.node.start, entry.node.end


def _ending(entry: Entry | None) -> list[tuple[int, Entry]]:
    """Return the maps and lists that end where an entry ends, and from which column on.

    A list may stand as far out as the key above it; a comment there is not inside the list.
    """
    found: list[tuple[int, Entry]] = []
    while entry is not None and entry.inside and not entry.node.in_brackets:
        column = entry.node.source.column(entry.node.start)
        found.append((max(column, entry.node.column + 1), entry))
        entry = entry.inside[-1]
    return found


def _last(entry: Entry) -> Entry:
    """Return the entry on whose last line something stands."""
    while entry.inside and not entry.node.in_brackets:
        entry = entry.inside[-1]
    return entry
