"""How many people a plan's changes reach, compared with whom the same entries reached before.

An apply that ended halfway must not look like an audience that grew. So newcomers are compared with
everybody whom any recorded task is or was for, a number that no crash makes smaller; and an entry
of which tasks were created only lately says so, because its first apply may be the one that ended;
unless the history says that the apply which made them went to its end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from pushctl.plan.change import Change, Create, Rename, Replace
from pushctl.push.push import Push, Source
from pushctl.state.state import Phase, PushRecord, State

LATELY = 12 * 3600
"""Seconds within which an apply that ended halfway is usually run again; less than a day, so that
what is exported every day is compared with yesterday."""


class AudienceChange(Struct, frozen=True):
    """Who gets a push that a plan creates or replaces, in numbers.

    `before` and `after` count who has it scheduled now, or had it last, and who will. `known`
    counts those of all recorded tasks; `joined` are not among them, `left` are among `before`.
    An entry that has reached nobody yet has only `after`.
    """

    id: str
    source: Source
    after: int
    before: int = 0
    known: int = 0
    joined: int = 0
    left: int = 0
    lately: bool = False


def audience_changes(
    changes: Sequence[Change],
    state: State,
    *,
    label: Callable[[str], str],
    now: int,
    whole: bool = False,
) -> tuple[AudienceChange, ...]:
    """Count for every entry that is created or replaced; a renewal reaches nobody new.

    `state` is the one before drift, `label` turns a target into its name there, `now` is in epoch
    seconds. `whole` tells that the apply which made the newest tasks is known to have ended well.
    """
    former = {change.id: change.before for change in changes if isinstance(change, Rename)}
    return tuple(
        _audience_change(
            change.push,
            state.pushes.get(former.get(change.id, change.id)),
            label,
            None if whole else now - LATELY,
        )
        for change in changes
        if isinstance(change, Create | Replace)
    )


def _audience_change(
    push: Push, record: PushRecord | None, label: Callable[[str], str], since: int | None
) -> AudienceChange:
    served = _served(record) if record else frozenset()
    if record is None or not served:
        return AudienceChange(push.id, push.source, len(set(push.targets)))
    wanted = {label(target) for target in push.targets}
    known = frozenset[str]().union(*(task.targets for task in record.tasks))
    return AudienceChange(
        id=push.id,
        source=push.source,
        after=len(wanted),
        before=len(served),
        known=len(known),
        joined=len(wanted - known),
        left=len(served - wanted),
        lately=since is not None and any(task.began_at > since for task in record.live),
    )


def _served(record: PushRecord) -> frozenset[str]:
    """Return who is going to get the push, or else who got its latest one-time delivery."""
    tasks = record.live
    if not tasks:
        sent = [task for task in record.tasks if task.phase is Phase.SENT and task.last is not None]
        latest = max((task.last or 0 for task in sent), default=0)
        tasks = tuple(task for task in sent if task.last == latest)
    return frozenset[str]().union(*(task.targets for task in tasks))
