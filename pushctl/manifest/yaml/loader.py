"""YAML text to plain data and the place of every key and value.

A restricted YAML 1.2: only `true`, `false`, `null`, decimal integers and simple floats are typed,
everything else is text, because `0042`, `yes` and `13:45:11` mean different things to different
tools. libyaml's parser produces the events, and ruamel.yaml's own one where libyaml is missing; the
data is built here from either, so that there is one meaning.

The libyaml that ruamel.yaml brings is an old one: inside brackets it stumbles over `20:00` and
`really?`, which YAML 1.2 allows. Such colons and question marks are therefore hidden from it
behind stand-ins of the same length, so that every place stays the same, and come back with the
values. So do three characters that ended a line in YAML 1.1. What it still refuses inside brackets,
the other parser decides.
"""

from __future__ import annotations

import contextlib
import gc
import io
import re
from collections.abc import Callable, Iterator
from sys import intern
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml import events as ev
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from pushctl.diagnostics import Diagnostic, Edit, Severity
from pushctl.manifest.yaml import errors as yaml_errors
from pushctl.manifest.yaml import typos
from pushctl.manifest.yaml.positions import BITS, Document, Marks, SourceText, pack

try:
    from _ruamel_yaml import CParser
except ImportError:  # the wheel is missing on this platform
    CParser = None

MAX_BYTES = 5_000_000
MAX_DEPTH = 64
MAX_NODES = 1_000_000
MAX_FINDINGS = 100

_WORDS: dict[str, Any] = {"": None, "~": None, "null": None, "true": True, "false": False}
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,17}")
_FLOAT = re.compile(r"-?(?:0|[1-9][0-9]{0,14})\.[0-9]{1,15}")
_NUMERIC = frozenset("-0123456789")
_DISCARD = object()
# Characters that Unicode promises never to use; `syntax.decode` has refused them by now.
_COLON, _QUESTION = "\ufdd0", "\ufdd1"
# The literal comes first in both: with a look behind in front they would take 20 times as long.
_PLAIN_COLON = re.compile(r""":(?=[^\s,\[\]{}])(?<!["'\]}]:)""")
_PLAIN_QUESTION = re.compile(r"""\?(?<=[^\s,\[\]{}"']\?)""")
_BREAKS = (("\x85", "\ufdd2"), ("\u2028", "\ufdd3"), ("\u2029", "\ufdd4"))
_BACK = {0xFDD0: ":", 0xFDD1: "?", 0xFDD2: "\x85", 0xFDD3: "\u2028", 0xFDD4: "\u2029"}
_IN_BRACKETS = ("flow", "unexpected ':'")

_Next = Callable[[], Any]


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
    with without_collector():
        same = _without_breaks(text)
        if CParser is not None:
            next_event = CParser(_outside_brackets(same)).get_event
            document, findings, undecided = _built(source, next_event)
            if not undecided:
                return document, findings
        document, findings, _ = _built(source, _portable(same))
    return document, findings


def is_text(text: str) -> bool:
    """Tell whether plain text, without quotes, is read as text."""
    return not (text in _WORDS or _INTEGER.fullmatch(text) or _FLOAT.fullmatch(text))


def _without_breaks(text: str) -> str:
    """Hide what only YAML 1.1 takes for the end of a line."""
    for character, stand_in in _BREAKS:
        text = text.replace(character, stand_in)
    return text


def _outside_brackets(text: str) -> str:
    return _PLAIN_QUESTION.sub(_QUESTION, _PLAIN_COLON.sub(_COLON, text))


def _built(
    source: SourceText, next_event: _Next
) -> tuple[Document | None, tuple[Diagnostic, ...], bool]:
    """Build a document; the last item tells whether the other parser should have a look."""
    builder = _Builder(source)
    try:
        builder.run(next_event)
    except _Stop:
        return None, tuple(builder.findings), False
    except MarkedYAMLError as error:
        problem = _problem(error)
        undecided = any(word in part for word in _IN_BRACKETS for part in problem[:2])
        return None, (*builder.findings, yaml_errors.explain(source, *problem)), undecided
    except (YAMLError, UnicodeError, ValueError):
        return None, (*builder.findings, yaml_errors.explain(source, "", "", None, 0)), False
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


def _portable(text: str) -> _Next:
    return YAML(typ="safe", pure=True).parse(io.StringIO(text)).__next__  # type: ignore[no-any-return]


def _problem(error: MarkedYAMLError) -> tuple[str, str, int | None, int]:
    context = error.context_mark.index if error.context_mark is not None else None
    at = error.problem_mark.index if error.problem_mark is not None else context
    return str(error.problem or ""), str(error.context or ""), context, at or 0


class _Stop(Exception):
    """The rest of the file is not worth reading."""


class _Builder:
    """Builds data and places from events, and notes everything that is not allowed."""

    __slots__ = (
        "_at", "_data", "_documents", "_doubled", "_key", "_key_at", "_marks", "_nodes", "_root",
        "_source", "_stack", "findings",
    )  # fmt: skip

    def __init__(self, source: SourceText) -> None:
        self._source = source
        self.findings: list[Diagnostic] = []
        self._documents = 0
        self._nodes = 0
        self._stack: list[tuple[Any, Any, Any, int]] = []
        # The file itself is the only item of this list.
        self._root: list[Any] = []
        self._data: Any = self._root
        self._marks: Any = []
        self._at = 0
        self._key: Any = None
        self._key_at = 0
        # Where the maps begin that the fields of a second push fell into.
        self._doubled: set[int] = set()

    def run(self, next_event: _Next) -> None:
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
        place = self._marks[0]
        if not isinstance(data, dict):
            at = place if isinstance(place, int) else place[0]
            self._note(yaml_errors.NOT_A_MAP, at)
            return None
        return Document(self._source, data, place[1])

    def _scalar(self, event: Any) -> None:
        self._nodes += 1
        at = event.start_mark.index
        text = event.value
        if not text.isascii():
            text = text.translate(_BACK)
        plain = not event.style
        if event.anchor is not None or event.ctag is not None:
            self._refuse_marks(event, at)
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
                self._marks[key] = self._key_at << BITS | (
                    at if text or not plain else self._key_at
                )
        else:
            self._count(at)
            data.append(self._typed(text, at) if plain else text)
            self._marks.append(at)

    def _take_key(self, text: str, at: int, *, plain: bool) -> None:
        self._count(at)
        self._key_at = at
        if plain and (text == "<<" or self._typed(text, at) is not text):
            self._note(yaml_errors.MERGE_KEY if text == "<<" else yaml_errors.not_text(text), at)
            self._drop()
            return
        if text in self._data:
            if self._at in self._doubled or self._moved_in(at):
                self._drop()
                return
            first = self._source.position(self._marks_of(text) >> BITS).line
            second = self._source.position(at).line
            self._note(yaml_errors.duplicate(text, first, second), at)
            self._drop()
            return
        self._key = intern(text)

    def _moved_in(self, at: int) -> bool:
        """Tell whether a field is there twice because the id of the next push is too far in."""
        in_push = len(self._stack) == 3 and next(reversed(self._stack[1][0]), None) == "pushes"
        id = next(reversed(self._data))
        place = self._marks[id]
        begin = self._marks_of(id) >> BITS
        if not in_push or self._data[id] is not None or place != pack(begin, begin):
            return False
        slip = typos.moved_id(self._source, id, begin, at, self._stack[-1][3])
        if slip is None:
            return False
        if len(self.findings) < MAX_FINDINGS:
            self.findings.append(slip.finding("PSH102", yaml_errors.DUPLICATE))
        self._doubled.add(self._at)
        return True

    def _count(self, at: int) -> None:
        if self._nodes > MAX_NODES:
            self._note(yaml_errors.too_many_nodes(MAX_NODES), at)
            raise _Stop

    def _marks_of(self, key: str) -> int:
        place = self._marks[key]
        return int(place if isinstance(place, int) else place[0])

    def _drop(self) -> None:
        """Leave the value out that comes next."""
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
        if yaml_errors.AMBIGUOUS.fullmatch(text):
            where = self._source.range(at, at + len(text))
            edits = (Edit(where, f'"{text}"'),)
            self._note(yaml_errors.ambiguous(text), at, Severity.WARNING, edits)
        return text

    def _open(self, event: Any, data: Any, marks: Marks) -> None:
        self._nodes += 1
        at = event.start_mark.index
        if event.anchor is not None or event.ctag is not None:
            self._refuse_marks(event, at)
        self._count(at)
        if len(self._stack) >= MAX_DEPTH:
            self._note(yaml_errors.too_deep(MAX_DEPTH), at)
            raise _Stop
        after = self._attach(data, marks, at)
        # The file's own map is known by the beginning of the file, as `Document.layer` is.
        self._stack.append((self._data, self._marks, after, self._at))
        self._at = at if len(self._stack) > 1 else 0
        self._data, self._marks, self._key = data, marks, None

    def _attach(self, data: Any, marks: Marks, at: int) -> Any:
        """Put a new container into the current one; returns the key to go on with after it."""
        if self._data.__class__ is not dict:
            self._data.append(data)
            self._marks.append((at, marks))
            return None
        key = self._key
        if key is None:
            self._note(yaml_errors.COMPLEX_KEY, at)
            self._source.damaged.add(self._at)
            return _DISCARD
        if key is not _DISCARD:
            self._data[key] = data
            self._marks[key] = (self._key_at << BITS | at, marks)
        return None

    def _close(self, event: Any) -> None:
        self._data, self._marks, self._key, self._at = self._stack.pop()

    def _alias(self, event: Any) -> None:
        at = event.start_mark.index
        self._note(yaml_errors.alias(event.anchor), at)
        self._source.damaged.add(self._at)
        if self._data.__class__ is dict:
            self._key = _DISCARD if self._key is None else None

    def _refuse_marks(self, event: Any, at: int) -> None:
        if event.anchor is not None:
            self._note(yaml_errors.anchor(event.anchor), at)
        if event.ctag is not None:
            self._note(yaml_errors.tag(str(event.ctag)), at)

    def _document(self, event: Any) -> bool:
        """Note a second document or a version; tells whether to stop reading."""
        self._documents += 1
        version = event.version
        if version is not None and tuple(version) != (1, 2):
            self._note(yaml_errors.wrong_version(version), 0)
        if self._documents > 1:
            self._note(yaml_errors.SEVERAL_DOCUMENTS, event.start_mark.index)
            return True
        return False

    def _note(
        self,
        words: yaml_errors.Words,
        at: int,
        severity: Severity = Severity.ERROR,
        edits: tuple[Edit, ...] = (),
    ) -> None:
        if len(self.findings) < MAX_FINDINGS:
            where = self._source.range(at)
            self.findings.append(Diagnostic(severity, *words[:3], where, fix=words[3], edits=edits))
