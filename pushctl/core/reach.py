"""How many people a plan's changes reach, compared with whom the same entries reached before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from pushctl.core import chunks
from pushctl.core.change import Change, Create, Rename, Replace
from pushctl.core.state import Phase, PushRecord, State
from pushctl.core.task import DesiredPush, Source


@dataclass(frozen=True, slots=True)
class Reach:
    """Who gets a push that a plan creates or replaces, in numbers.

    `before` is 0 for an entry that reaches nobody yet. `joined` are those that none of its recorded
    tasks was for. `resumed` tells that its tasks are exactly the first ones of what is wanted now,
    as an apply that ended halfway leaves them.
    """

    id: str
    source: Source
    before: int
    after: int
    joined: int = 0
    left: int = 0
    resumed: bool = False


def reach(
    changes: Iterable[Change], state: State, label: Callable[[str], str]
) -> tuple[Reach, ...]:
    """Count for every entry that is created or replaced; a renewal reaches nobody new.

    `state` is the one before drift, `label` turns a target into its name there.
    """
    return tuple(_reaches(tuple(changes), state, label))


def _reaches(
    changes: Sequence[Change], state: State, label: Callable[[str], str]
) -> Iterator[Reach]:
    former = {change.id: change.before for change in changes if isinstance(change, Rename)}
    for change in changes:
        if isinstance(change, Create | Replace):
            record = state.pushes.get(former.get(change.id, change.id))
            yield _reach(change.push, record, label)


def _reach(push: DesiredPush, record: PushRecord | None, label: Callable[[str], str]) -> Reach:
    served = _served(record) if record else frozenset()
    if record is None or not served:
        return Reach(push.id, push.source, 0, len(set(push.targets)))
    wanted = dict.fromkeys(label(target) for target in push.targets)
    # Whoever a replacement was cancelled for and not yet created again is no newcomer.
    known = frozenset[str]().union(*(task.targets for task in record.tasks))
    fresh = chunks.assign(tuple(wanted), {})
    return Reach(
        id=push.id,
        source=push.source,
        before=len(served),
        after=len(wanted),
        joined=len(wanted.keys() - known),
        left=len(served - wanted.keys()),
        resumed=bool(record.live)
        and all(task.targets.keys() == set(fresh.get(task.chunk, ())) for task in record.live),
    )


def _served(record: PushRecord) -> frozenset[str]:
    """Return who is going to get the push, or else who got its latest one-time delivery."""
    tasks = record.live
    if not tasks:
        sent = [task for task in record.tasks if task.phase is Phase.SENT and task.last is not None]
        latest = max((task.last or 0 for task in sent), default=0)
        tasks = tuple(task for task in sent if task.last == latest)
    return frozenset[str]().union(*(task.targets for task in tasks))
