"""Signs that were meant as YAML and are read as text: full-width, or without a space. Pure.

Texts for people have the same signs, so only those count that can hardly be text: a colon behind
the name of a field, a comma before one, a bracket that goes on with one.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import islice
from typing import Any

from pushctl import schemas
from pushctl.diagnostics import Edit
from pushctl.manifest.yaml.narrow import NARROW
from pushctl.manifest.yaml.positions import SourceText

MOST = 1000
"""How many signs of a kind are looked at."""

_FIELD = r"[A-Za-z_][\w-]*"
_FIRST = re.compile(rf"^[ ]*(?:-[ ]+)?({_FIELD})(：[ ]*|:(?=[^\s/]))", re.MULTILINE)
_COLON = re.compile(rf"(?<=[{{,，｛])[ ]*({_FIELD})(：[ ]*|:(?=[^\s/]))")
_COMMA = re.compile(rf"，[ ]*(?=({_FIELD})[:：])")
_COMMA_BEHIND = re.compile(r"(?<=[\"'\]}”】］｝])，[ ]*")
_MAP = re.compile(rf"(?<=[:： ])｛(?=[ ]*({_FIELD})[:：])")
_OPEN = re.compile(r"(?<=[:： ])[｛［【]")
_CLOSE = re.compile(r"[｝］】](?=[ ]*(?:$|[,，}\]｝］]))", re.MULTILINE)
_END = re.compile(r"[｝］](?=[ ]*$)", re.MULTILINE)
_QUOTED = re.compile(r"\"[^\"\r\n]*\"|'[^'\r\n]*'")


class Kind(Enum):
    """Where the signs are: that decides which of them cannot be text."""

    LINE = (_FIRST, _MAP)
    """Lines with keys, and all of a map in brackets that begins behind such a sign."""
    KEY = (_FIRST, _COLON, _COMMA, _COMMA_BEHIND, _MAP)
    """A key that is none of the known ones."""
    BRACKETS = (_COLON, _COMMA, _COMMA_BEHIND, _END)
    """Brackets that are not understood."""
    WHOLE = (_COLON, _COMMA, _OPEN, _CLOSE)
    """A map or a list with brackets in full width."""


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign: where it stands, what is meant by it, and the field that it is behind, if any."""

    start: int
    end: int
    written: str
    meant: str
    field: str | None = None

    def edit(self, source: SourceText) -> Edit:
        """Write what is meant."""
        follows = source.text[self.end : self.end + 1]
        space = " " * (self.meant in (":", ",") and follows not in ("", "\n", "\r"))
        return Edit(source.range(self.start, self.end), self.meant + space)

    def opens(self, source: SourceText) -> bool:
        """Tell whether a map in brackets begins with it, or behind it."""
        return self.written == "｛" or source.text[self.end : self.end + 1] in ("{", "｛")

    @property
    def words(self) -> tuple[str, str]:
        """Say what is wrong, and what to type."""
        if self.field is None:
            return (
                f"`{self.written}` is a full-width sign, which is read as a part of the text.",
                f"write `{self.meant}` instead, or put the text in quotes",
            )
        if self.written == "：":
            return (
                f"The colon behind `{self.field}` is a full-width one (：), which is read as text.",
                f"write `{self.field}: `, with a plain colon and a space",
            )
        return (
            f"There is no space behind the colon of `{self.field}`, so all of it is read as text.",
            f"write `{self.field}: `, with a space behind the colon",
        )


def signs(source: SourceText, begin: int, end: int, kind: Kind) -> list[Sign]:
    """Return the signs in a stretch of a text, in their order; what is in quotes is text."""
    line = begin - source.position(begin).column + 1
    text = _QUOTED.sub(lambda quoted: f'"{" " * (len(quoted[0]) - 2)}"', source.text[line:end])
    found = {
        sign.start: sign
        for pattern in kind.value
        for match in islice(pattern.finditer(text), MOST)
        if _counts(match) and (sign := _sign(match, line)).start >= begin
    }
    inside = [sign.end for sign in found.values() if sign.opens(source)]
    if kind is Kind.LINE and inside:
        found |= {sign.start: sign for sign in signs(source, min(inside), end, Kind.WHOLE)}
    return [found[at] for at in sorted(found)]


def _counts(match: re.Match[str]) -> bool:
    """Tell whether a sign is none of a text: by the name of a field. Names of pushes are free."""
    names = [name for name in match.groups()[:1] if name]
    if not names or names[0] in fields():
        return True
    return match.re is _FIRST and match[2][0] == "："


def _sign(match: re.Match[str], line: int) -> Sign:
    colon = match.re in (_FIRST, _COLON)
    start, end = match.span(2) if colon else match.span()
    start += len(match.string[start:end]) - len(match.string[start:end].lstrip(" "))
    written = match.string[start:end].strip()
    field = match[1] if colon else None
    return Sign(line + start, line + end, written, written.translate(NARROW), field)


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
