"""YAML text to plain data and a source map of every key and value.

A restricted YAML 1.2: only `true`, `false`, `null`, decimal integers and simple floats are typed,
everything else is text, because `0042`, `yes` and `13:45:11` mean different things to different
tools. The data is built here from the events of either parser, so that there is one meaning.
"""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Callable, Iterator
from sys import intern
from typing import Any

from msgspec import Struct, field

from pushctl.diagnostics import Diagnostic, Edit, Severity
from pushctl.manifest.rules import diagnostic
from pushctl.manifest.yaml import errors as yaml_errors
from pushctl.manifest.yaml import parser, syntax_errors, typos
from pushctl.manifest.yaml.parser import NextEvent
from pushctl.manifest.yaml.parser import events as ev
from pushctl.manifest.yaml.positions import BITS, Document, SourceMap, SourceText
from pushctl.text.regex import regex

MAX_BYTES = 5_000_000
MAX_DEPTH = 64
MAX_NODES = 1_000_000
MAX_FINDINGS = 100

_WORDS: dict[str, Any] = {"": None, "~": None, "null": None, "true": True, "false": False}
_INTEGER = regex(r"0|-?[1-9][0-9]{0,17}")
_FLOAT = regex(r"-?(?:0|[1-9][0-9]{0,14})\.[0-9]{1,15}")
_NUMERIC = frozenset("-0123456789")
LONGEST_WORD = 5
"""Letters of the longest word that other tools read as something else: `False`."""
_DISCARD = object()


def load(name: str, content: bytes) -> tuple[Document | None, tuple[Diagnostic, ...]]:
    """Read the text of one file; everything that is wrong with it comes back as findings.

    Without a document the text could not be read at all.
    """
    if len(content) > MAX_BYTES:
        return None, (yaml_errors.too_large(name, len(content), MAX_BYTES),)
    text, findings = yaml_errors.decode(name, content)
    if text is None:
        return None, findings
    source = SourceText(name, text)
    document: Document | None = None
    with without_collector():
        for next_event in parser.parsers(text):
            document, findings, undecided = _built(source, next_event)
            if not undecided:
                break
    return document, findings


def _built(
    source: SourceText, next_event: NextEvent
) -> tuple[Document | None, tuple[Diagnostic, ...], bool]:
    """Build a document; the last item tells whether the other parser should have a look."""
    builder = _Builder(source)
    try:
        builder.run(next_event)
    except _Stop:
        return None, tuple(builder.findings), False
    except parser.ERRORS as error:
        problem = parser.problem_of(error)
        finding = syntax_errors.explain(source, problem)
        line = finding.range.start.line if finding.range is not None else 0
        errors = (item.range for item in builder.findings if item.severity is Severity.ERROR)
        if any(where is not None and where.start.line == line for where in errors):
            return None, tuple(builder.findings), problem.undecided
        return None, (*builder.findings, finding), problem.undecided
    return builder.document(), tuple(builder.findings), False


@contextlib.contextmanager
def without_collector() -> Iterator[None]:
    """Nothing here makes cycles, and looking for them costs more than the loading itself."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


class _Stop(Exception):
    """The rest of the file is not worth reading."""


class _Builder(Struct):
    """Builds data and a source map from events, and notes everything that is not allowed."""

    _source: SourceText
    findings: list[Diagnostic] = field(default_factory=list)
    _documents: int = 0
    _nodes: int = 0
    _stack: list[tuple[Any, Any, Any, int]] = field(default_factory=list)
    # The file itself is the only item of this list.
    _root: list[Any] = field(default_factory=list)
    _data: Any = None
    _source_map: Any = field(default_factory=list)
    _at: int = 0
    _key: Any = None
    _key_at: int = 0
    # Those that need no second look: the entries of a manifest have the same ones.
    _plain_keys: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._data = self._root

    def run(self, next_event: NextEvent) -> None:
        scalar, handlers = self._scalar, self._handlers()
        while True:
            event = next_event()
            kind = event.__class__
            if kind is ev.ScalarEvent:
                scalar(event)
            elif kind is ev.StreamEndEvent:
                return
            elif kind is ev.DocumentStartEvent:
                if self._document(event):
                    return
            else:
                handlers[kind](event)

    def _handlers(self) -> dict[type, Callable[[Any], None]]:
        return {
            ev.MappingStartEvent: lambda event: self._open(event, {}, {}),
            ev.SequenceStartEvent: lambda event: self._open(event, [], []),
            ev.MappingEndEvent: self._close,
            ev.SequenceEndEvent: self._close,
            ev.AliasEvent: self._alias,
            ev.StreamStartEvent: lambda event: None,
            ev.DocumentEndEvent: lambda event: None,
        }

    def document(self) -> Document | None:
        data = self._root[0] if self._root else None
        if data is None:
            return Document(self._source, {}, {})
        offsets = self._source_map[0]
        if not isinstance(data, dict):
            at = offsets if isinstance(offsets, int) else offsets[0]
            self._note("not_a_map", at)
            return None
        return Document(self._source, data, offsets[1])

    def _scalar(self, event: Any) -> None:
        self._nodes += 1
        at = event.start_mark.index
        text = event.value if event.value.isascii() else parser.value_of(event)
        plain = not event.style
        if event.anchor is not None or event.ctag is not None:
            self._refuse_properties(event, at)
            plain = plain and event.ctag is None
        data = self._data
        if data.__class__ is dict:
            key = self._key
            if key is None:
                self._take_key(text, at, plain=plain)
                return
            self._key = None
            if key is not _DISCARD:
                data[key] = self._typed(text, at) if plain else text
                self._source_map[key] = self._key_at << BITS | (
                    at if text or not plain else self._key_at
                )
        else:
            if self._nodes > MAX_NODES:
                self._stop_at(at)
            data.append(self._typed(text, at) if plain else text)
            self._source_map.append(at)

    def _take_key(self, text: str, at: int, *, plain: bool) -> None:
        if self._nodes > MAX_NODES:
            self._stop_at(at)
        self._key_at = at
        if text in self._plain_keys and text not in self._data:
            self._key = text
            return
        if plain and text > "\x7f" and not text[0].isalnum():
            typo = typos.indentation(self._source, self._source.line_start(at))
            if typo is not None:  # the line above may have taken this one in
                self.findings.append(typo.finding("PSH100"))
                raise _Stop
        if plain and (text == "<<" or self._typed(text, at) is not text):
            what = "merge_key" if text == "<<" else "not_text" if text else "empty_key"
            self._drop(what, at, text=text)
        elif text in self._data:
            offsets = self._source_map[text]
            key_at = (offsets if isinstance(offsets, int) else offsets[0]) >> BITS
            first = self._source.position(key_at).line
            second = self._source.position(at).line
            self._drop("duplicate", at, key=text, first=first, second=second)
        else:
            self._key = intern(text)
            if plain:
                self._plain_keys.add(self._key)

    def _stop_at(self, at: int) -> None:
        self._note("too_many_nodes", at, limit=MAX_NODES)
        raise _Stop

    def _drop(self, what: str, at: int, **values: Any) -> None:
        """Note a key that cannot be used, and leave the value out that comes next."""
        self._note(what, at, **values)
        self._key = _DISCARD
        self._source.damaged.add(self._at)

    def _typed(self, text: str, at: int) -> Any:
        if text in _WORDS:
            return _WORDS[text]
        if text[0] in _NUMERIC:
            if _INTEGER.fullmatch(text):
                return int(text)
            # 1.10 stays text: as a number it would lose its last digit.
            if _FLOAT.fullmatch(text) and str(number := float(text)) == text:
                return number
        elif len(text) > LONGEST_WORD and text[0] not in "+.":
            return text
        if yaml_errors.AMBIGUOUS.fullmatch(text):
            where = self._source.range(at, at + len(text))
            edits = (Edit(where, f'"{text}"'),)
            self._note("ambiguous", at, edits=edits, text=text)
        return text

    def _open(self, event: Any, data: Any, source_map: SourceMap) -> None:
        self._nodes += 1
        at = event.start_mark.index
        if event.anchor is not None or event.ctag is not None:
            self._refuse_properties(event, at)
        if self._nodes > MAX_NODES:
            self._stop_at(at)
        if len(self._stack) >= MAX_DEPTH:
            self._note("too_deep", at, limit=MAX_DEPTH)
            raise _Stop
        after = self._attach(data, source_map, at)
        # The file's own map is known by the beginning of the file, as `Document.layer` is.
        self._stack.append((self._data, self._source_map, after, self._at))
        self._at = at if len(self._stack) > 1 else 0
        self._data, self._source_map, self._key = data, source_map, None

    def _attach(self, data: Any, source_map: SourceMap, at: int) -> Any:
        """Put a new container into the current one; returns the key to go on with after it."""
        if self._data.__class__ is not dict:
            self._data.append(data)
            self._source_map.append((at, source_map))
            return None
        key = self._key
        if key is None:
            self._note("complex_key", at)
            self._source.damaged.add(self._at)
            return _DISCARD
        if key is not _DISCARD:
            self._data[key] = data
            self._source_map[key] = (self._key_at << BITS | at, source_map)
        return None

    def _close(self, event: Any) -> None:
        self._data, self._source_map, self._key, self._at = self._stack.pop()

    def _alias(self, event: Any) -> None:
        at = event.start_mark.index
        self._note("alias", at, name=event.anchor)
        self._source.damaged.add(self._at)
        if self._data.__class__ is dict:
            self._key = _DISCARD if self._key is None else None

    def _refuse_properties(self, event: Any, at: int) -> None:
        if event.anchor is not None:
            self._note("anchor", at, name=event.anchor)
        if event.ctag is not None:
            self._note("tag", at, name=str(event.ctag).replace("tag:yaml.org,2002:", "!!"))

    def _document(self, event: Any) -> bool:
        """Note a second document or a version; tells whether to stop reading."""
        self._documents += 1
        version = event.version
        if version is not None and tuple(version) != (1, 2):
            self._note("wrong_version", 0, number=".".join(map(str, version)))
        if self._documents > 1:
            self._note("several_documents", event.start_mark.index)
            return True
        return False

    def _note(self, what: str, at: int, *, edits: tuple[Edit, ...] = (), **values: Any) -> None:
        """Note a message of `yaml_errors`; what can be mended is a warning."""
        if len(self.findings) < MAX_FINDINGS:
            code, detail, fix = yaml_errors.said(what, **values)
            severity, where = Severity.WARNING if edits else Severity.ERROR, self._source.range(at)
            self.findings.append(diagnostic(code, detail, where, fix, severity, edits))
