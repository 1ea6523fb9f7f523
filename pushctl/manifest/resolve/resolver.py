"""From the files as they are written to one complete map for each push: environments, defaults,
variables, `for_each`.

What is weaker comes first: the root's `defaults`, those of the environment, those of an included
file, the entry, and what the environment says about the entry. Null takes away.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from pushctl.diagnostics import Diagnostic, Range
from pushctl.manifest.resolve.merge import as_list, as_map, merged
from pushctl.manifest.resolve.variables import (
    Budget,
    Scope,
    TooMuch,
    interpolated,
    mentions,
    unused,
    unused_of_each,
)
from pushctl.manifest.rules import diagnostic
from pushctl.manifest.yaml.positions import Document, Path, Provenance, ProvenanceLayer, inside

MAX_PUSHES = 100_000


class ResolvedEntry(Struct, frozen=True):
    """One push with everything put in, not yet validated; `complete` if that could be done."""

    id: str
    data: dict[str, Any]
    provenance: Provenance
    complete: bool = True


class Listed(Struct, frozen=True):
    """One item of `moved`, `removed` or `adopt`, and where it stands."""

    data: Any
    provenance: Provenance


class Resolved(Struct):
    """All files put together."""

    top: dict[str, Any]
    provenance: Provenance
    entries: list[ResolvedEntry] = field(default_factory=list)
    lists: dict[str, list[Listed]] = field(default_factory=dict)
    findings: list[Diagnostic] = field(default_factory=list)
    elsewhere: set[str] = field(default_factory=set)
    """Ids that exist, but not in the chosen environment."""


class Overlay(Struct, frozen=True):
    """What one environment says: the places of its map, and the map."""

    data: dict[str, Any]
    layer: ProvenanceLayer


def resolve(
    root: Document, included: tuple[Document, ...], overlays: tuple[Overlay, ...]
) -> Resolved:
    """Put the files together; later overlays are stronger."""
    return _Resolver(root, included, overlays).run()


class _Resolver:
    def __init__(
        self, root: Document, included: tuple[Document, ...], overlays: tuple[Overlay, ...]
    ) -> None:
        self._root = root
        self._files = (root, *included)
        self._overlays = overlays
        self._shared = root.shared.data if root.shared else {}
        below = (root.shared.layer,) if root.shared else ()
        self._layers = (*(item.layer for item in reversed(overlays)), root.layer, *below)
        home = root.source.range(0)
        self._result = Resolved({}, Provenance(self._layers, home))
        self._used: set[str] = set()
        self._undefined: list[str] = []
        self._budget = Budget()
        texts = {item.source.text for item in self._files}
        texts |= {item.layer.source.text for item in overlays}
        # Looking through every value is worth it only if there may be something to find.
        self._has_variables = any("${" in text for text in texts)

    def run(self) -> Resolved:
        result = self._result
        values = self._combined("vars")
        for key in ("version", "app", "timezone", "state", "policy", "calendars"):
            if (value := self._combined(key)) not in (None, {}):
                result.top[key] = value
        self._lists()
        try:
            scope = self._scope(values, result.provenance)
            result.top = interpolated(result.top, scope)
            self._pushes(values)
        except TooMuch:
            detail = f"There are more than {MAX_PUSHES:,} pushes, or they are too large."
            place = result.provenance.locate_key("pushes")
            self._error("PSH108", detail, place, "split the manifest into several projects")
        # Only where somebody could see it: a damaged file may have used it in the lost part.
        if not any(item.damaged for item in self._files):
            where = result.provenance.child("vars")
            result.findings += unused(values, self._used, where)
        return result

    def _error(self, code: str, detail: str, where: Range, fix: str | None) -> None:
        self._result.findings.append(diagnostic(code, detail, where, fix))

    def _combined(self, key: str) -> Any:
        """Return a value of the root over the shared one, the environment's laid over both."""
        patches = [item.data[key] for item in self._overlays if key in item.data]
        value = self._root.data.get(key)
        if key in ("version", "timezone", "state"):
            return next((item for item in reversed([value, *patches]) if item is not None), None)
        below = merged({}, as_map(self._shared.get(key))) if key == "policy" else {}
        whole = merged(below, as_map(value))
        for patch in patches:
            whole = below if patch is None else merged(whole, as_map(patch))
        return whole

    def _scope(self, values: Mapping[str, Any], provenance: Provenance) -> Scope:
        def report(path: Path, detail: str, fix: str | None) -> None:
            self._error("PSH105", detail, provenance.locate(*path), fix)

        return Scope(
            values, report, used=self._used, undefined=self._undefined, budget=self._budget
        )

    def _pushes(self, root_values: Mapping[str, Any]) -> None:
        below = inside(self._layers, "defaults")
        shared = _Given(root_values, self._combined("defaults"), below, self._patches())
        seen: dict[str, Range] = {}
        self._file(self._root, shared, seen)
        for document in self._files[1:]:
            values = merged({}, as_map(document.data.get("vars")))
            own = _Given(
                {**root_values, **values},
                merged(shared.defaults, as_map(document.data.get("defaults"))),
                (*inside((document.layer,), "defaults"), *below),
                shared.patches,
            )
            self._file(document, own, seen)
            if not document.damaged:
                where = document.provenance.child("vars")
                self._result.findings += unused(values, self._used, where)
        for id, patches in shared.patches.items():
            # Some pushes only the environment has.
            if id not in seen and any(isinstance(patch, dict) for patch, _ in patches):
                home = self._result.provenance.locate_key("pushes", id)
                self._entry(id, {}, (), home, shared)

    def _patches(self) -> dict[str, list[_Patch]]:
        """Return what the environments say about single pushes, weakest first."""
        found: dict[str, list[_Patch]] = {}
        for overlay in self._overlays:
            layers = inside((overlay.layer,), "pushes")
            for id, patch in as_map(overlay.data.get("pushes")).items():
                found.setdefault(id, []).append((patch, inside(layers, id)))
        return found

    def _file(self, document: Document, given: _Given, seen: dict[str, Range]) -> None:
        pushes = document.provenance.child("pushes")
        for id, data in as_map(document.data.get("pushes")).items():
            where = pushes.locate_key(id)
            first = seen.setdefault(id, where)
            if first is not where:
                detail = (
                    f"`{id}` is defined in {first.filename}, line {first.start.line}, and again in "
                    f"{where.filename}, line {where.start.line}."
                )
                fix = "rename one of the two; an id may exist once over all files"
                self._error("PSH102", detail, where, fix)
            elif isinstance(data, dict) or data is None:
                self._entry(id, as_map(data), inside(pushes.layers, id), where, given)

    def _entry(
        self,
        id: str,
        own: dict[str, Any],
        layers: tuple[ProvenanceLayer, ...],
        where: Range,
        given: _Given,
    ) -> None:
        data = merged(given.defaults, own)
        for patch, places in given.patches.get(id, ()):
            if patch is None:
                self._result.elsewhere.add(id)
                return
            data = merged(data, as_map(patch))
            layers = (*places, *layers)
        provenance = Provenance((*layers, *given.layers), where)
        scope = self._scope(given.values, provenance)
        each = data.pop("for_each", None)
        if each is None:
            complete = interpolated(data, scope) if self._has_variables and mentions(data) else data
            self._add(ResolvedEntry(id, complete, provenance, complete=not scope.told))
            return
        for key, value, at in _instances(each):
            value = interpolated(value, scope, ("for_each", key)) if mentions(value) else value
            scope.each = {"key": key, "value": value}
            complete = interpolated(data, scope)
            names = functools.partial(_place_in, provenance, ("for_each", at))
            place = replace(provenance, names=names)
            self._add(ResolvedEntry(f"{id}[{key}]", complete, place, complete=not scope.told))
            scope.each = None
        if not any(layer.source.damaged for layer in layers):
            self._result.findings += unused_of_each(each, scope.of_each, provenance)

    def _add(self, entry: ResolvedEntry) -> None:
        for overlay in self._overlays:
            wanted = as_map(as_map(overlay.data.get("only")).get("labels"))
            labels = as_map(entry.data.get("labels"))
            if any(labels.get(key) != value for key, value in wanted.items()):
                self._result.elsewhere.add(entry.id)
                return
        self._budget.hold(entry.data)
        self._result.entries.append(entry)
        if len(self._result.entries) > MAX_PUSHES:
            raise TooMuch

    def _lists(self) -> None:
        for key in ("moved", "removed", "adopt"):
            found = self._result.lists.setdefault(key, [])
            overlays = reversed(self._overlays)
            chosen = next((item for item in overlays if key in item.data), self._root)
            for item in (chosen, *self._files[1:]):
                place = Provenance((item.layer,), item.layer.source.range(0))
                found += (
                    Listed(value, place.child(key, at))
                    for at, value in enumerate(as_list(item.data.get(key)))
                )


_Patch = tuple[Any, tuple[ProvenanceLayer, ...]]
"""What an environment says about a push, and where."""


class _Given(Struct, frozen=True):
    """What an entry of one file starts from."""

    values: Mapping[str, Any]
    defaults: dict[str, Any]
    layers: tuple[ProvenanceLayer, ...]
    patches: Mapping[str, list[_Patch]]


def _place_in(entry: Provenance, instance: Path, name: str) -> Range | None:
    """Return where the value of a variable stands that an instance has of its own."""
    if name == "each.key" and isinstance(instance[-1], str):
        return entry.locate_key(*instance)
    return entry.exactly(*instance, *name.split(".")[2:]) if name.startswith("each.") else None


def _instances(each: Any) -> Iterator[tuple[str, Any, str | int]]:
    """Yield key and value of every instance, and its key in `each`; a list's items are both."""
    if isinstance(each, dict):
        yield from ((key, value, key) for key, value in each.items())
    elif isinstance(each, list):
        first: dict[str, int] = {}
        for at, key in enumerate(each):
            if isinstance(key, str):
                first.setdefault(key, at)
        yield from ((key, key, at) for key, at in first.items())
