"""What is left of a state whose files are damaged or missing, put together again.

The backup is the snapshot before the newest one, and its journal holds what happened between the
two: together they are the newest snapshot once more. The journal that is still open follows that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pushctl.errors import StateError, StateFormatError
from pushctl.state.events import Event, Fold, patch
from pushctl.state.file import snapshot
from pushctl.state.file.journal import Journal, remains
from pushctl.state.file.paths import Paths
from pushctl.state.interface import Recovered
from pushctl.state.state import State


def recover(paths: Paths) -> Recovered | None:
    """Put together what is left; None if there is nothing to start from.

    Raises `StateFormatError` if a newer pushctl wrote a file: an older one must not touch it.
    """
    found: list[str] = []
    state = _whole(paths.state, found)
    complete = state is not None
    journals = [paths.journal]
    if state is None:
        state = _whole(paths.backup, found)
        journals = [paths.backup_journal, paths.journal]
    for path in journals:
        left = remains(path)
        if left is None:
            found.append(f"{path.name}: {'cannot be read' if path.exists() else 'not there'}")
            continue
        if state is None and left.base.serial == 0:
            state = State(left.base.lineage, left.base.app, left.base.workspace)
        if state is None or not _follows(left, state):
            found.append(f"{path.name}: does not follow, left out")
            complete = complete and state is not None and left.base.serial < state.serial
            continue
        state, unfit = _advanced(state, left.events)
        lost = left.lost + unfit
        complete = lost == 0
        note = f", {lost} damaged" if lost else ""
        found.append(f"{path.name}: {len(left.events) - unfit} events{note}")
    return None if state is None else Recovered(state, complete, tuple(found))


def _whole(path: Path, found: list[str]) -> State | None:
    try:
        state = snapshot.read(path)
    except StateFormatError as error:
        if "newer" in error.summary:
            raise
        found.append(f"{path.name}: damaged")
        return None
    except StateError as error:
        found.append(f"{path.name}: {error.detail}")
        return None
    found.append(f"{path.name}: {'not there' if state is None else f'snapshot {state.serial}'}")
    return state


def _follows(left: Journal, state: State) -> bool:
    return left.base.lineage == state.lineage and left.base.serial == state.serial


def _advanced(state: State, events: Sequence[Event]) -> tuple[State, int]:
    """Apply what fits; an event about something unknown follows from a line that is lost."""
    fold, unfit = Fold(state), 0
    for event in events:
        try:
            fold.apply(patch(fold.pushes, event))
        except KeyError:
            unfit += 1
    return replace(fold.state, serial=state.serial + 1), unfit
