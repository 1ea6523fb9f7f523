"""Carry records over to new ids, as `moved` in the manifest says. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Set

from pushctl.plan.change import Blocked, BlockReason, Change, Rename
from pushctl.state.state import PushRecord


def renamed(
    pushes: Mapping[str, PushRecord], moved: Mapping[str, str], wanted: Set[str]
) -> tuple[dict[str, PushRecord], list[Change]]:
    """Apply `moved` to the records; a move whose former id is not recorded is long done.

    Moves may follow each other (a to b, then b to c), because not every environment is applied
    between two edits.
    """
    pushes = dict(pushes)
    changes: list[Change] = []
    for before in moved:
        after = _destination(before, moved, wanted)
        if after not in wanted:
            continue
        if before in wanted:
            reason = f"{before} is moved to {after}, and yet the manifest has both"
            fix = f"remove the line that moves {before}, or the entry {before}"
            changes.append(Blocked(after, None, BlockReason.RENAME, reason, fix))
        elif before not in pushes:
            continue
        elif after in pushes:
            reason = f"both {before} and {after} have tasks, so neither can take the other's place"
            fix = f"remove the line that moves {before}, or cancel one of the two first"
            changes.append(Blocked(after, None, BlockReason.RENAME, reason, fix))
        else:
            pushes[after] = pushes.pop(before)
            changes.append(Rename(after, before, "moved"))
    return pushes, changes


def _destination(before: str, moved: Mapping[str, str], wanted: Set[str]) -> str:
    after, passed = moved[before], {before}
    while after not in wanted and after in moved and after not in passed:
        passed.add(after)
        after = moved[after]
    return after
