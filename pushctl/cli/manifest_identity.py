"""Whether a state is the one of the manifest that a command is for."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from shlex import quote
from unicodedata import normalize

from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.service_identity import Service, differences
from pushctl.errors import StateConflictError
from pushctl.state.state import ServiceSettings, State
from pushctl.text.escape import terminal


def whose(
    service: Service,
    options: GlobalOptions,
    files: Iterable[str],
    *,
    only_shows: bool = False,
    stops: bool = False,
) -> Callable[[State], None]:
    """Return the check that a state is of a service, and of a manifest with these files.

    Where it is only shown, that says whose it is; what stops goes on beside another manifest.
    """
    told: set[str] = set()

    def tell(check: Callable[[], None], *, refuse: bool) -> None:
        try:
            check()
        except StateConflictError as error:
            if refuse:
                raise
            note = terminal(f"Note: {error}".replace("\n", "; "))
            if note not in told:
                options.output.talk(note)
            told.add(note)

    def checked(state: State) -> None:
        tell(partial(service.check, state), refuse=not only_shows)
        tell(partial(check_manifest, state, options, files), refuse=not (only_shows or stops))

    return checked


def with_manifest(settings: ServiceSettings, options: GlobalOptions) -> ServiceSettings:
    """Add which root manifest it is, by its path below its folder, and for which environment."""
    folder = os.path.realpath(options.folder)
    name = os.path.relpath(os.path.realpath(os.path.join(folder, options.file)), folder)
    return replace(settings, manifest=name, environment=options.env or "")


def own_manifest(state: State, options: GlobalOptions) -> GlobalOptions:
    """Return the options that read the manifest which the state was applied with, if it is there.

    What is stopped is compared with what its own manifest wants, not with what was typed.
    """
    name = state.settings.manifest if state.settings else ""
    return replace(options, file=name) if name and (options.folder / name).is_file() else options


def check_manifest(state: State, options: GlobalOptions, files: Iterable[str]) -> None:
    """Raise `StateConflictError` if a state was applied with another manifest that is still there.

    All its pushes would count as removed. `files` are those of the manifest that is meant: to
    rename the former one, or to include it, is no other manifest.
    """
    recorded, meant = state.settings, tuple(files)
    if recorded is None or not (recorded.manifest and state.pushes and meant):
        return
    named = with_manifest(recorded, options)
    other = {}
    if _is_apart(recorded.manifest, named.manifest, options.folder, meant):
        other = differences({"manifest": recorded.manifest}, {"manifest": named.manifest})
    former = replace(options, env=recorded.environment or None)
    if recorded.environment != named.environment and _state_of(former).exists():
        known = {"environment": recorded.environment or "(none)"}
        other |= differences(known, {"environment": named.environment or "(none)"})
    if other:
        typed = replace(options, file=named.manifest).typed
        fix = (
            "keep a state for each manifest: --env NAME, or a folder of its own; "
            f"for the recorded one: -f {quote(recorded.manifest)}; "
            f"if this one takes its place: {typed} state replace-manifest"
        )
        detail = "\n".join(other.values())
        raise StateConflictError("The state is about another manifest", detail, fix=fix)


def renamed(state: State, settings: ServiceSettings) -> str | None:
    """Say that another manifest takes the place of the recorded one, which is gone."""
    former = state.settings.manifest if state.settings else ""
    if not former or not state.pushes or former == settings.manifest:
        return None
    return f"Note: applied with {former} before; {settings.manifest} takes its place."


def _is_apart(recorded: str, name: str, folder: Path, files: Iterable[str]) -> bool:
    """Tell whether a file is there and none of some others; links and spelling do not count."""
    if normalize("NFC", recorded) == normalize("NFC", name):
        return False
    try:
        there = os.stat(folder / recorded)
    except (OSError, ValueError):
        return False
    return not any(os.path.samestat(there, os.stat(folder / file)) for file in files)


def _state_of(options: GlobalOptions) -> Path:
    return options.folder / f"{options.state_name}.state.json"
