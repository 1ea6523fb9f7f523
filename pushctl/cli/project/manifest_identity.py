"""Whether a state is the one of the manifest that a command is for."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from shlex import quote

from msgspec.structs import replace

from pushctl.cli.global_options import GlobalOptions
from pushctl.errors import StateConflictError
from pushctl.portable import relative
from pushctl.state.state import ServiceSettings, State


def with_manifest(settings: ServiceSettings, options: GlobalOptions) -> ServiceSettings:
    """Add which root manifest it is: its path below its folder, links resolved."""
    folder = os.path.realpath(options.folder)
    path = os.path.realpath(os.path.join(folder, options.file))
    return replace(settings, manifest=relative(path, folder))


def check_manifest(state: State, options: GlobalOptions, files: Sequence[str]) -> str | None:
    """Raise `StateConflictError` if a state was applied with another manifest that is still there.

    All its pushes would count as removed. `files` are those of the manifest that is meant. If that
    takes the place of one that is gone, or that it includes now, return so.
    """
    recorded = state.settings
    if recorded is None or not (recorded.manifest and state.pushes and files):
        return None
    former, meant = recorded.manifest, with_manifest(recorded, options).manifest
    if _is_apart(options.folder / former, options.folder, files):
        raise StateConflictError(
            "The state is about another manifest",
            f"recorded is {former}, meant is {meant}",
            fix="keep a state for each manifest: --env NAME, or a folder of its own; for the "
            f"recorded one: -f {quote(former)}; if this one takes its place, move that one away",
        )
    return f"{meant} takes the place of {former}" if former != meant else None


def _is_apart(path: Path, folder: Path, files: Sequence[str]) -> bool:
    """Tell whether a file is there and none of some others; links and spelling do not count."""
    try:
        there = os.stat(path)
    except (OSError, ValueError):
        return False
    return not any(os.path.samestat(there, os.stat(folder / name)) for name in files)
