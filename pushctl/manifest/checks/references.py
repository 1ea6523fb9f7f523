"""`moved`, `removed` and `adopt` against the entries that exist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from msgspec import Struct

from pushctl.diagnostics import Diagnostic
from pushctl.manifest.rules import diagnostic
from pushctl.manifest.schema.models import Adopt, Moved, Removed
from pushctl.manifest.yaml.positions import Provenance
from pushctl.text.suggest import closest

_KEEP_ONE = "keep one of the two"


class Known(Struct, frozen=True):
    """The ids there are now, and those that this environment leaves out."""

    here: AbstractSet[str]
    elsewhere: AbstractSet[str]

    def missing(self, id: str) -> bool:
        """Tell whether no entry has this id, here or in another environment."""
        base = id.split("[", 1)[0]
        return id not in self.here and self.elsewhere.isdisjoint((id, base))


def check_moved(moved: Sequence[tuple[Moved, Provenance]], known: Known) -> Iterator[Diagnostic]:
    """Yield what is wrong with renames: they must lead to an entry, once, and not in a circle."""
    targets = {item.from_: item.to for item, _ in moved}
    circling = _circling(targets)
    froms: set[str] = set()
    tos: set[str] = set()
    for item, place in moved:
        if item.from_ in known.here:
            detail = f"`{item.from_}` is still there, so it cannot have been renamed."
            yield _error(place, "from", detail, "delete the entry, or this line of `moved`")
        if item.from_ in froms:
            yield _error(place, "from", f"`{item.from_}` is renamed twice.", _KEEP_ONE)
        if item.to in tos:
            yield _error(place, "to", f"Two entries would become `{item.to}`.", _KEEP_ONE)
        froms.add(item.from_)
        tos.add(item.to)
        if item.from_ in circling:
            yield _error(place, "to", "This rename leads in a circle.", "delete one of its lines")
        elif item.to not in targets and known.missing(item.to):
            yield _missing(place, "to", item.to, known)


def _circling(targets: Mapping[str, str]) -> frozenset[str]:
    """Return the ids from which renames lead back to the same id."""
    found: set[str] = set()
    seen: set[str] = set()
    for start in targets:
        way: dict[str, None] = {}
        at: str | None = start
        while at is not None and at not in seen:
            seen.add(at)
            way[at] = None
            at = targets.get(at)
        if at in way:
            ids = list(way)
            found.update(ids[ids.index(at) :])
    return frozenset(found)


def check_removed(
    removed: Sequence[tuple[Removed, Provenance]], known: Known
) -> Iterator[Diagnostic]:
    """Yield what is wrong with removals: the entry must be gone."""
    seen: set[str] = set()
    for item, place in removed:
        if item.id in known.here:
            detail = f"`{item.id}` is still there, so it has not been removed."
            yield _error(place, "id", detail, "delete the entry, or this line of `removed`")
        if item.id in seen:
            yield _error(place, "id", f"`{item.id}` is removed twice.", _KEEP_ONE)
        seen.add(item.id)


def check_adopt(adopt: Sequence[tuple[Adopt, Provenance]], known: Known) -> Iterator[Diagnostic]:
    """Yield what is wrong with adoptions: one existing task for one existing entry."""
    ids: set[str] = set()
    tasks: set[str] = set()
    for item, place in adopt:
        if known.missing(item.id):
            yield _missing(place, "id", item.id, known)
        if item.id in ids:
            yield _error(place, "id", f"`{item.id}` adopts two tasks.", _KEEP_ONE)
        if item.task in tasks:
            yield _error(place, "task", f"The task {item.task} is adopted twice.", _KEEP_ONE)
        ids.add(item.id)
        tasks.add(item.task)


def _missing(place: Provenance, field: str, id: str, known: Known) -> Diagnostic:
    guess = closest(id, known.here)
    fix = f"did you mean {guess}?" if guess else "write the id of an entry under `pushes`"
    return _error(place, field, f"There is no push `{id}`.", fix)


def _error(place: Provenance, field: str, detail: str, fix: str) -> Diagnostic:
    return diagnostic("PSH117", detail, place.locate(field), fix)
