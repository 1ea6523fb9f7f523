"""Texts on the lines below a `|` or `>`, without their indentation (YAML 1.2, section 8.1)."""

from __future__ import annotations

from msgspec import Struct

from pushctl.manifest.yaml.node_ranges import Node
from pushctl.manifest.yaml.positions import BREAK
from pushctl.text.regex import regex

_DIGIT = regex(r"[1-9]")


class BlockText(Struct, frozen=True):
    """The signs that such a text begins with, the comment behind them, if any, and its lines.

    Blank lines at its end are among them only where they mean something (`|+`).
    """

    signs: str
    comment: str
    lines: tuple[str, ...]


def block_text(node: Node) -> BlockText | None:
    """Return the lines of a text that begins with | or >; None for all other values."""
    if node.style not in ("|", ">"):
        return None
    header, *lines = BREAK.split(node.raw)
    signs, sign, comment = header.partition("#")
    given = _DIGIT.search(signs)
    if given is not None:
        indent = max(node.column, 0) + int(given[0])
    else:
        first = next((line for line in lines if line.strip(" ")), "")
        indent = len(first) - len(first.lstrip(" "))
    return BlockText(
        signs.rstrip(), (sign + comment).rstrip(), tuple(line[indent:] for line in lines)
    )
