"""Where a folder is within its repository: code hosts name files from the repository's root."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path, PurePosixPath

from pushctl.diagnostics import Diagnostic, Range


def prefix_of(folder: Path) -> PurePosixPath:
    """Return the way from the root of the repository to a folder; `.` outside of any."""
    here = folder.resolve()
    for root in (here, *here.parents):
        # A folder in a repository of its own, a file in a work tree or a submodule.
        if (root / ".git").exists():
            return PurePosixPath(here.relative_to(root).as_posix())
    return PurePosixPath()


def from_root(findings: Iterable[Diagnostic], folder: Path) -> tuple[Diagnostic, ...]:
    """Return findings whose file names begin at the root of the repository."""
    prefix = prefix_of(folder)
    return tuple(
        item if item.range is None else replace(item, range=_moved(item.range, prefix))
        for item in findings
    )


def _moved(place: Range, prefix: PurePosixPath) -> Range:
    return replace(place, filename=(prefix / place.filename).as_posix())
