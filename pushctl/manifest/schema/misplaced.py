"""Fields that stand in the wrong map, such as a `body` beside its `message`."""

from __future__ import annotations

from functools import cache

from pushctl.manifest.format.field_order import FieldOrder, of_file
from pushctl.manifest.schema.suggest import alias
from pushctl.manifest.yaml.positions import Path


def elsewhere(key: str, path: Path, *, in_push: bool) -> tuple[Path, str | None, str] | None:
    """Return where a field belongs that the map at `path` does not have: detail and fix.

    The path is that of the field; the detail is None if it is not certain. `in_push` if paths
    begin in a push, and not in a file.
    """
    starts = [
        path.index(name) + at for name, at in (("pushes", 2), ("defaults", 1)) if name in path
    ]
    start = 0 if in_push or not starts else starts[0]
    in_push, here = in_push or start > 0, path[start:]
    fields = _homes(in_push=in_push)
    name = key if key in fields else alias(key)
    maps = [home for home in fields.get(name, ()) if home[:-1] == here] or fields.get(name, [])
    if not maps and not path and key in _homes(in_push=True):
        return (key,), f"`{key}` belongs to a push.", "move it to its push, below `pushes:`"
    if not maps or here in maps:
        return None
    itself = "the push itself" if in_push else "the file itself"
    places = " or ".join(f"`{'.'.join(map(str, home))}`" if home else itself for home in maps)
    whole = (*path[:start], *maps[0], name)
    if len(maps) > 1 or name != key:
        return whole, None, f"did you mean `{name}` in {places}?"
    return whole, f"`{key}` belongs to {places}.", _move(maps[0], here, places)


def _move(home: Path, here: Path, place: str) -> str:
    if home[:-1] == here != home:
        return f"indent it, so that it stands below `{home[-1]}:`"
    if home == here[: len(home)]:
        return f"move it out, to where `{here[len(home)]}` stands"
    return f"move it to the other fields of {place}"


@cache
def _homes(*, in_push: bool) -> dict[str, list[Path]]:
    """Return the maps that have each field of a push, or of a file around the pushes."""
    found: dict[str, list[Path]] = {}
    stack: list[tuple[FieldOrder, Path]] = [(shape(in_push=in_push), ())]
    while stack:
        order, path = stack.pop()
        for name in order.fields:
            found.setdefault(name, []).append(path)
            if path or name not in ("pushes", "defaults", "environments"):
                stack.append((order.below(name), (*path, name)))
    return found


def shape(*path: str | int, in_push: bool) -> FieldOrder:
    """Return what the schema says about a path of a push or of a file."""
    order = of_file()
    for key in ("pushes", "id", *path) if in_push else path:
        order = order.below(key)
    return order
