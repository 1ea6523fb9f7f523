"""Where every key and value of a file begins and ends, by the end marks of the parser.

The loader keeps only beginnings. Ends are needed where text is changed or laid out, which is rare,
so the text is parsed a second time when they are asked for, once for each file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct, field

from pushctl.manifest.yaml import parser
from pushctl.manifest.yaml.parser import NextEvent
from pushctl.manifest.yaml.parser import events as ev
from pushctl.manifest.yaml.positions import Path, ProvenanceLayer, SourceText

_END = (ev.MappingEndEvent, ev.SequenceEndEvent, ev.DocumentEndEvent)


class Node(Struct, frozen=True, eq=False):
    """A value where it stands. Offsets are in characters, ends are exclusive.

    The end of a long text (`|` or `>`) leaves out its last line break, and blank lines at its end
    that mean nothing. The key's offsets are None for items of a list. `style` is the bracket,
    quote, `|` or `>` that it begins with, "*" for an alias, and empty for everything else. `flow`
    tells whether it stands within brackets. `column` (from 0) is that of the block map or list
    around it; -1 at the top. `children` has what is inside by key or index, None for single values,
    whose `value` is the text without quotes.
    """

    source: SourceText
    start: int
    end: int
    style: str = ""
    key_start: int | None = None
    key_end: int | None = None
    flow: bool = False
    column: int = -1
    children: Mapping[str | int, Node] | None = None
    value: str = ""

    @property
    def begin(self) -> int:
        """The offset where its key begins, or the value if it has none."""
        return self.start if self.key_start is None else self.key_start

    @property
    def in_brackets(self) -> bool:
        """Whether this is a map or a list in brackets."""
        return self.children is not None and self.style != ""

    @property
    def empty(self) -> bool:
        """Whether nothing is written behind the colon or the dash."""
        return self.children is None and self.start == self.end

    @property
    def raw(self) -> str:
        """The value as it is written."""
        return self.source.text[self.start : self.end]


def root(source: SourceText) -> Node:
    """Return the map that a file is; one without children if it is empty."""
    return _nodes(source)[0]


def find(layer: ProvenanceLayer, path: Path) -> Node | None:
    """Follow a path into a layer; None if it does not lead anywhere."""
    node = _nodes(layer.source).get(layer.at)
    if node is not None and (node.children is None) != (layer.source_map is None):
        return None  # an empty value, whose layer is where its key begins
    for key in path:
        if node is None or node.children is None:
            return None
        node = node.children.get(key)
    return node


def first(layers: Iterable[ProvenanceLayer], path: Path) -> Node | None:
    """Return the value at a path in the first layer that has it."""
    found = (find(layer, path) for layer in layers)
    return next((node for node in found if node is not None), None)


def _nodes(source: SourceText) -> dict[int, Node]:
    """Return the values of a file by where they begin; the file's own map is at 0."""
    if source.nodes is None:
        source.nodes = {}
        for next_event in parser.parsers(source.text):
            try:
                source.nodes = _Reader(source, next_event).read()
                break
            except parser.ERRORS:
                continue
        top = source.nodes.get(0)
        if top is None or top.children is None:
            source.nodes[0] = Node(source, 0, 0, children={})
    return source.nodes


class _Reader(Struct):
    """Builds nodes from the events of one document."""

    source: SourceText
    next_event: NextEvent
    nodes: dict[int, Node] = field(default_factory=dict)

    def read(self) -> dict[int, Node]:
        event = self.next_event()
        while isinstance(event, ev.StreamStartEvent | ev.DocumentStartEvent):
            event = self.next_event()
        if not isinstance(event, ev.StreamEndEvent):
            self.nodes[0] = self._node(event, None, flow=False, column=-1)
        return self.nodes

    def _node(self, event: Any, key: Any, *, flow: bool, column: int) -> Node:
        """Build the value that begins with an event; loading has refused what is too deep."""
        start, end = event.start_mark.index, event.end_mark.index
        children: dict[str | int, Node] | None = None
        style, value = "*", ""
        if isinstance(event, ev.ScalarEvent):
            style, value = event.style or "", parser.value_of(event)
            if style in ("|", ">"):
                end = self._end_of_lines(start, end)
        elif isinstance(event, ev.MappingStartEvent | ev.SequenceStartEvent):
            bracket = self.source.text[start : start + 1]
            style = bracket if event.flow_style and bracket in ("{", "[") and end > start else ""
            inner = column if flow or style else self.source.column(start)
            children, closed = self._children(event, flow=flow or style != "", column=inner)
            last = next(reversed(children.values()), None)
            end = closed if style else end if last is None else last.end
        key_start, key_end = (key.start_mark.index, key.end_mark.index) if key else (None, None)
        node = Node(
            self.source, start, end, style, key_start, key_end, flow, column, children, value
        )
        if not node.empty:
            self.nodes[start] = node
        return node

    def _children(
        self, opened: Any, *, flow: bool, column: int
    ) -> tuple[dict[str | int, Node], int]:
        """Read what is inside a map or a list, and where the event that closes it ends."""
        found: dict[str | int, Node] = {}
        is_map = isinstance(opened, ev.MappingStartEvent)
        while not isinstance(event := self.next_event(), _END):
            if not is_map:
                found[len(found)] = self._node(event, None, flow=flow, column=column)
            elif isinstance(event, ev.ScalarEvent):
                node = self._node(self.next_event(), event, flow=flow, column=column)
                found.setdefault(parser.value_of(event), node)
            else:  # a key that is no text, which loading has refused
                self._node(event, None, flow=flow, column=column)
                self._node(self.next_event(), None, flow=flow, column=column)
        return found, event.end_mark.index

    def _end_of_lines(self, start: int, end: int) -> int:
        """Return where a text that begins with | or > ends, without what means nothing."""
        lines = self.source.text[start:end]
        if "+" in self.source.text[start : self.source.line_end(start)].partition("#")[0]:
            return start + len(lines.removesuffix("\n").removesuffix("\r"))
        return self.source.line_end(start + len(lines.rstrip(" \r\n")))
