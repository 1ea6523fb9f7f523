"""What targets are called in a state: by themselves, or by salted digests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from pushctl.push.identity import hashed_label, is_digest
from pushctl.state.state import PushRecord, State


def with_labels(state: State, *, hashed: bool, people: Iterable[str] = ()) -> State:
    """Return a state that calls every target the same way, however it was recorded.

    By its digest if `hashed`; or else by itself, if it is among `people`, since a digest does not
    tell whose it is. Returns the same object if nobody has another name.
    """
    label = hashed_label(state.lineage)
    recorded = {
        name for record in state.pushes.values() for task in record.tasks for name in task.targets
    }
    names: Mapping[str, str] = {}
    if hashed:
        names = {name: label(name) for name in recorded if not is_digest(name)}
    elif any(map(is_digest, recorded)):
        names = {label(target): target for target in people}
    if names.keys().isdisjoint(recorded):
        return state
    return replace(
        state, pushes={id: _renamed(record, names) for id, record in state.pushes.items()}
    )


def _renamed(record: PushRecord, names: Mapping[str, str]) -> PushRecord:
    tasks = tuple(
        replace(task, targets={names.get(name, name): key for name, key in task.targets.items()})
        for task in record.tasks
    )
    return replace(record, tasks=tasks)
