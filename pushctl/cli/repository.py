"""Where a folder is within its repository: code hosts name files from the repository's root."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path, PurePosixPath

from pushctl.diagnostics import Diagnostic, Range

MANIFEST = "pushctl.yaml"
"""What the root manifest is called where nobody says otherwise."""


def prefix_of(folder: Path) -> PurePosixPath:
    """Return the way from the root of the repository to a folder; `.` outside of any."""
    root = root_of(folder)
    if root is None:
        return PurePosixPath()
    return PurePosixPath(folder.resolve().relative_to(root).as_posix())


def root_of(folder: Path) -> Path | None:
    """Return the root of the repository that a folder is in, None outside of any."""
    here = folder.resolve()
    # A folder in a repository of its own, a file in a work tree or a submodule.
    return next((root for root in (here, *here.parents) if (root / ".git").exists()), None)


def path_of(folder: Path, file: str) -> str:
    """Name a manifest by its place in the repository: its folder, empty for that of the root.

    One that is not called as usual is named with its file.
    """
    prefix = prefix_of(folder)
    named = prefix if PurePosixPath(file) == PurePosixPath(MANIFEST) else prefix / file
    return "" if named == PurePosixPath() else named.as_posix()


def from_root(findings: Iterable[Diagnostic], folder: Path) -> tuple[Diagnostic, ...]:
    """Return findings whose file names begin at the root of the repository."""
    prefix = prefix_of(folder)
    return tuple(
        item if item.range is None else replace(item, range=_moved(item.range, prefix))
        for item in findings
    )


def _moved(place: Range, prefix: PurePosixPath) -> Range:
    return replace(place, filename=(prefix / place.filename).as_posix())
