"""The entries of a plan as a page tells of them: each change with its deliveries and its people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from pushctl.core.change import (
    Action,
    Adopt,
    Blocked,
    Cancel,
    Change,
    Create,
    Forget,
    NoOp,
    Rename,
    Renew,
    Replace,
    action_of,
    creates_of,
    push_of,
)
from pushctl.core.plan import Plan
from pushctl.core.recurrence import Declared, Recurrence, instants
from pushctl.core.schedule import Immediate, OneShot, remaining
from pushctl.core.task import DesiredPush, hashed_label
from pushctl.render import facts

REACH = 186 * 86400
"""Seconds that are looked ahead for what is not changed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One change, and when it delivers; instants in epoch seconds, rising.

    `number` names its places on the page. `coming` is what will be delivered, `gone` what will not
    be any more, `new` and `moved` (before, after) what of `coming` differs. `at_once` tells that it
    is sent the moment the plan is applied. `wished` is what a blocked entry would deliver.
    """

    number: int
    change: Change
    zone: dt.tzinfo
    coming: tuple[int, ...] = ()
    gone: tuple[int, ...] = ()
    new: frozenset[int] = frozenset()
    moved: tuple[tuple[int, int], ...] = ()
    wished: tuple[int, ...] = ()
    at_once: bool = False

    @property
    def id(self) -> str:
        """The entry's id."""
        return self.change.id

    @property
    def action(self) -> Action:
        """What becomes of it."""
        return action_of(self.change)

    @property
    def push(self) -> DesiredPush | None:
        """The manifest's side of it."""
        return push_of(self.change)

    @property
    def changes(self) -> bool:
        """Whether the plan does anything about it."""
        return not isinstance(self.change, NoOp)

    @property
    def first(self) -> int | None:
        """The soonest moment that it is about; None if it is about none."""
        moments = (*self.coming[:1], *self.gone[:1], *self.wished[:1])
        return min(moments, default=None)


def entries(plan: Plan) -> tuple[Entry, ...]:
    """Return every change of a plan, in its order."""
    return tuple(_entry(number, change, plan) for number, change in enumerate(plan.changes, 1))


def _entry(number: int, change: Change, plan: Plan) -> Entry:
    zone, now = facts.zone_of(change, plan), plan.created_at
    match change:
        case Create() | Replace() | Renew():
            shift = facts.shift(change, plan)
            return Entry(
                number,
                change,
                zone,
                coming=facts.upcoming(change, plan),
                gone=shift.gone,
                new=frozenset(shift.new),
                moved=shift.moved,
                at_once=any(isinstance(task.schedule, Immediate) for task in creates_of(change)),
            )
        case Cancel():
            return Entry(number, change, zone, gone=facts.lost(change, plan))
        case Adopt(task=task):
            coming = remaining(task.schedule, now, plan.service_zone)
            return Entry(number, change, zone, coming=coming)
        case Blocked(push=push):
            wished = declared(push.schedule, now) if push else ()
            return Entry(number, change, zone, wished=wished)
        case NoOp(push=push):
            scheduled = push is not None and plan.recorded.get(push.id, 0) > 0
            coming = declared(push.schedule, now) if push and scheduled else ()
            return Entry(number, change, zone, coming=coming)
        case Forget() | Rename():
            return Entry(number, change, zone)


def declared(schedule: Declared, now: int) -> tuple[int, ...]:
    """Return when a schedule delivers after `now`, half a year ahead."""
    match schedule:
        case Immediate():
            return ()
        case OneShot(at=at):
            return (at,) if at > now else ()
        case Recurrence():
            return instants(schedule, now + 1, now + REACH)


def naming(plan: Plan) -> Callable[[str], str]:
    """Return the function that names a target: as it is, or as its digest where that is wanted."""
    return hashed_label(plan.lineage) if plan.hashed else str


def importance(entry: Entry) -> tuple[int, int]:
    """Order entries by what a reviewer has to see first: stops, losses, then the soonest."""
    rank = {Action.BLOCKED: 0, Action.CANCEL: 2, Action.FORGET: 3, Action.NOOP: 9}
    place = 1 if entry.at_once else rank.get(entry.action, 4)
    return place, entry.first if entry.first is not None else 1 << 62
