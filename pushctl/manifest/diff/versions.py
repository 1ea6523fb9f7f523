"""Which entries two versions of a manifest resolve differently, and where the edits stand.

Entries are compared as they resolve, so comments, order and templates that come to the same are no
difference. A field that differs is looked up among the values that the versions write differently:
in the entry, in an environment, in `defaults`, else in what is put into it.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import islice
from pathlib import PurePosixPath
from typing import Any

from msgspec import Struct, field

from pushctl.diagnostics import NOT_INCLUDED, EditedLine, Position
from pushctl.manifest.files.includes import FOLDER
from pushctl.manifest.files.reader import FileProblem, Files
from pushctl.manifest.resolve.merge import as_map
from pushctl.manifest.resolved import Reading, ResolvedPush
from pushctl.manifest.yaml.loader import MAX_BYTES, load
from pushctl.manifest.yaml.positions import BREAK, Document, Path, Provenance, SourceText
from pushctl.text.regex import regex

NOT_CONTENT = {"allow", "description", "labels", "offer_ends", "owner", "to"}
"""Fields that no task depends on, and the audience, which is compared by itself."""

SETTINGS = ("app", "extends", "policy", "moved", "removed", "adopt")
SELECTING = ("include", "environments", "only")
"""Sections that decide which entries there are."""

PART_KEYS = {"environments": 3, "vars": 2, "calendars": 2}
"""How many keys name a part of these sections; one names any other."""

MAX_CANDIDATES = 200
"""Files beside the manifest that are searched for entries that are gone."""

_ABSENT = object()
_VARIABLE = regex(r"\$\{\s*([A-Za-z_]\w*)")


class EntryDiff(Struct, frozen=True):
    """Through which lines an entry differs, none if nobody knows.

    `indented` tells that all lines edited in the entry are in both versions, further in or out.
    """

    lines: tuple[EditedLine, ...]
    indented: bool = False


class ManifestDiff(Struct, frozen=True):
    """What differs between two versions of a manifest.

    `entries` holds the entries that differ, by id; one that is gone has its former id. `settings`
    are the edited lines of what is about no single entry, such as `policy`.
    """

    entries: Mapping[str, EntryDiff]
    settings: tuple[EditedLine, ...]


class Version(Struct, frozen=True, dict=True):
    """One version of a manifest, as read from `files` for an environment (None for none)."""

    reading: Reading
    files: Files
    environment: str | None
    _others: dict[str, Document] = field(default_factory=dict)

    @cached_property
    def documents(self) -> Mapping[str, Document]:
        """The files of the manifest as they are written, by name; the root manifest first."""
        return {item.source.name: item for item in self.reading.documents}

    @cached_property
    def pushes(self) -> Mapping[str, ResolvedPush]:
        """The resolved entries, by id."""
        return {push.id: push for push in self.reading.pushes}

    def document(self, name: str) -> Document:
        """Return any YAML file, included or not; empty if there is none or it cannot be read."""
        if name not in self.documents and name not in self._others:
            found = None
            with contextlib.suppress(FileProblem):
                content = self.files.read(self.files.name(name), limit=MAX_BYTES)
                found, _ = load(name, content)
            self._others[name] = found or Document(SourceText(name, ""), {})
        return self.documents.get(name) or self._others[name]

    def line_of(self, id: str, file: str) -> int | None:
        """Return where an entry's id stands in a file, included or not; None if it does not."""
        document, name = self.document(file), id.partition("[")[0]
        known = name in as_map(document.data.get("pushes"))
        return document.provenance.locate_key("pushes", name).start.line if known else None

    def not_included(self, id: str) -> EditedLine | None:
        """Return where the id of an entry that is gone stands in a file that is left out."""
        for file in self._left_out:
            if (number := self.line_of(id, file)) is not None:
                return EditedLine(file, number, NOT_INCLUDED)
        return None

    @cached_property
    def _left_out(self) -> list[str]:
        """The YAML files beside the manifest that it does not include, and no environment has."""
        try:
            names = self.files.matches("**/*.y*ml*")
        except FileProblem:
            return []  # there are too many to look at
        others = (name for name in names if name not in self.documents)
        left = (name for name in others if PurePosixPath(name).parts[0] not in (".git", FOLDER))
        return list(islice(left, MAX_CANDIDATES))


def compare(base: Version, head: Version) -> ManifestDiff:
    """Return what differs between two versions."""
    return _Comparison(base, head).run()


class _Edit(Struct, frozen=True):
    """A value that the versions write differently.

    `path` leads to it in its `section` (a top-level key), for `pushes` in the entry. An edit that
    is not `everywhere` counts for the entries of its file only.
    """

    section: str
    path: Path
    line: EditedLine
    everywhere: bool


class _Comparison:
    def __init__(self, base: Version, head: Version) -> None:
        self._base = base
        self._head = head
        self._own: dict[str, list[_Edit]] = {}
        self._shared: list[_Edit] = []
        self._at: dict[tuple[str, Position, bool], EditedLine] = {}
        names = {**base.documents, **head.documents}
        for name in names:
            self._collect(name, is_root=name == next(iter(names)))
        manifest = head.reading.manifest
        self._moved = {item.to: item.from_ for item in manifest.moved} if manifest else {}

    def run(self) -> ManifestDiff:
        entries: dict[str, EntryDiff | None] = {}
        gone = dict(self._base.pushes)
        for id, push in self._head.pushes.items():
            before = gone.pop(self._former_id(id), None)
            entries[id] = self._changed(before, push) if before else self._only_in(push, gone=False)
        entries |= {id: self._only_in(push, gone=True) for id, push in gone.items()}
        found = {id: entry for id, entry in entries.items() if entry is not None}
        return ManifestDiff(found, tuple(sorted(self._lines_of(*SETTINGS))))

    # --- edits ------------------------------------------------------------------------------------

    def _collect(self, name: str, *, is_root: bool) -> None:
        """Collect what is written differently in one file, for the chosen environment."""
        was, now = self._base.document(name), self._head.document(name)
        environment = self._head.environment
        is_overlay = PurePosixPath(name).with_suffix("").parts[-2:] == (FOLDER, environment)
        for path in differing(was.data, now.data):
            inner = path
            if is_root and path[0] == "environments" and len(path) > 1:
                if path[1] != environment:
                    continue
                inner = path[2:] or path
            former = now.provenance.exactly(*path) is None
            place = (was if former else now).provenance.locate_key(*path)
            line = EditedLine(name, place.start.line, _part(path), former)
            self._at[name, place.start, former] = line
            if inner[0] == "pushes" and len(inner) > 1:
                edit = _Edit("pushes", inner[2:], line, everywhere=False)
                self._own.setdefault(str(inner[1]), []).append(edit)
            else:
                everywhere = is_root or is_overlay
                self._shared.append(_Edit(str(inner[0]), inner[1:], line, everywhere))

    def _lines_of(self, *sections: str) -> list[EditedLine]:
        return [edit.line for edit in self._shared if edit.section in sections]

    def _own_edits(self, push: ResolvedPush) -> list[_Edit]:
        """Return the edits of an entry itself, without those of its other instances."""
        mine = (("for_each",), ("for_each", push.id.partition("[")[2].removesuffix("]")))
        edits = self._own.get(_name(push), ())
        return [item for item in edits if item.path[:1] != mine[0] or item.path[:2] in mine]

    # --- an entry that is in both versions --------------------------------------------------------

    def _former_id(self, id: str) -> str:
        """Return the id that an entry had in the base, which is most often the same."""
        at = id
        for _ in self._moved:
            if at in self._base.pushes:
                break
            at = self._moved.get(at, at)
        return id if at in self._head.pushes else at

    def _changed(self, before: ResolvedPush, after: ResolvedPush) -> EntryDiff | None:
        paths = list(differing(_content(before), _content(after)))
        lines = [item for path in paths for item in self._value(path, before, after)]
        people = (before.targets, before.dimension) != (after.targets, after.dimension)
        if people:
            lines += self._audience(before, after)
        around = list(self._around(after))
        if not (paths or people or around or before.id != after.id):
            return None
        lines += around + (self._lines_of("moved") if before.id != after.id else [])
        own = self._own_edits(after)
        # Of what is neither there nor inserted, the entry as a whole tells.
        found = lines or [edit.line for edit in own]
        return EntryDiff(_sorted(found), self._are_indented(own))

    def _value(self, path: Path, before: ResolvedPush, after: ResolvedPush) -> list[EditedLine]:
        """Return the edits of a field where it is written, else of what is put into it."""
        return self._written(path, before.provenance, after.provenance) or self._inserted(after)

    def _written(self, path: Path, before: Provenance, after: Provenance) -> list[EditedLine]:
        """Return the edits of a value: where it is written now, and where it was."""
        now, was = after.locate_key(*path), before.locate_key(*path)
        keys = ((now.filename, now.start, False), (was.filename, was.start, True))
        return [self._at[key] for key in keys if key in self._at]

    def _inserted(self, push: ResolvedPush) -> list[EditedLine]:
        """Return the edits of an instance's value, and of the variables that an entry mentions."""
        found = [edit.line for edit in self._own_edits(push) if edit.path[:1] == ("for_each",)]
        variables = [edit for edit in self._shared if edit.section == "vars"]
        names = self._variables(push) if variables else set()
        return found + [
            edit.line
            for edit in variables
            if (edit.everywhere or edit.line.file == push.source.filename)
            and (not edit.path or edit.path[0] in names)
        ]

    def _variables(self, push: ResolvedPush) -> set[str]:
        """Return the names of the variables that an entry or any `defaults` mention."""
        written = [as_map(item.data.get("pushes")) for item in self._head.documents.values()]
        return _mentioned([item.get(_name(push)) for item in written]) | self._in_defaults

    @cached_property
    def _in_defaults(self) -> set[str]:
        written = [item.data for item in self._head.documents.values()]
        return _mentioned([(item.get("defaults"), item.get("environments")) for item in written])

    def _audience(self, before: ResolvedPush, after: ResolvedPush) -> list[EditedLine]:
        field = after.entry.to.field
        listed = getattr(after.entry.to, field)
        if field.endswith("_from") and listed == getattr(before.entry.to, field):
            return [EditedLine(listed if isinstance(listed, str) else listed.file, part="audience")]
        return self._value(("to", field), before, after)

    def _around(self, push: ResolvedPush) -> Iterator[EditedLine]:
        """Yield what moves the times of an entry from outside: the time zone, calendars."""
        was, now = self._base.reading, self._head.reading
        if not (was.manifest and now.manifest and was.provenance and now.provenance):
            return
        if was.manifest.timezone != now.manifest.timezone and push.entry.schedule.timezone is None:
            yield from self._written(("timezone",), was.provenance, now.provenance)
        for name in push.entry.schedule.skip or ():
            if not isinstance(name, str) or name not in now.calendars:
                continue
            if was.calendars.get(name) != now.calendars[name]:
                named = self._written(("calendars", name), was.provenance, now.provenance)
                yield from named or [EditedLine(now.manifest.calendars[name], part="calendar")]

    # --- an entry that is in one version ----------------------------------------------------------

    def _only_in(self, push: ResolvedPush, *, gone: bool) -> EntryDiff:
        own, file = self._own_edits(push), push.source.filename
        other = self._head if gone else self._base
        included = file in other.documents
        if other.line_of(push.id, file) is not None if included else other.files.exists(file):
            # The other version has it, or its file, and does not take it in.
            edited = [edit.line for edit in own if included]
            return EntryDiff(_sorted(edited or self._lines_of(*SELECTING)))
        indented = self._are_indented(own)
        kept = self._head.not_included(push.id) if gone and not indented else None
        line = EditedLine(file, push.source.start.line, former=gone)
        return EntryDiff((kept or line,), indented)

    def _are_indented(self, edits: Sequence[_Edit]) -> bool:
        return bool(edits) and all(self._is_indented(edit.line) for edit in edits)

    def _is_indented(self, line: EditedLine) -> bool:
        """Tell whether both versions have the lines of a value, further in or out."""
        was, now = self._base.document(line.file), self._head.document(line.file)
        value = list(_value_lines(_split((was if line.former else now).source.text), line.number))
        (before, bare_before), (after, bare_after) = (_counts(x.source.text) for x in (was, now))
        return any(before[text] != after[text] for text in value) and all(
            bare_before[text.strip()] == bare_after[text.strip()] for text in value
        )


def differing(before: Any, after: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the paths of the values by which two maps differ; lists are compared as a whole."""
    if before == after:
        return
    was, now = ({} if item is _ABSENT else item for item in (before, after))
    if not isinstance(was, dict) or not isinstance(now, dict) or not (was or now):
        yield path
        return
    for key in {**was, **now}:
        yield from differing(was.get(key, _ABSENT), now.get(key, _ABSENT), (*path, key))


def _part(path: Path) -> str:
    """Name the section that a path leads into, with as many keys as tell it; empty for entries."""
    if path[0] == "pushes" or (path[0] == "environments" and path[2:3] == ("pushes",)):
        return ""
    return ".".join(str(key) for key in path[: PART_KEYS.get(str(path[0]), 1)])


def _sorted(lines: Sequence[EditedLine]) -> tuple[EditedLine, ...]:
    return tuple(sorted(set(lines)))


def _content(push: ResolvedPush) -> dict[str, Any]:
    said = push.entry.data(defaults=False)
    return {name: value for name, value in said.items() if name not in NOT_CONTENT}


def _mentioned(data: Any) -> set[str]:
    return set(_VARIABLE.findall(repr(data)))


def _name(push: ResolvedPush) -> str:
    return push.id.partition("[")[0]


@lru_cache(maxsize=512)
def _split(text: str) -> list[str]:
    return [line.rstrip() for line in BREAK.split(text)]


def _value_lines(lines: Sequence[str], number: int) -> Iterator[str]:
    """Yield the line of a key (from 1) and those of its value, without empty ones."""
    key = lines[number - 1]
    depth = len(key) - len(key.lstrip())
    yield key
    for line in (lines[at] for at in range(number, len(lines)) if lines[at]):
        # Items of a list may stand as far out as its key.
        if line[:depth].strip() or line[depth] not in " -":
            return
        yield line


@lru_cache(maxsize=512)
def _counts(text: str) -> tuple[Counter[str], Counter[str]]:
    """Count the lines of a text, as they are and without their indentation."""
    lines = _split(text)
    return Counter(lines), Counter(line.strip() for line in lines)
