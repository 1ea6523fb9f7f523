"""From a folder to a checked manifest and its resolved pushes: the package's front door.

Everything that is wrong comes back as findings, all of them in one run; what could be understood
comes back as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import TypeVar

from pushctl.diagnostics import Diagnostic, Range, Severity, about, in_reading_order
from pushctl.manifest import redaction
from pushctl.manifest.checks import entry as entry_checks
from pushctl.manifest.checks import policy, references
from pushctl.manifest.files.includes import Sources, gather
from pushctl.manifest.files.reader import FileProblem, Files
from pushctl.manifest.resolve import audience_files
from pushctl.manifest.resolve.merge import as_map
from pushctl.manifest.resolve.resolver import Draft, Listed, Resolved, resolve
from pushctl.manifest.resolve.sketch import sketch
from pushctl.manifest.schedule import calendar_files
from pushctl.manifest.schedule.parse import Calendars
from pushctl.manifest.schema import patterns, validate
from pushctl.manifest.schema.fields import AudienceFile, Model
from pushctl.manifest.schema.models import Adopt, Manifest, Moved, PushEntry, Removed, parsed
from pushctl.manifest.schema.validate import Kind
from pushctl.manifest.yaml import errors as yaml_errors
from pushctl.manifest.yaml.loader import without_collector
from pushctl.manifest.yaml.positions import Document, Provenance

MAX_FINDINGS = 1000
MAX_TARGETS = 1_000_000
"""Targets of all pushes together; each counts once in every push."""
_ABOUT_ONE_VALUE = frozenset({"PSH110", "PSH112", "PSH113", "PSH114", "PSH115"})


@dataclass(frozen=True, slots=True)
class ResolvedPush:
    """One entry with everything put in. `source` is where its id stands.

    `unknown` holds the fields of a sketch of which nobody knows what they were meant to say.
    """

    id: str
    entry: PushEntry
    dimension: str
    targets: tuple[str, ...]
    source: Range
    provenance: Provenance
    unknown: frozenset[str] = frozenset()

    def locate(self, *path: str | int) -> Range:
        """Return where a value of the entry stands, or its nearest known parent.

        A value that came from `defaults` or an environment is found there.
        """
        return self.provenance.locate(*path)


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of a manifest.

    `manifest` is None if what every command needs could not be understood; `pushes` holds the
    entries that could. `sketches` are the others, with harmless stand-ins for their broken fields:
    good for finding what else is wrong with them, and for nothing else. `calendars` holds the days
    of each calendar, `suppressed` the people who want no marketing. `digest` is a SHA-256 over the
    names and contents of all `files`. `documents` are the files as they are written, the root
    manifest first.
    """

    manifest: Manifest | None
    pushes: tuple[ResolvedPush, ...]
    diagnostics: tuple[Diagnostic, ...]
    digest: str
    files: tuple[str, ...]
    provenance: Provenance | None
    sketches: tuple[ResolvedPush, ...] = ()
    calendars: Calendars = field(default_factory=dict)
    suppressed: frozenset[str] = frozenset()
    documents: tuple[Document, ...] = ()

    def locate(self, *path: str | int) -> Range | None:
        """Return where a value of the root manifest stands, or its nearest known parent."""
        return self.provenance.locate(*path) if self.provenance is not None else None


def read_manifest(
    root: Path | Files, *, file: str = "pushctl.yaml", environment: str | None = None
) -> Reading:
    """Read a manifest and everything it refers to; raises nothing about what it finds there.

    `root` is its folder, or files of it that are not all on the disk as they are meant.
    """
    files = root if isinstance(root, Files) else Files(root)
    with without_collector():
        return _read(files, file, environment)


def _read(files: Files, file: str, environment: str | None) -> Reading:
    found = _Findings()
    sources = gather(files, file, environment)
    manifest: Manifest | None = None
    provenance: Provenance | None = None
    pushes: tuple[ResolvedPush, ...] = ()
    sketches: tuple[ResolvedPush, ...] = ()
    skippable: Calendars = {}
    suppressed: frozenset[str] = frozenset()
    if sources.root is not None:
        resolved = resolve(sources.root, tuple(sources.included), tuple(sources.overlays))
        provenance = resolved.provenance
        manifest = _manifest(resolved, found)
        skippable = _calendars(manifest, files, provenance, found)
        audiences = _Audiences(files)
        suppressed = _suppressed(manifest, audiences, provenance, found)
        found_pushes = tuple(_pushes(resolved, manifest, audiences, found))
        pushes = tuple(push for push, whole in found_pushes if whole)
        sketches = tuple(push for push, whole in found_pushes if not whole)
        found.add(resolved.findings)
        _references(resolved, sources, found)
        settled = frozenset() if sources.overlays else frozenset(item.id for item in pushes)
        found.add(_written(sources, settled, found))
    found.add(sources.findings)
    diagnostics = found.all()
    if sources.root is not None and as_map(resolved.top.get("app")).get("targets") == "hashed":
        diagnostics = _private(diagnostics, sources, resolved)
    written = (sources.root, *sources.included, sources.environment)
    return Reading(
        manifest,
        pushes,
        diagnostics,
        files.digest,
        files.names,
        provenance,
        sketches,
        skippable,
        suppressed,
        tuple(document for document in written if document is not None),
    )


def _private(
    diagnostics: tuple[Diagnostic, ...], sources: Sources, resolved: Resolved
) -> tuple[Diagnostic, ...]:
    documents = [sources.root, *sources.included, sources.environment]
    written = [document for document in documents if document is not None]
    data = [*(item.data for item in written), *({"to": x.data.get("to")} for x in resolved.drafts)]
    people = {name for item in data for name in redaction.names(item)}
    return redaction.without_names(diagnostics, people, {item.source.name for item in written})


class _Findings:
    """Collects findings; the first one about a value is the one that is kept.

    A complete push is looked at before the files as written, because only there it is known what a
    value has to be.
    """

    def __init__(self) -> None:
        self._kept: dict[object, Diagnostic] = {}
        self._places: set[tuple[str, int, int]] = set()
        self._errors = 0

    def add(self, findings: Iterable[Diagnostic]) -> None:
        for item in findings:
            self._kept.setdefault(self._key(item), item)
            self._errors += item.severity is Severity.ERROR
            if item.severity is Severity.ERROR and item.range is not None:
                self._places.add(_place(item.range))

    @property
    def full(self) -> bool:
        """Whether so much is wrong that it is not worth while to look for more."""
        return self._errors >= MAX_FINDINGS

    def _key(self, item: Diagnostic) -> object:
        if item.range is None:
            return item
        place = _place(item.range)
        if item.code in _ABOUT_ONE_VALUE:
            return ("value", place)
        return (item.code, place) if item.code == "PSH104" else (item.code, place, item.detail)

    def all(self) -> tuple[Diagnostic, ...]:
        kept = [item for item in self._kept.values() if not self._is_noise(item)]
        ordered = in_reading_order(kept)
        if len(ordered) <= MAX_FINDINGS:
            return ordered
        errors = [item for item in ordered if item.severity is Severity.ERROR]
        others = [item for item in ordered if item.severity is not Severity.ERROR]
        return in_reading_order((*errors, *others)[:MAX_FINDINGS])

    def _is_noise(self, item: Diagnostic) -> bool:
        """Tell whether an advice to quote a value is beside an error about the same value."""
        if item.code not in ("PSH101", "PSH122") or item.range is None:
            return False
        return _place(item.range) in self._places


def _place(where: Range) -> tuple[str, int, int]:
    return (where.filename, where.start.line, where.start.column)


def _written(sources: Sources, settled: frozenset[str], found: _Findings) -> Iterator[Diagnostic]:
    """Check every file as it is written, whatever the environment makes of it.

    `settled` pushes fit with everything put in, so nothing can be wrong with what was written.
    """
    documents: list[tuple[Kind, Document | None]] = [
        (Kind.FILE, sources.root),
        *((Kind.INCLUDED, item) for item in sources.included),
        (Kind.ENVIRONMENT, sources.environment),
    ]
    for kind, document in documents:
        if document is not None and not found.full:
            data = dict(document.data)
            if isinstance(data.get("pushes"), dict):
                pushes = data["pushes"].items()
                data["pushes"] = {
                    id: push
                    for id, push in pushes
                    if id not in settled or not re.fullmatch(patterns.ID, id)
                }
            yield from validate.findings(kind, data, document.provenance)


def _manifest(resolved: Resolved, found: _Findings) -> Manifest | None:
    lists = {
        "moved": [item for item, _ in _typed(resolved.lists["moved"], Moved)],
        "removed": [item for item, _ in _typed(resolved.lists["removed"], Removed)],
        "adopt": [item for item, _ in _typed(resolved.lists["adopt"], Adopt)],
    }
    manifest = parsed(Manifest, {**resolved.top, **lists})
    if manifest is None:
        found.add(validate.findings(Kind.MANIFEST, resolved.top, resolved.provenance))
    else:
        found.add(entry_checks.check_app(manifest.app, resolved.provenance))
        found.add(policy.check(manifest.policy, resolved.provenance.child("policy")))
    return manifest


def _calendars(
    manifest: Manifest | None, files: Files, provenance: Provenance, found: _Findings
) -> Calendars:
    if manifest is None:
        return {}
    days, findings = calendar_files.read(files, manifest.calendars, provenance.child("calendars"))
    found.add(findings)
    return days


_M = TypeVar("_M", bound=Model)


def _typed(listed: list[Listed], kind: type[_M]) -> list[tuple[_M, Provenance]]:
    pairs = ((parsed(kind, item.data), item.provenance) for item in listed)
    return [(item, place) for item, place in pairs if item is not None]


def _pushes(
    resolved: Resolved, manifest: Manifest | None, audiences: _Audiences, found: _Findings
) -> Iterator[tuple[ResolvedPush, bool]]:
    """Yield every entry, and whether it is whole."""
    app = manifest.app if manifest is not None else None
    left, broken = MAX_TARGETS, 0
    for draft in resolved.drafts:
        if found.full or broken > MAX_FINDINGS:
            return
        entry = parsed(PushEntry, draft.data)
        whole, unknown = entry is not None, frozenset[str]()
        if entry is None:
            broken += 1
            misfits = validate.findings(Kind.PUSH, draft.data, draft.provenance)
            found.add(about(draft.id, misfits))
            drawn = sketch(draft.data)
            if drawn is None:
                continue
            entry, unknown = drawn.entry, drawn.unknown
        targets = _targets(entry, draft, audiences, found)
        wrong = entry_checks.check_push(entry, targets, draft.provenance, app)
        found.add(about(draft.id, accepted(entry, wrong)))
        place = draft.provenance
        left -= len(targets)
        if left < 0:
            found.add(about(draft.id, [_too_many_targets(place)]))
            return
        push = ResolvedPush(
            draft.id, entry, entry.to.dimension, targets, place.home, place, unknown
        )
        yield push, whole


def _too_many_targets(place: Provenance) -> Diagnostic:
    return Diagnostic(
        Severity.ERROR,
        "PSH108",
        yaml_errors.LIMIT,
        f"With this push, all pushes together have more than {MAX_TARGETS:,} targets.",
        place.locate("to"),
        fix="split the manifest into several projects",
    )


def accepted(entry: PushEntry, findings: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Leave out the warnings that an entry accepts; errors cannot be accepted.

    Until which day is not asked here: `compile.py`, which knows the day, refuses what has expired.
    """
    rules = {allow.rule for allow in entry.allow}
    return (item for item in findings if item.severity is Severity.ERROR or item.code not in rules)


def _targets(
    entry: PushEntry, draft: Draft, audiences: _Audiences, found: _Findings
) -> tuple[str, ...]:
    field = entry.to.field
    listed = getattr(entry.to, field)
    if not field.endswith("_from"):
        return tuple(dict.fromkeys(listed))
    people = audiences.people(listed, draft.provenance.locate("to", field))
    found.add(people.findings)
    return people.targets


def _suppressed(
    manifest: Manifest | None, audiences: _Audiences, provenance: Provenance, found: _Findings
) -> frozenset[str]:
    """Return the people who want no marketing; a list of nobody is fine."""
    if manifest is None or manifest.policy.suppressed is None:
        return frozenset()
    where = provenance.locate("policy", "suppressed")
    people = audiences.people(manifest.policy.suppressed, where)
    found.add(item for item in people.findings if item.code not in ("PSH503", "PSH512"))
    return frozenset(people.targets)


class _Audiences:
    """Reads every audience file once."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._known: dict[tuple[str, str | None], audience_files.People] = {}
        self._contents: dict[str, bytes] = {}

    def people(self, listed: str | AudienceFile, where: Range) -> audience_files.People:
        key = (listed.file, listed.column) if isinstance(listed, AudienceFile) else (listed, None)
        if key not in self._known:
            self._known[key] = self._read(*key, where)
        return self._known[key]

    def _read(self, file: str, column: str | None, where: Range) -> audience_files.People:
        try:
            name = self._files.name(file)
            if name not in self._contents:
                self._contents[name] = self._files.read(name, limit=audience_files.MAX_BYTES)
        except FileProblem as problem:
            return audience_files.People((), (problem.finding(where),))
        return audience_files.people(
            audience_files.Request(name, column, where), self._contents[name]
        )


def _references(resolved: Resolved, sources: Sources, found: _Findings) -> None:
    if not sources.complete or found.full:
        return
    known = references.Known(frozenset(item.id for item in resolved.drafts), resolved.elsewhere)
    lists = resolved.lists
    every = chain(
        references.check_moved(_typed(lists["moved"], Moved), known),
        references.check_removed(_typed(lists["removed"], Removed), known),
        references.check_adopt(_typed(lists["adopt"], Adopt), known),
    )
    found.add(islice(every, MAX_FINDINGS))
