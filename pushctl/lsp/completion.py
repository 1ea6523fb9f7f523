"""What an editor proposes while something is typed.

The text is rarely complete at that moment, so only its lines are looked at, not its structure.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from pushctl.diagnostics import Position
from pushctl.lint.registry import rules
from pushctl.text.regex import regex

_TYPED = regex(r"""(?:^|[\s{,-])(from|to|id|rule):\s+["']?([^\s,{}\[\]"']*(?:\[[^\s"']*)?)$""")
_BLOCK = regex(r"""\s*(?:-\s+)?(moved|removed|adopt|allow)\s*:""")


class Proposal(Struct, frozen=True):
    """One thing that could be meant, what it is, and the characters that it takes the place of."""

    text: str
    detail: str
    start: Position
    end: Position


def proposals(
    lines: tuple[str, ...], at: Position, *, ids: Iterable[str], gone: Iterable[str]
) -> list[Proposal]:
    """Return what could be meant at a position.

    `ids` are the pushes that there are, `gone` those that were applied and are no longer there.
    """
    if at.line > len(lines):
        return []
    typed = _TYPED.search(lines[at.line - 1][: at.column - 1])
    if typed is None:
        return []
    block = _block(lines, at)
    start = Position(at.line, at.column - len(typed[2]))
    match (block, typed[1]):
        case ("moved", "to") | ("adopt", "id"):
            found = [(id, "a push of this manifest") for id in ids]
        case ("moved", "from") | ("removed", "id"):
            found = [(id, "applied before, and no longer there") for id in gone]
        case ("allow", "rule"):
            found = [(rule.code, rule.title) for rule in rules().values()]
        case _:
            found = []
    return [Proposal(text, detail, start, at) for text, detail in found]


def _block(lines: tuple[str, ...], at: Position) -> str | None:
    """Return the list that a line belongs to; the lines above that are further out tell."""
    indent = None
    for line in reversed(lines[: at.line]):
        found = _BLOCK.match(line)
        deep = len(line) - len(line.lstrip(" "))
        if found is not None and (indent is None or deep <= indent):
            return found[1]
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if indent is not None and deep < indent and not line.lstrip().startswith("-"):
            return None
        indent = deep if indent is None else min(indent, deep)
    return None
