"""Reads a manifest and everything it refers to, and finds all that is wrong in one run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import TypeVar

from pushctl import schemas
from pushctl.diagnostics import Diagnostic, Range, Severity, about, in_reading_order
from pushctl.manifest import redaction
from pushctl.manifest.checks import entry as entry_checks
from pushctl.manifest.checks import policy, references
from pushctl.manifest.files.extends import overridden, with_shared
from pushctl.manifest.files.includes import Sources, gather
from pushctl.manifest.files.reader import FileProblem, Files
from pushctl.manifest.resolve import audience_files
from pushctl.manifest.resolve.audience_columns import is_other_kind
from pushctl.manifest.resolve.merge import as_map
from pushctl.manifest.resolve.resolver import Listed, Resolved, ResolvedEntry, resolve
from pushctl.manifest.resolved import Reading, ResolvedPush
from pushctl.manifest.rules import diagnostic
from pushctl.manifest.schedule import calendar_files
from pushctl.manifest.schedule.parse import Calendars
from pushctl.manifest.schema import validate
from pushctl.manifest.schema.fields import AudienceFile, AudienceSource, Model, decode
from pushctl.manifest.schema.models import Adopt, Manifest, Moved, PushEntry, Removed
from pushctl.manifest.schema.validate import Kind
from pushctl.manifest.yaml.loader import without_collector
from pushctl.manifest.yaml.positions import Document, Provenance

MAX_FINDINGS = 1000
MAX_REFERENCES = 100
"""Findings about ids that are not there: for each, all ids are searched for a similar one."""
MAX_TARGETS = 1_000_000
"""Targets of all pushes together; each counts once in every push."""
_ABOUT_ONE_VALUE = frozenset({"PSH110", "PSH112", "PSH113", "PSH114", "PSH115"})

_M = TypeVar("_M", bound=Model)


def read_manifest(
    root: Path | Files, *, file: str = "pushctl.yaml", environment: str | None = None
) -> Reading:
    """Read a manifest and everything it refers to; raises nothing about what it finds there.

    `root` is its folder, or files of it that are not all on the disk as they are meant.
    """
    files = root if isinstance(root, Files) else Files(root)
    with without_collector():
        sources = gather(files, file, environment)
        if sources.root is None:
            found = _Findings()
            found.add(sources.findings)
            return Reading(None, (), found.all(), files.digest, files.names, None)
        return _read(files, sources, sources.root)


def _read(files: Files, sources: Sources, root: Document) -> Reading:
    found = _Findings()
    root, unusable = with_shared(files, root)
    found.add(unusable)
    resolved = resolve(root, tuple(sources.included), tuple(sources.overlays))
    provenance = resolved.provenance
    lists = _Lists(resolved)
    manifest = _manifest(resolved, lists, found)
    audiences = _Audiences(files)
    calendars = _calendars(manifest, files, provenance, found)
    pushes = tuple(_pushes(resolved, manifest, audiences, found))
    kinds = frozenset({"users", *(push.dimension for push in pushes)})
    suppressed, not_suppressed = _suppressed(manifest, audiences, provenance, kinds, found)
    found.add(resolved.findings)
    if sources.complete and not found.full:
        found.add(islice(lists.findings(), MAX_REFERENCES))
    valid = frozenset() if sources.overlays else frozenset(push.id for push in pushes)
    found.add(_as_written(sources, valid, found))
    found.add(overridden(root, sources.environment))
    found.add(sources.findings)
    documents = tuple(filter(None, (root, *sources.included, sources.environment, root.shared)))
    diagnostics = found.all()
    if as_map(resolved.top.get("app")).get("targets") == "hashed":
        diagnostics = _redacted(diagnostics, documents, resolved)
    return Reading(
        manifest,
        pushes,
        diagnostics,
        files.digest,
        files.names,
        provenance,
        calendars,
        suppressed,
        documents,
        not_suppressed,
    )


def _redacted(
    diagnostics: tuple[Diagnostic, ...], documents: tuple[Document, ...], resolved: Resolved
) -> tuple[Diagnostic, ...]:
    data = [item.data for item in documents] + [{"to": x.data.get("to")} for x in resolved.entries]
    targets = {name for item in data for name in redaction.targets(item)}
    return redaction.without_targets(diagnostics, targets, {x.source.name for x in documents})


class _Findings:
    """Collects findings; the first one about a value is the one that is kept.

    A complete push is validated before the files as they are written, because only there it is
    known what a value has to be.
    """

    def __init__(self) -> None:
        self._kept: dict[object, Diagnostic] = {}
        self._wrong: dict[tuple[str, int, int], set[str]] = {}
        self._errors = 0

    def add(self, findings: Iterable[Diagnostic]) -> None:
        for item in findings:
            self._kept.setdefault(self._key(item), item)
            self._errors += item.severity is Severity.ERROR
            if item.severity is Severity.ERROR and item.range is not None:
                self._wrong.setdefault(_place(item.range), set()).add(item.code)

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
        ordered = in_reading_order(x for x in self._kept.values() if not self._is_noise(x))
        if len(ordered) <= MAX_FINDINGS:
            return ordered
        errors_first = sorted(ordered, key=lambda item: item.severity is not Severity.ERROR)
        return in_reading_order(errors_first[:MAX_FINDINGS])

    def _is_noise(self, item: Diagnostic) -> bool:
        """Tell whether something is beside the error that it comes from.

        So is advice to quote a value, and whatever is said of a variable that stands for nothing.
        """
        wrong = self._wrong.get(_place(item.range), set()) if item.range is not None else set()
        advice = item.code in ("PSH101", "PSH122")
        return bool(wrong) and (advice or ("PSH105" in wrong and item.code != "PSH105"))


def _place(where: Range) -> tuple[str, int, int]:
    return (where.filename, where.start.line, where.start.column)


def _as_written(sources: Sources, valid: frozenset[str], found: _Findings) -> Iterator[Diagnostic]:
    """Validate every file as it is written, whatever the environment makes of it.

    The pushes in `valid` are valid with everything put in, so they are as they are written, but
    for fields without a value.
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
                data["pushes"] = {
                    id: push
                    for id, push in data["pushes"].items()
                    if id not in valid
                    or not schemas.matches("id", id)
                    or (_has_null(push) and not document.damaged)
                }
            yield from validate.findings(kind, data, document.provenance)


def _has_null(value: object) -> bool:
    """Tell whether a field has no value: where everything is put in, it is gone."""
    return value is None or (isinstance(value, dict) and any(map(_has_null, value.values())))


class _Lists:
    """The valid items of `moved`, `removed` and `adopt`; the others are found in their files."""

    def __init__(self, resolved: Resolved) -> None:
        self.moved = _decoded(Kind.MOVED, Moved, resolved.lists["moved"])
        self.removed = _decoded(Kind.REMOVED, Removed, resolved.lists["removed"])
        self.adopt = _decoded(Kind.ADOPT, Adopt, resolved.lists["adopt"])
        ids = frozenset(item.id for item in resolved.entries)
        self._known = references.Known(ids, resolved.elsewhere)

    def findings(self) -> Iterator[Diagnostic]:
        return chain(
            references.check_moved(self.moved, self._known),
            references.check_removed(self.removed, self._known),
            references.check_adopt(self.adopt, self._known),
        )


def _decoded(kind: Kind, model: type[_M], listed: list[Listed]) -> list[tuple[_M, Provenance]]:
    valid = (item for item in listed if validate.accepts(kind, item.data))
    return [(decode(model, item.data), item.provenance) for item in valid]


def _manifest(resolved: Resolved, lists: _Lists, found: _Findings) -> Manifest | None:
    provenance = resolved.provenance
    if not validate.accepts(Kind.MANIFEST, resolved.top):
        found.add(validate.findings(Kind.MANIFEST, resolved.top, provenance))
        return None
    manifest = decode(
        Manifest,
        {
            **resolved.top,
            "moved": [item for item, _ in lists.moved],
            "removed": [item for item, _ in lists.removed],
            "adopt": [item for item, _ in lists.adopt],
        },
    )
    found.add(entry_checks.check_app(manifest.app, provenance))
    found.add(policy.check(manifest.policy, provenance.child("policy")))
    return manifest


def _calendars(
    manifest: Manifest | None, files: Files, provenance: Provenance, found: _Findings
) -> Calendars:
    if manifest is None:
        return {}
    days, findings = calendar_files.read(files, manifest.calendars, provenance.child("calendars"))
    found.add(findings)
    return days


def _pushes(
    resolved: Resolved, manifest: Manifest | None, audiences: _Audiences, found: _Findings
) -> Iterator[ResolvedPush]:
    app = manifest.app if manifest is not None else None
    left = MAX_TARGETS
    for item in resolved.entries:
        if found.full:
            return
        place = item.provenance
        if not item.complete:
            continue  # what is missing in it is told; as it is written it is validated all the same
        if not validate.accepts(Kind.PUSH, item.data):
            found.add(about(item.id, validate.findings(Kind.PUSH, item.data, place)))
            continue
        entry = decode(PushEntry, item.data)
        targets = _targets(entry, item, audiences, found)
        checked = entry_checks.check_push(entry, targets, place, app)
        found.add(about(item.id, accepted(entry, checked)))
        left -= len(targets)
        if left < 0:
            detail = f"With this push, all pushes together have more than {MAX_TARGETS:,} targets."
            where, fix = place.locate("to"), "split the manifest into several projects"
            found.add(about(item.id, [diagnostic("PSH108", detail, where, fix)]))
            return
        yield ResolvedPush(item.id, entry, entry.to.dimension, targets, place.home, place)


def accepted(entry: PushEntry, findings: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Leave out the warnings that an entry accepts; errors cannot be accepted.

    Until which day is not asked here: `compile.py`, which knows the day, refuses what has expired.
    """
    rules = {allow.rule for allow in entry.allow}
    return (item for item in findings if item.severity is Severity.ERROR or item.code not in rules)


def _targets(
    entry: PushEntry, item: ResolvedEntry, audiences: _Audiences, found: _Findings
) -> tuple[str, ...]:
    field = entry.to.field
    listed = getattr(entry.to, field)
    if not field.endswith("_from"):
        return tuple(dict.fromkeys(listed))
    audience = audiences.read(listed, item.provenance.locate("to", field), entry.to.dimension)
    found.add(audience.findings)
    return audience.targets


def _suppressed(
    manifest: Manifest | None,
    audiences: _Audiences,
    provenance: Provenance,
    kinds: frozenset[str],
    found: _Findings,
) -> tuple[frozenset[str], frozenset[str]]:
    """Return the recipients who want no marketing, and the kinds that the list does not name."""
    if manifest is None or manifest.policy.suppressed is None:
        return frozenset(), frozenset()
    where, source = provenance.locate("policy", "suppressed"), manifest.policy.suppressed
    lists = {kind: audiences.read(source, where, kind, suppressed=True) for kind in sorted(kinds)}
    column = (source.column if isinstance(source, AudienceFile) else None) or ""
    codes = {kind: {finding.code for finding in item.findings} for kind, item in lists.items()}
    found_in = [kind for kind in lists if "PSH515" not in codes[kind]]
    fitting = [kind for kind in found_in if not is_other_kind(column, kind)]
    for kind in found_in or lists:
        found.add(item for item in lists[kind].findings if item.code != "PSH503")
    people = frozenset(target for kind in fitting for target in lists[kind].targets)
    return people, kinds.difference(fitting)


class _Audiences:
    """Reads every audience file once for each column and kind of target."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._known: dict[audience_files.Request, audience_files.Audience] = {}
        self._contents: dict[str, bytes] = {}

    def read(
        self, source: AudienceSource, where: Range, kind: str, *, suppressed: bool = False
    ) -> audience_files.Audience:
        column = source.column if isinstance(source, AudienceFile) else None
        file = source.file if isinstance(source, AudienceFile) else source
        request = audience_files.Request(file, column, where, kind, suppressed)
        if request not in self._known:
            self._known[request] = self._read(request)
        return self._known[request]

    def _read(self, request: audience_files.Request) -> audience_files.Audience:
        try:
            name = self._files.name(request.name)
            if name not in self._contents:
                self._contents[name] = self._files.read(name, limit=audience_files.MAX_BYTES)
        except FileProblem as problem:
            return audience_files.Audience((), (problem.finding(request.used),))
        return audience_files.parse(replace(request, name=name), self._contents[name])
