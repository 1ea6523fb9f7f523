"""What is left of a state whose files are damaged or missing, put together again."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace

from pushctl.errors import StateError, StateFormatError, StateMovedError
from pushctl.state.events import Event, Fold, patch
from pushctl.state.file import history, journal, snapshot
from pushctl.state.file.git_conflict import first_mark, merged, sides
from pushctl.state.file.journal import remains
from pushctl.state.file.paths import Paths
from pushctl.state.interface import Recovered
from pushctl.state.state import State
from pushctl.text.plural import some


def serials(paths: Paths) -> Mapping[Path, int]:
    """Return which snapshot must have been written, by the file that tells of it; 0 for none.

    In a folder serials only ever grow, whatever the lineage (`FileStateStore.overwrite`).
    """
    follows, led_to = journal.base(paths.journal), journal.base(paths.backup_journal)
    state, backup = snapshot.serial(paths.state), snapshot.serial(paths.backup)
    if backup > state and _whole(paths.backup, [], []) is None:
        backup = 0  # its first lines alone are no proof if the rest is damaged
    return {
        paths.history: history.serial(paths.history),
        paths.state: state,
        paths.backup: backup,
        paths.journal: follows.serial if follows else 0,
        paths.backup_journal: led_to.serial + 1 if led_to else 0,
    }


def recover(paths: Paths) -> Recovered | None:
    """Put together what is left; None if there is nothing to start from.

    Raises `StateFormatError` if a newer pushctl wrote a file: an older one must not touch it.
    """
    found: list[str] = []
    unsure: list[str] = []
    whole, kept = (_whole(path, found, unsure) for path in (paths.state, paths.backup))
    older = whole is None or (kept is not None and kept.serial > whole.serial)
    state = kept if older else whole
    # Of what only the kept snapshot tells, its journal must say that nothing came after it.
    sure, lost = not older, 0
    for path in (paths.backup_journal, paths.journal):
        left = remains(path)
        if left is None:
            there = os.path.lexists(path)
            found.append(f"{path.name}: {'cannot be read' if there else 'not there'}")
            lost += there and path == paths.journal
            continue
        if state is None and left.base.serial == 0:
            state = State(left.base.lineage, left.base.app, left.base.workspace)
        came = (left.base.lineage, left.base.serial)
        if state is None or came != (state.lineage, state.serial):
            past = state and left.base.lineage == state.lineage and left.base.serial < state.serial
            found.append(f"{path.name}: {'of before' if past else 'does not follow, left out'}")
            lost += not past and path == paths.journal
            continue
        state, unfit = _advanced(state, left.events)
        damaged = left.lost + unfit
        sure, lost = True, lost + damaged
        note = f", {damaged} damaged" if damaged else ""
        found.append(f"{path.name}: {len(left.events) - unfit} events{note}")
    if state is None:
        return None
    if not first_mark(paths.state):
        told = (entry.pushes.values() for entry in history.apart(paths.history, state))
        unsure += [id for done in told for ids in done for id in ids]
    newest = max(serials(paths).values())
    if newest > state.serial:
        found.append(f"snapshot {newest}: was there, and is gone")
    if unsure:
        found.append(f"not sure of: {some(unsure)}")
    complete = sure and not (lost or unsure) and newest <= state.serial
    return Recovered(state, complete, tuple(found))


def _whole(path: Path, found: list[str], unsure: list[str]) -> State | None:
    """Return the state in a file; of a merge conflict both sides, whose checksums git broke."""
    conflict = bool(first_mark(path))
    unsure += [path.name] if conflict else []
    try:
        raw = snapshot.contents(path, "state file")
        both = sides(raw) if raw is not None else ()
        states = [snapshot.decoded(path, side, sealed=not conflict) for side in both]
    except StateFormatError as error:
        if "newer" in error.summary:
            raise
        found.append(f"{path.name}: damaged")
        return None
    except StateMovedError:
        raise
    except StateError as error:
        found.append(f"{path.name}: {error.detail}")
        return None
    if not states:
        found.append(f"{path.name}: not there")
        return None
    state, differ = merged(*states)
    unsure += differ
    found.append(f"{path.name}: snapshot {state.serial}{', of both sides' if conflict else ''}")
    return state


def _advanced(state: State, events: Sequence[Event]) -> tuple[State, int]:
    """Apply what fits; an event about something unknown follows from a line that is lost."""
    fold, unfit = Fold(state), 0
    for event in events:
        try:
            fold.apply(patch(fold.pushes, event))
        except KeyError:
            unfit += 1
    return replace(fold.state, serial=state.serial + 1), unfit
