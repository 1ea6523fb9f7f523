"""The files of one state, and where a link to it leads."""

from __future__ import annotations

import os
from pathlib import Path

from msgspec import Struct


class Paths(Struct, frozen=True):
    """Where everything about one state lives.

    `named` is where people look for the state; `state` is what it is, or what it links to.
    `backup` and `backup_journal` together are the state once more: the snapshot before the newest
    one, and the events between the two.
    """

    named: Path
    state: Path
    backup: Path
    journal: Path
    backup_journal: Path
    history: Path
    lock: Path
    gate: Path

    def aside(self, stamp: str) -> tuple[tuple[Path, Path], ...]:
        """Return the files that hold the state, each with the name to keep it under."""
        files = (self.state, self.backup, self.journal, self.backup_journal)
        return tuple((path, path.with_name(f"{path.name}.aside-{stamp}")) for path in files)


def paths(folder: Path, name: str) -> Paths:
    """Name the files of the state `name` in a folder.

    If the state file is a link, everything lives where it leads: whoever keeps the state on a
    volume wants its journal and its lock there too.
    """
    named = folder / f"{name}.state.json"
    state = Path(os.path.realpath(named))
    if os.path.islink(named):
        folder, name = state.parent, state.name.removesuffix(".json").removesuffix(".state")
    return Paths(
        named=named,
        state=state,
        backup=folder / f"{name}.state.backup.json",
        journal=folder / f"{name}.state.journal",
        backup_journal=folder / f"{name}.state.backup.journal",
        history=folder / f"{name}.state.history",
        lock=folder / f"{name}.state.lock",
        gate=folder / f"{name}.state.gate",
    )


def beside(named: Path) -> tuple[str, ...]:
    """Return the names of the other states in the same folder, sorted."""
    found = (path.name for path in named.parent.glob("pushctl*.state.json"))
    return tuple(sorted(name for name in found if name != named.name))


def environment(name: str) -> str:
    """Return the environment that a state file belongs to; empty for that of no environment."""
    return name.removeprefix("pushctl").removesuffix(".state.json").removeprefix(".")
