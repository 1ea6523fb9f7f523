"""Values as they are written: their lines, and what differs between two ways to write one. Pure."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pushctl.diagnostics import Position
from pushctl.manifest.yaml.positions import Layer, Path, Provenance
from pushctl.plan.origin import Lines

_BREAK = re.compile(r"\r\n|\r|\n")
_VARIABLE = re.compile(r"(?<!\$)\$\{([^{}]*)\}")
ENTRIES = "pushes"
DEEP = {"environments": 3, "vars": 2, "calendars": 2}
"""How many keys name a part of these; one names any other."""


@lru_cache(maxsize=512)
def lines_of(text: str) -> tuple[str, ...]:
    """Split a text into its lines, white space at their ends taken off."""
    return tuple(line.rstrip() for line in _BREAK.split(text))


@dataclass(frozen=True, slots=True)
class Spot:
    """A value as it is written: its file, the number of its first line, its lines.

    `part` is what it belongs to, empty for an entry's own; `rank` orders parts, the strongest
    first.
    """

    file: str
    first: int
    lines: tuple[str, ...]
    part: str
    rank: int

    @property
    def variables(self) -> tuple[str, ...]:
        """The names of the variables in it."""
        return tuple(name for line in self.lines for name in _VARIABLE.findall(line))

    def all(self, *, former: bool) -> Lines:
        """Return all of its lines."""
        last = self.first + len(self.lines) - 1
        return Lines(self.file, self.first, last, self.part, former)


def block(text: str, number: int) -> tuple[str, ...]:
    """Return the lines of the value whose key stands on a line (from 1), by their indentation."""
    lines = lines_of(text)
    if number > len(lines):
        return ()
    key = lines[number - 1]
    depth, is_item = _depth(key), key.lstrip().startswith("- ")
    end = number
    for at in range(number, len(lines)):
        line = lines[at]
        stripped = line.lstrip()
        if not stripped or stripped.startswith("#"):
            continue
        listed = stripped.startswith("- ") and not is_item and _depth(line) == depth
        if _depth(line) <= depth and not listed:
            break
        end = at + 1
    return lines[number - 1 : end]


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def spot(provenance: Provenance, path: Path) -> Spot | None:
    """Return how the value at a path is written, in the strongest layer that has it."""
    for layer in provenance.layers:
        found = _reach(layer, path)
        if found is not None:
            return at(layer, found)
    return None


def _reach(layer: Layer, path: Path) -> int | None:
    """Return where the key of a value stands (an offset), None if this layer does not have it."""
    offset = None
    inner: Layer | None = layer
    for key in path:
        if inner is None or (inner_offset := inner.key(key)) is None:
            return None
        offset, inner = inner_offset, inner.child(key)
    return offset


def at(layer: Layer, offset: int) -> Spot:
    """Return the value whose key stands at an offset of a file."""
    source = layer.source
    number = source.position(offset).line
    return Spot(source.name, number, block(source.text, number), "", 0)


def address(layer: Layer, position: Position) -> Path:
    """Return the first keys that lead to a position, as many as tell what it belongs to."""
    path: list[str | int] = []
    inner: Layer | None = layer
    while inner is not None and isinstance(inner.source_map, dict) and len(path) < _depth_of(path):
        begun = [
            (where, key)
            for key in inner.source_map
            if (offset := inner.key(key)) is not None
            and (where := inner.source.position(offset)) <= position
        ]
        if not begun:
            break
        key = max(begun)[1]
        path.append(key)
        inner = inner.child(key)
    return tuple(path)


def part_of(path: Path) -> str:
    """Name what lines belong to by the keys that lead there; empty for what an entry owns."""
    if path[:1] == (ENTRIES,) or (path[:1] == ("environments",) and path[2:3] == (ENTRIES,)):
        return ""
    return ".".join(str(key) for key in path[: _depth_of(path)])


def _depth_of(path: Sequence[str | int]) -> int:
    """Return how many keys name a part, by the first one."""
    return DEEP.get(str(path[0]), 1) if path else 1


def differing(before: Spot | None, after: Spot | None) -> tuple[Lines, ...]:
    """Return the lines by which a value came to be written otherwise; none if they are the same.

    Where it moved to another part, the stronger one is what was added or taken out.
    """
    if before is None or after is None:
        return tuple(
            item.all(former=item is before) for item in (before, after) if item is not None
        )
    if before.rank != after.rank:
        return (after.all(former=False) if after.rank < before.rank else before.all(former=True),)
    changed = region(before.lines, after.lines)
    if changed is None:
        return ()
    start, former_end, end = changed
    if end > start:
        return (Lines(after.file, after.first + start, after.first + end - 1, after.part),)
    first, last = before.first + start, before.first + former_end - 1
    return (Lines(before.file, first, last, before.part, former=True),)


def region(before: Sequence[str], after: Sequence[str]) -> tuple[int, int, int] | None:
    """Return where two lists begin to differ, and where that ends in each; None if they do not."""
    if tuple(before) == tuple(after):
        return None
    shorter = min(len(before), len(after))
    start = next((i for i in range(shorter) if before[i] != after[i]), shorter)
    tail = next(
        (i for i in range(shorter - start) if before[-1 - i] != after[-1 - i]), shorter - start
    )
    return start, len(before) - tail, len(after) - tail


@lru_cache(maxsize=512)
def bare_lines_of(text: str) -> tuple[str, ...]:
    """Split a text into its lines, without indentation and empty ones."""
    return bare(lines_of(text))


def bare(lines: Iterable[str]) -> tuple[str, ...]:
    """Return lines without their indentation, and without the empty ones."""
    return tuple(stripped for line in lines if (stripped := line.strip()))


def find(wanted: Sequence[str], lines: Sequence[str]) -> int | None:
    """Return where some lines stand together in others, counted from 0."""
    wanted, lines = tuple(wanted), tuple(lines)
    at = -1
    with contextlib.suppress(ValueError):
        while wanted:
            at = lines.index(wanted[0], at + 1)
            if lines[at : at + len(wanted)] == wanted:
                return at
    return None
