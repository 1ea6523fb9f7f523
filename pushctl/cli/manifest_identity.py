"""Whether a state is the one of the service and of the manifest that a command is for."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from shlex import quote

from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.service_identity import Service, differences
from pushctl.errors import StateConflictError
from pushctl.state.state import ServiceSettings, State
from pushctl.text.escape import terminal


def with_manifest(settings: ServiceSettings, options: GlobalOptions) -> ServiceSettings:
    """Add which root manifest it is, by its path below its folder, and for which environment."""
    folder = os.path.realpath(options.folder)
    name = os.path.relpath(os.path.realpath(os.path.join(folder, options.file)), folder)
    return replace(settings, manifest=name, environment=options.env or "")


def whose(
    service: Service,
    options: GlobalOptions,
    files: Sequence[str],
    *,
    only_shows: bool = False,
    stops: bool = False,
) -> Callable[[State], None]:
    """Return the check that a state is of a service, and of a manifest with these files.

    Where it is only shown, that says whose it is; what stops goes on beside another manifest.
    """
    told: set[str | None] = {None}
    manifest = partial(check_manifest, options=options, files=files)

    def said(check: Callable[[State], str | None], state: State, *, refuse: bool) -> str | None:
        try:
            return check(state)
        except StateConflictError as error:
            if refuse:
                raise
            return str(error).replace("\n", "; ")

    def checked(state: State) -> None:
        for note in (
            said(service.check, state, refuse=not only_shows),
            said(manifest, state, refuse=not (only_shows or stops)),
        ):
            if note not in told:
                options.output.talk(terminal(f"Note: {note}"))
            told.add(note)

    return checked


def check_manifest(state: State, options: GlobalOptions, files: Sequence[str]) -> str | None:
    """Raise `StateConflictError` if a state was applied with another manifest that is still there.

    All its pushes would count as removed. `files` are those of the manifest that is meant. If that
    takes the place of one that is gone, or that it includes now, return so. A state that was copied
    from another environment is refused as well.
    """
    recorded = state.settings
    if recorded is None or not (recorded.manifest and state.pushes and files):
        return None
    other = differences(_parts(recorded), _parts(with_manifest(recorded, options)))
    former = replace(options, env=recorded.environment or None)
    if not (options.folder / f"{former.state_name}.state.json").exists():
        other.pop("environment", None)
    renamed = None
    if not _is_apart(options.folder / recorded.manifest, options.folder, files):
        renamed = other.pop("manifest", None)
    if not other:
        return f"{renamed}, which takes its place" if renamed else None
    raise StateConflictError(
        "The state is about another manifest",
        "\n".join(other.values()),
        fix="keep a state for each manifest: --env NAME, or a folder of its own; for the recorded "
        f"one: -f {quote(recorded.manifest)}; if this one takes its place, move that one away",
    )


def _parts(settings: ServiceSettings) -> dict[str, str]:
    return {"manifest": settings.manifest, "environment": settings.environment or "(none)"}


def _is_apart(path: Path, folder: Path, files: Sequence[str]) -> bool:
    """Tell whether a file is there and none of some others; links and spelling do not count."""
    try:
        there = os.stat(path)
    except (OSError, ValueError):
        return False
    return not any(os.path.samestat(there, os.stat(folder / name)) for name in files)
