"""Typos that make YAML read something else: full-width punctuation, blanks, and an unquoted `#`.

Texts for people have the same signs, so only those count that can hardly be text: a colon behind a
name at the beginning of a line, and in brackets what stands around the name of a field. A `#`
behind a space begins a comment (YAML 1.2, section 6.6); people who mean one put a space behind it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Container, Iterable, Iterator
from itertools import islice, pairwise

from msgspec import Struct
from msgspec.structs import replace

from pushctl.diagnostics import Diagnostic, Edit, Range
from pushctl.manifest.rules import diagnostic
from pushctl.manifest.words import WORDS
from pushctl.manifest.yaml import node_ranges
from pushctl.manifest.yaml.node_ranges import Node
from pushctl.manifest.yaml.positions import Document, Path, Provenance, SourceText
from pushctl.text.regex import regex

_CUT = "The comma before this ends a text in brackets, so it is read as the name of a field."

MAX_SIGNS = 1000
"""How many signs of a kind are looked at."""
MAX_LINES = 50
"""How far above the place where a parser gave up is looked."""

_OTHERS = " 【】〔〕“”„‟‘’、\u3000"
_HALF_WIDTH = {
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    **dict(zip(map(ord, _OTHERS), ' [][]""""\'\', ', strict=True)),
}

_NAME = r"([A-Za-z_][\w-]*)"
_BLANK = "[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]"
_COLON = rf"(：[ ]*|:(?:{_BLANK}+ *|(?=[^\s/]))|[ ]*=[ ]+)"
_INDENTATION = regex(rf"[ \t]*({_BLANK}|[\u200b-\u200f\u2060](?=[ \t]))+[ \t]*")
_LINE_DASH = regex(r"^[ ]*-(?=[^-\s])", re.MULTILINE)
_BLOCK_TEXT = regex(r"[|>][-+0-9]*[ \t]*$")
_LINE_COLON = regex(rf"^[ ]*(?:-[ ]+)?{_NAME}{_COLON}", re.MULTILINE)
_LINE_OPENS = regex(rf"(?<=[:： ])｛(?=[ ]*{_NAME}[:：])")
_FLOW_COLON = regex(rf"(?<=[{{,，｛])[ ]*{_NAME}{_COLON}")
_FLOW_COMMA = regex(rf"，[ ]*(?={_NAME}[:：])")
_FLOW_COMMA_BEHIND = regex(r"(?<=[\"'\]}”】］｝])，[ ]*")
_FLOW_CLOSES = regex(r"[｝］](?=[ ]*$)", re.MULTILINE)
_LINE = (_LINE_COLON, _LINE_OPENS, _LINE_DASH)
_FLOW = (_FLOW_COLON, _FLOW_COMMA, _FLOW_COMMA_BEHIND)
_OPEN = ("{", "｛")
_QUOTED = regex(r"\"[^\"\r\n]*\"|'[^'\r\n]*'")

_ANY_COMMENT = regex(r"[ \t](#[^\s#!][^\r\n]*)")
_COMMENT = regex(r"[ \t]+(#[^\s#!][^\r\n]*)")
_TEXTS = {
    "message": frozenset({"title", "body", "open", "image", "icon", "extras"}),
    "sms": frozenset({"sign", "params"}),
}
"""What people see or tap, by the map that it stands in."""


Fields = Container[str] | None
"""The names of all fields; None where a file cannot be read, so that any name may be one."""


class Typo(Struct, frozen=True):
    """What is wrong, what to type, where it is, and the edits that do it."""

    detail: str
    fix: str
    where: Range
    edits: tuple[Edit, ...] = ()

    def finding(self, code: str) -> Diagnostic:
        """Return it as a finding."""
        return diagnostic(code, self.detail, self.where, self.fix, edits=self.edits)


def half_width(text: str) -> str:
    """Write the signs, letters and digits of a text in half width, without quotes around it."""
    plain = text.translate(_HALF_WIDTH).strip()
    return plain[1:-1] if len(plain) > 1 and plain[0] == plain[-1] == '"' else plain


# --- full-width punctuation ---------------------------------------------------------------------


def in_value(provenance: Provenance, path: Path, fields: Container[str]) -> Typo | None:
    """Return the typo that made one text of the map or list at a path."""
    node = node_ranges.first(provenance.layers, path)
    if node is None or node.empty:
        return None
    source = node.source
    if node.raw[0] in "｛［【":
        ends = (node.start, node.end - 1) if node.raw[-1] in "｝］】" else (node.start,)
        signs = [_Sign(at, at + 1, source.text[at]) for at in ends]
        return _typo(source, [*signs, *_signs(source, node.start, node.end, _FLOW, fields)])
    begin = node.start if node.flow else source.line_start(node.start)
    return _typo(source, _line_signs(source, begin, node.end, fields))


def in_key(provenance: Provenance, path: Path, fields: Container[str]) -> Typo | None:
    """Return the typo that made one key of a key and its value, or of the end of a text."""
    node = node_ranges.first(provenance.layers, path)
    if node is None or node.key_start is None or node.key_end is None:
        return None
    name, colon, _ = str(path[-1]).partition("：")
    if not node.empty and not (colon and name in fields):
        return None
    end = node.key_end if node.empty else node.end
    if node.flow:
        flow = (_LINE_COLON, *_FLOW)
        found = _typo(node.source, _signs(node.source, node.key_start, end, flow, fields))
        cut = node.empty and ":" not in node.source.text[end : node.start + 1]
        where = node.source.range(node.key_start, end)
        return found or (Typo(_CUT, "put the whole text in quotes", where) if cut else None)
    return _typo(node.source, _line_signs(node.source, node.key_start, end, fields))


def in_neighbours(provenance: Provenance, path: Path, fields: Container[str]) -> Typo | None:
    """Return the typo that hides the field at a path in another key of the same map."""
    parent = node_ranges.first(provenance.layers, path[:-1])
    keys = map(str, (parent.children if parent is not None else None) or ())
    hiding = (key for key in keys if key != path[-1] and path[-1] in words(key))
    found = (in_key(provenance, (*path[:-1], key), fields) for key in hiding)
    return next(filter(None, found), None)


def words(key: str) -> list[str]:
    """Return the words of a key that is several of them by a typo."""
    return re.split("[：:，, ]+", key)


def in_brackets(source: SourceText, begin: int, at: int) -> Typo | None:
    """Return what keeps brackets that open at `begin` from being understood up to `at`."""
    found = _signs(source, begin, source.line_end(at), (*_FLOW, _FLOW_CLOSES), None)
    comment = _ANY_COMMENT.search(source.text, begin, source.line_end(begin))
    if found or comment is None:
        return _typo(source, found)
    detail = (
        "The bracket of this line is not closed: # behind a space begins a comment, and the rest "
        "of the line is not read."
    )
    return Typo(detail, "put the text with the # in quotes", source.range(comment.start(1)))


def above(source: SourceText, at: int) -> Typo | None:
    """Return what makes a parser stumble at an offset: on this line or on those above it."""
    wrong: list[Typo] = []
    for number, (begin, end) in enumerate(islice(_lines_above(source, at), MAX_LINES)):
        signs = _line_signs(source, begin, end, None)
        typo = indentation(source, begin) or _typo(source, signs)
        if typo is not None:
            wrong.append(typo)
        elif number > 0:
            break
    if not wrong:
        return None
    return replace(wrong[-1], edits=tuple(edit for typo in wrong for edit in typo.edits))


def indentation(source: SourceText, begin: int) -> Typo | None:
    """Return the blanks that indent the line that begins at an offset and are none to YAML."""
    found = _INDENTATION.match(source.text, begin)
    if found is None or _in_block_text(source, begin):
        return None
    name = unicodedata.name(found[1], "a control character").lower()
    detail = f"The indentation has U+{ord(found[1]):04X} ({name}); YAML takes only plain spaces."
    where = source.range(begin, found.end())
    return Typo(detail, "type the blanks before it anew, two spaces a level", where)


def _in_block_text(source: SourceText, begin: int) -> bool:
    """Tell whether a line is in a text that begins with | or >, where any blank is text."""
    lines = (source.text[start:end] for start, end in _lines_above(source, begin))
    deep = len(line := next(lines)) - len(line.lstrip(" "))
    opened = (line for line in lines if len(line) - len(line.lstrip(" ")) < deep)
    return _BLOCK_TEXT.search(next(opened, "") if deep else "") is not None


def _lines_above(source: SourceText, at: int) -> Iterator[tuple[int, int]]:
    """Yield the lines with something on them from an offset upwards, as begin and end."""
    while at >= 0:
        begin = source.line_start(at)
        end = source.line_end(begin)
        line = source.text[begin:end].strip()
        if line and not line.startswith("#"):
            yield begin, end
        at = begin - 1


class _Sign(Struct, frozen=True):
    """Punctuation between two offsets, and the name that it is behind, if any."""

    start: int
    end: int
    written: str
    name: str | None = None

    @property
    def meant(self) -> str:
        return ":" if self.written == "=" else self.written.translate(_HALF_WIDTH)

    def edit(self, source: SourceText) -> Edit:
        follows = source.text[self.end : self.end + 1]
        space = " " * (self.meant in (":", ",", "-") and follows not in ("", "\n", "\r"))
        return Edit(source.range(self.start, self.end), self.meant + space)

    def message(self) -> tuple[str, str]:
        """Say what is wrong, and what to type."""
        behind = {"：": "colon", "=": "equals"}.get(self.written, "space")
        kind = "dash" if self.written == "-" else "text" if self.name is None else behind
        words = WORDS["signs"][kind]
        values = {"written": self.written, "meant": self.meant, "name": self.name}
        return words["is"].format(**values), words["fix"].format(**values)


def _typo(source: SourceText, signs: Iterable[_Sign]) -> Typo | None:
    """Return signs as one typo, at the first of them."""
    found = sorted(set(signs), key=lambda sign: sign.start)
    if not found:
        return None
    edits = tuple(sign.edit(source) for sign in found)
    return Typo(*found[0].message(), source.range(found[0].start), edits)


def _line_signs(source: SourceText, begin: int, end: int, fields: Fields) -> list[_Sign]:
    """Return the signs in lines with keys, and in a map in brackets that begins on one of them."""
    found = _signs(source, begin, end, _LINE, fields)
    opened = (s.end for s in found if s.written == "｛" or source.text[s.end : s.end + 1] in _OPEN)
    first = min(opened, default=None)
    if first is not None:
        found += _signs(source, first - 1, end, (*_FLOW, _FLOW_CLOSES), fields)
    return found


def _signs(
    source: SourceText, begin: int, end: int, patterns: Iterable[re.Pattern[str]], fields: Fields
) -> list[_Sign]:
    """Return the signs between two offsets; what is in quotes is text."""
    text = _QUOTED.sub(lambda found: f'"{" " * (len(found[0]) - 2)}"', source.text[begin:end])
    found: list[_Sign] = []
    for pattern in patterns:
        is_colon = pattern in (_LINE_COLON, _FLOW_COLON)
        for match in islice(pattern.finditer(text), MAX_SIGNS):
            start, stop = match.span(2 if is_colon else 0)
            start += 0 if is_colon else len(match[0]) - len(match[0].lstrip(" "))
            written = text[start:stop].strip()
            name = match[1] if pattern.groups else None
            # Names of pushes are free, so at the beginning of a line any name will do.
            is_free = name is None or fields is None or (pattern is _LINE_COLON and written == "：")
            if is_free or (fields is not None and name in fields):
                name = name if is_colon else None
                found.append(_Sign(begin + start, begin + stop, written, name))
    return found


# --- an unquoted comment ------------------------------------------------------------------------


def unquoted_comments(document: Document) -> Iterator[Diagnostic]:
    """Yield a warning for each text that people see or tap and of which a part is a comment."""
    if _ANY_COMMENT.search(document.source.text) is None:
        return
    for path, node in _texts(node_ranges.root(document.source), ()):
        found = _unquoted_comment(node)
        if found is not None:
            yield replace(found.finding("PSH122"), push=_push_of(path, document))


def comment_instead_of(provenance: Provenance, path: Path) -> Typo | None:
    """Return the comment that stands where the value at `path` should be."""
    node = node_ranges.first(provenance.layers, path)
    return _unquoted_comment(node) if node is not None and node.empty else None


def _push_of(path: Path, document: Document) -> str | None:
    """Return the id of the one entry that a path belongs to; None if it makes several pushes."""
    if path[0] != "pushes":
        return None
    pushes = document.data.get("pushes")
    entry = pushes.get(path[1]) if isinstance(pushes, dict) else None
    return None if isinstance(entry, dict) and "for_each" in entry else str(path[1])


def _texts(node: Node, path: Path) -> Iterator[tuple[Path, Node]]:
    for key, child in (node.children or {}).items():
        here = (*path, key)
        if child.children is not None:
            yield from _texts(child, here)
        elif _is_seen(here):
            yield here, child


def _is_seen(path: Path) -> bool:
    if path[-1] == "name" or "vars" in path or "for_each" in path:
        return True
    return any(inner in _TEXTS.get(str(outer), ()) for outer, inner in pairwise(path))


def _unquoted_comment(node: Node) -> Typo | None:
    source = node.source
    found = _COMMENT.match(source.text, node.end)
    if found is None or node.style:
        return None
    end = found.start(1) + len(found[1].rstrip())
    lines = source.text[node.start : end].splitlines()
    whole = json.dumps(" ".join(line.strip() for line in lines).strip(), ensure_ascii=False)
    lost = json.dumps(source.text[found.start(1) : end], ensure_ascii=False)
    kept = json.dumps(node.value, ensure_ascii=False)
    detail = f"The text is only {kept}: # begins a comment, {lost}."
    if node.empty:
        detail = f"There is no value here: what begins with # is a comment, {lost}."
    edit = Edit(source.range(node.start, end), f" {whole}" if node.empty else whole)
    surely_whole = not node.flow and len(lines) == 1
    where = source.range(found.start(1) if node.empty else node.start, end)
    return Typo(detail, f"put it in quotes: {whole}", where, (edit,) if surely_whole else ())
