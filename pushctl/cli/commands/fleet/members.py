"""Which manifests a command is for, and in which environments."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path, PurePosixPath

import click
from msgspec import Struct

from pushctl.manifest.files.includes import environment_files, gather
from pushctl.manifest.files.reader import Files
from pushctl.manifest.resolve.merge import as_map


class Member(Struct, frozen=True):
    """A root manifest in one of its environments; None if it has none, or cannot be read."""

    path: Path
    env: str | None


def members(paths: Iterable[Path], name: str, envs: Collection[str]) -> tuple[Member, ...]:
    """Return every manifest `name` below some folders, or at some paths, in its environments.

    Only in `envs` if any are given; what has none of them is left out, but not what cannot be read.
    Raises `click.UsageError` if a path leads to none, or an environment is nowhere.
    """
    known = {item: environments(item) for path in paths for item in _manifests(path, name)}
    named = {env for there in known.values() for env in there or ()}
    if missing := sorted(set(envs) - named):
        raise click.UsageError(f"None of the manifests has an environment {missing[0]!r}.")
    found: list[Member] = []
    for path, there in known.items():
        if there is None or not (there or envs):
            found.append(Member(path, None))
        found += (Member(path, env) for env in there or () if not envs or env in envs)
    return tuple(found)


def _manifests(path: Path, name: str) -> Iterator[Path]:
    found = [path] if path.is_file() else []
    for folder, below, files in os.walk(path):
        below[:] = sorted(
            item for item in below if not item.startswith((".", "node_modules", "site-packages"))
        )
        found += [Path(folder, name)] if name in files else []
    if not found:
        raise click.UsageError(f"There is no {name} in {str(path)!r}.")
    yield from found


def environments(path: Path) -> tuple[str, ...] | None:
    """Return the environments of a manifest, sorted; None if it cannot be read."""
    files = Files(path.parent)
    root = gather(files, path.name, None).root
    if root is None:
        return None
    beside = (PurePosixPath(name).stem for name in environment_files(files, path.name))
    return tuple(sorted({*as_map(root.data.get("environments")), *beside}))
