"""Which entries differ between two versions of a manifest, and through which lines. Pure.

Entries are compared with everything put in, so what is found is what reaches phones. A field that
differs is traced to where its value is written, in both versions: in the entry itself, in
`defaults`, in an environment, in a variable that it mentions, in an audience file. Those lines must
differ, or the entry has changed from nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pushctl.manifest.diff.left_out import LeftOut
from pushctl.manifest.diff.written import (
    Spot,
    address,
    bare,
    bare_lines_of,
    block,
    differing,
    find,
    lines_of,
    part_of,
    spot,
)
from pushctl.manifest.files.reader import FileProblem, Files
from pushctl.manifest.resolve import audience_files
from pushctl.manifest.resolved import Reading, ResolvedPush
from pushctl.manifest.schema.fields import AudienceFile
from pushctl.manifest.yaml.positions import Document, Path, Provenance
from pushctl.plan.origin import Edits, Lines, Trace, traced

BESIDES = {"allow", "description", "labels", "offer_ends", "owner", "to"}
"""What no task depends on, and the people, who are compared by themselves."""

SETTINGS = ("app", "policy", "moved", "removed", "adopt")
ADMITTING = ("include", "environments")
"""What decides which entries there are."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a manifest: what was read, and where from; its entries by id."""

    reading: Reading
    files: Files
    documents: Mapping[str, Document]
    pushes: Mapping[str, ResolvedPush]
    _texts: dict[str, str | None] = field(default_factory=dict)

    def spot(self, provenance: Provenance, path: Path) -> Spot | None:
        """Return how a value is written, and what that belongs to."""
        found = spot(provenance, path)
        return None if found is None else self._placed(found, provenance, path)

    def _placed(self, found: Spot, provenance: Provenance, path: Path) -> Spot:
        document = self.documents.get(found.file)
        if document is None:
            return found
        part = part_of(address(document.layer, provenance.locate_key(*path).start))
        root = next(iter(self.documents), "") == found.file
        # An entry's own words are stronger than an environment's, those than a file's `defaults`.
        rank = 0 if not part else 1 if part.startswith("environments") else 3 if root else 2
        return replace(found, part=part, rank=rank)

    def top(self, *path: str) -> Spot | None:
        """Return how a value of the root manifest, or of the environment, is written."""
        whole = self.reading.provenance
        return None if whole is None else self.spot(whole, path)

    def variable(self, name: str, push: ResolvedPush) -> Spot | None:
        """Return how a variable is written that an entry sees."""
        document = self.documents.get(push.source.filename)
        if document is not None and (own := self.spot(document.provenance, ("vars", name))):
            return own
        return self.top("vars", name)

    def text(self, name: str) -> str | None:
        """Return the text of a file, None if there is none or it cannot be read."""
        if name in self.documents:
            return self.documents[name].source.text
        if name not in self._texts:
            self._texts[name] = self._read(name)
        return self._texts[name]

    def _read(self, name: str) -> str | None:
        try:
            content = self.files.read(self.files.name(name), limit=audience_files.MAX_BYTES)
        except FileProblem:
            return None
        return content.decode("utf-8", "replace")


def version(reading: Reading, files: Files) -> Version:
    """Put a version together."""
    documents = {item.source.name: item for item in reading.documents}
    return Version(reading, files, documents, {push.id: push for push in reading.pushes})


def edits(base: Version, head: Version) -> Edits:
    """Return what differs between two versions."""
    return _Comparison(base, head).run()


class _Comparison:
    def __init__(self, base: Version, head: Version) -> None:
        self._base = base
        self._head = head
        manifest = head.reading.manifest
        self._former = {item.to: item.from_ for item in manifest.moved} if manifest else {}
        self._hashed = manifest is not None and manifest.app.targets == "hashed"
        self._settings = tuple(self._of_settings())
        self._left_out = LeftOut(head.files, head.documents, head.text)

    def run(self) -> Edits:
        before, after = self._base.pushes, self._head.pushes
        found: dict[str, Trace] = {}
        taken: set[str] = set()
        for id, push in after.items():
            former = self._before(id, before, after)
            taken.add(former or id)
            trace = self._entry(before[former], push) if former else self._arrived(push)
            if trace is not None:
                found[id] = trace
        for id in before.keys() - taken:
            found[id] = self._left(before[id])
        return Edits(found, self._settings)

    def _before(
        self, id: str, before: Mapping[str, ResolvedPush], after: Mapping[str, ResolvedPush]
    ) -> str | None:
        """Return the id that an entry had, which may be the same; None if it is new."""
        at: str | None = id
        for _ in range(len(self._former) + 1):
            if at is None or at in before:
                break
            at = self._former.get(at)
        return at if at in before and (at == id or at not in after) else None

    # --- one entry that is in both ----------------------------------------------------------------

    def _entry(self, before: ResolvedPush, after: ResolvedPush) -> Trace | None:
        lines: list[Lines] = []
        paths = tuple(_paths(_said(before), _said(after)))
        for path in paths:
            lines += self._value(path, before, after)
        people = before.targets != after.targets or before.dimension != after.dimension
        if people:
            lines += self._people(before, after)
        around = tuple(self._around(before, after))
        renamed = before.id != after.id
        if renamed:
            lines += [item for item in self._settings if item.part == "moved"]
        if not (paths or people or around or renamed):
            return None
        found = tuple(sorted({*lines, *around}))
        if not found:
            # Of values on several lines only the first is looked at; the entry as a whole tells.
            found = differing(self._block(self._base, before), self._block(self._head, after))
        return traced(found, indented=self._only_indented(before, after))

    def _value(self, path: Path, before: ResolvedPush, after: ResolvedPush) -> tuple[Lines, ...]:
        """Return the lines through which a field came to differ."""
        was = self._base.spot(before.provenance, path)
        now = self._head.spot(after.provenance, path)
        for _ in path[:-1]:
            if was is not None or now is not None:
                break
            # A whole map may stand for it, as a variable does.
            path = path[:-1]
            was = self._base.spot(before.provenance, path)
            now = self._head.spot(after.provenance, path)
        found = differing(was, now)
        if found or now is None:
            return found
        return tuple(self._variables(now.variables, before, after, set()))

    def _variables(
        self, names: Iterable[str], before: ResolvedPush, after: ResolvedPush, seen: set[str]
    ) -> Iterator[Lines]:
        """Yield the lines of variables that differ, and of those that they mention."""
        for name in names:
            if name in seen:
                continue
            seen.add(name)
            if name == "each" or name.startswith("each."):
                was = self._base.spot(before.provenance, _instance(before))
                now = self._head.spot(after.provenance, _instance(after))
            else:
                was, now = self._base.variable(name, before), self._head.variable(name, after)
            changed = differing(was, now)
            yield from changed
            if not changed and now is not None:
                yield from self._variables(now.variables, before, after, seen)

    def _people(self, before: ResolvedPush, after: ResolvedPush) -> Iterator[Lines]:
        path = ("to", after.entry.to.field)
        changed = self._value(path, before, after)
        yield from changed
        names = [_audience(before), _audience(after)]
        if not changed and names[0] is not None and names[0] == names[1]:
            yield from self._file(names[0], "audience")

    def _around(self, before: ResolvedPush, after: ResolvedPush) -> Iterator[Lines]:
        """Yield what differs around an entry and moves its times: the zone, calendars."""
        was, now = self._base.reading, self._head.reading
        if was.manifest is None or now.manifest is None:
            return
        zones = (was.manifest.timezone, now.manifest.timezone)
        if zones[0] != zones[1] and after.entry.schedule.timezone is None:
            yield from differing(self._base.top("timezone"), self._head.top("timezone"))
        for name in after.entry.schedule.skip or ():
            if not isinstance(name, str) or name not in now.calendars:
                continue
            if was.calendars.get(name) != now.calendars[name]:
                path = ("calendars", name)
                named = differing(self._base.top(*path), self._head.top(*path))
                yield from named or self._file(now.manifest.calendars[name], "calendar")

    def _file(self, name: str, part: str) -> Iterator[Lines]:
        """Yield the lines of a data file that differ; only its name where people are hidden."""
        was, now = self._base.text(name), self._head.text(name)
        if self._hashed or was is None or now is None:
            yield Lines(name, part=part)
            return
        spots = [Spot(name, 1, lines_of(text), part, 0) for text in (was, now)]
        yield from differing(spots[0], spots[1])

    # --- one entry that came or went --------------------------------------------------------------

    def _arrived(self, push: ResolvedPush) -> Trace:
        new = self._head.spot(push.provenance, _instance(push)) or self._block(self._head, push)
        return self._appears(push, new, self._base, former=False)

    def _left(self, push: ResolvedPush) -> Trace:
        gone = self._base.spot(push.provenance, _instance(push)) or self._block(self._base, push)
        return self._appears(push, gone, self._head, former=True)

    def _appears(
        self, push: ResolvedPush, here: Spot | None, other: Version, *, former: bool
    ) -> Trace:
        """Judge an entry that only one version has by what the other has in the same file."""
        if here is None:
            return traced(tuple(self._admitting()))
        there = self._beside(push, here, other)
        if find(here.lines, there) is not None:
            # It is written in both versions, and only one of them takes it in.
            return traced(tuple(self._admitting()))
        indented = find(bare(here.lines), bare(there)) is not None
        if former and not indented and (kept := self._kept(push)):
            return traced((kept,))
        return traced((here.all(former=former),), indented=indented)

    def _kept(self, push: ResolvedPush) -> Lines | None:
        """Return where an entry that is gone is still written, in a file that is left out."""
        name = push.id.partition("[")[0]
        if any(id.partition("[")[0] == name for id in self._head.pushes):
            return None  # other instances of it are there
        whole = self._block(self._base, push)
        return self._left_out.find(whole) if whole is not None and whole.lines else None

    def _beside(self, push: ResolvedPush, here: Spot, other: Version) -> tuple[str, ...]:
        """Return where the other version may have the same lines: in the entry, or in the file."""
        if "[" in push.id:
            name = push.id.partition("[")[0]
            siblings = (item for id, item in other.pushes.items() if id.partition("[")[0] == name)
            whole = next((self._block(other, item) for item in siblings), None)
            if whole is not None:
                return whole.lines
        return lines_of(other.text(here.file) or "")

    def _block(self, version: Version, push: ResolvedPush) -> Spot | None:
        document = version.documents.get(push.source.filename)
        if document is None:
            return None
        number = push.source.start.line
        lines = block(document.source.text, number)
        return Spot(push.source.filename, number, lines, "", 0)

    def _only_indented(self, before: ResolvedPush, after: ResolvedPush) -> bool:
        """Tell whether all that is written of an entry is in the other version too, but deeper."""
        was, now = self._block(self._base, before), self._block(self._head, after)
        if was is None or now is None or was.lines == now.lines:
            return False
        there = bare_lines_of(self._head.text(was.file) or "")
        here = bare_lines_of(self._base.text(now.file) or "")
        return find(bare(was.lines), there) is not None and find(bare(now.lines), here) is not None

    # --- what is about no single entry ------------------------------------------------------------

    def _of_settings(self) -> Iterator[Lines]:
        documents = {**self._base.documents, **self._head.documents}
        for name in documents:
            for key in SETTINGS:
                yield from self._section(name, key)
        for key in SETTINGS:
            yield from (
                item
                for item in differing(self._base.top(key), self._head.top(key))
                if item.part.startswith("environments")
            )

    def _admitting(self) -> Iterator[Lines]:
        for name in {**self._base.documents, **self._head.documents}:
            for key in ADMITTING:
                yield from self._section(name, key)

    def _section(self, file: str, key: str) -> tuple[Lines, ...]:
        spots = []
        for version in (self._base, self._head):
            document = version.documents.get(file)
            spots.append(version.spot(document.provenance, (key,)) if document else None)
        return differing(spots[0], spots[1])


def _said(push: ResolvedPush) -> Mapping[str, Any]:
    return push.entry.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude=BESIDES)


def _paths(before: Any, after: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the paths of all values that differ."""
    maps = [item for item in (before, after) if isinstance(item, dict)]
    if not maps or any(item is not None for item in (before, after) if item not in maps):
        if before != after:
            yield path
        return
    was, now = before or {}, after or {}
    keys = sorted({*was, *now})
    if not keys and before != after:
        yield path
    for key in keys:
        yield from _paths(was.get(key), now.get(key), (*path, key))


def _instance(push: ResolvedPush) -> Path:
    """Return the path of what an entry of `for_each` is made from."""
    key = push.id.partition("[")[2].removesuffix("]")
    return ("for_each", key)


def _audience(push: ResolvedPush) -> str | None:
    to = push.entry.to
    named = getattr(to, to.field) if to.field.endswith("_from") else None
    return named.file if isinstance(named, AudienceFile) else named
