"""The entries of a plan as a page tells of them: each with a number, and all that it delivers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from pushctl.plan.change import Action, Adopt, Blocked, Change, NoOp, Rename, action_of
from pushctl.plan.plan import Plan
from pushctl.push.identity import hashed_label
from pushctl.push.push import DesiredPush
from pushctl.render.html.markup import Html, said, tag
from pushctl.render.view import plan_view as outlines
from pushctl.schedule.recurrence import Declared, Recurrence, instants
from pushctl.schedule.service_schedule import Immediate, OneShot, remaining

DRAWN = 60
"""How many messages are drawn on phones; the changed ones come first."""

TOLD = 2000
UNCHANGED = 1000
"""How many changed and how many unchanged entries are told of one by one."""

REACH = 186 * 86400
"""Seconds that are looked ahead for what is not changed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One change, and when it delivers; instants in epoch seconds, rising.

    `number` names its places on the page. `coming` is what will be delivered, `wished` what a
    blocked entry would deliver if it could be applied. `told` and `drawn` say whether it has a
    place of its own among the changes, and among the phones; on a page, not everything has.
    """

    number: int
    of: outlines.Entry
    coming: tuple[int, ...]
    wished: tuple[int, ...] = ()
    told: bool = False
    drawn: bool = False

    @property
    def id(self) -> str:
        """The entry's id."""
        return self.of.id

    @property
    def change(self) -> Change:
        """What becomes of it."""
        return self.of.change

    @property
    def action(self) -> Action:
        """The word for what becomes of it."""
        return self.of.action

    @property
    def push(self) -> DesiredPush | None:
        """The manifest's side of it."""
        return self.of.push

    @property
    def zone(self) -> dt.tzinfo:
        """The zone in which its deliveries are meant."""
        return self.of.zone

    @property
    def effective(self) -> bool:
        """Whether the plan does anything about it."""
        return not isinstance(self.change, NoOp)

    @property
    def next(self) -> int | None:
        """The next delivery that it is about."""
        return next(iter((*self.coming, *self.wished, *self.of.shift.gone)), None)

    def named(self) -> Html:
        """Write its id, as a link to where it is told of."""
        return tag("a", said(self.id), href=f"#c{self.number}") if self.told else said(self.id)


def entries(whole: outlines.Outline) -> tuple[Entry, ...]:
    """Return every change of a plan, in its order, the unchanged ones too."""
    plan = whole.plan
    former = {item.id: item.before for item in plan.changes if isinstance(item, Rename)}
    known = {(item.id, item.action): item for item in whole.entries}
    found = [
        _entry(
            number,
            known.get((change.id, action_of(change))) or outlines.entry(change, plan),
            plan,
            former,
        )
        for number, change in enumerate(plan.changes, 1)
    ]
    told, drawn = _told(found), _drawn(found)
    return tuple(
        replace(entry, told=entry.number in told, drawn=entry.number in drawn) for entry in found
    )


def _told(found: Sequence[Entry]) -> frozenset[int]:
    changed = [entry.number for entry in found if entry.effective]
    kept = [entry.number for entry in found if not entry.effective and entry.push is not None]
    return frozenset(changed[:TOLD] + kept[:UNCHANGED])


def drawn_first(entry: Entry) -> tuple[bool, int]:
    """Order messages as they are drawn: those that change first, then as in the plan."""
    return not entry.effective, entry.number


def _drawn(found: Sequence[Entry]) -> frozenset[int]:
    messages = (entry for entry in found if entry.push is not None)
    ordered = sorted(messages, key=drawn_first)
    return frozenset(entry.number for entry in ordered[:DRAWN])


def _entry(number: int, of: outlines.Entry, plan: Plan, former: Mapping[str, str]) -> Entry:
    match of.change:
        case Adopt(task=task):
            coming = remaining(task.schedule, plan.created_at, plan.service_zone)
            return Entry(number, of, coming)
        case Blocked(push=push) if push is not None:
            return Entry(number, of, (), declared(push.schedule, plan.created_at))
        case NoOp(push=push) if push is not None and plan.recorded.get(
            former.get(push.id, push.id)
        ):
            return Entry(number, of, declared(push.schedule, plan.created_at))
        case _:
            return Entry(number, of, of.upcoming)


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
