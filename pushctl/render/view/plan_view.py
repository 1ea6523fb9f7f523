"""What a plan amounts to, as values: computed once, said by every rendering in its own way.

No words for people in here, and no markup: the terminal, the Markdown comment, the JSON document
and the HTML report all take the same facts from the same place, so that they cannot differ.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pushctl.diagnostics import Diagnostic, Severity
from pushctl.plan.change import (
    Action,
    Blocked,
    Cancel,
    Change,
    Create,
    Forget,
    NoOp,
    Renew,
    Replace,
    action_of,
    cancels_of,
    creates_of,
    push_of,
)
from pushctl.plan.diff.delivery_diff import Delta
from pushctl.plan.guards.audience_change import Reach
from pushctl.plan.plan import Plan
from pushctl.plan.recorded_message import Said
from pushctl.push.push import DesiredPush
from pushctl.render.view import facts
from pushctl.schedule.service_schedule import Immediate

SENDS_AGAIN = "sends again"
"""The reason of the diff for a one-time push that was delivered and gets a new time."""


# --- what cannot be taken back --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AtOnce:
    """Sent the moment the plan is applied; nobody can stop it."""

    id: str
    people: int


@dataclass(frozen=True, slots=True)
class Again:
    """A one-time push that was delivered already goes out once more."""

    id: str
    people: int


class Sms(StrEnum):
    """When a text message goes out: beside the push, or if the push does not arrive."""

    CONCURRENT = "concurrent"
    FALLBACK = "fallback"


@dataclass(frozen=True, slots=True)
class TextMessages:
    """Text messages that the created tasks bring; somebody pays for each.

    `messages` is how many there are, or at most with `fallback`. Each is sent in one part or more,
    which depends on a template that only the service knows; `cost` is that of one part each, None
    if no price is known.
    """

    id: str
    people: int
    messages: int
    mode: Sms
    cost: float | None = None


@dataclass(frozen=True, slots=True)
class Losses:
    """Deliveries that do not happen any more. `moments` in epoch seconds, rising."""

    id: str
    people: int
    moments: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LetGo:
    """Tasks go on delivering that pushctl forgets, and can not stop afterwards."""

    id: str
    tasks: int


Irreversible = AtOnce | Again | TextMessages | Losses | LetGo
"""What `apply` does and nobody can take back."""


@dataclass(frozen=True, slots=True)
class Tariff:
    """What one part of a text message costs."""

    price: float
    currency: str


# --- one entry ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class People:
    """How many get the entry before and after, and how many of them come and go."""

    before: int = 0
    after: int = 0
    joined: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One change with everything that a reviewer asks about it. Instants in epoch seconds, rising.

    `upcoming` is what the entry will deliver as far as it will be scheduled, `goes_on` tells that
    there is more after that. `shift` says what appears, disappears and moves; `held` what is
    declared for today and left out, since today's was delivered already. `push` is None for what
    is not in the manifest; `message` is known of what is cancelled, too.
    """

    change: Change
    action: Action
    push: DesiredPush | None
    message: Said
    zone: dt.tzinfo
    upcoming: tuple[int, ...]
    goes_on: bool
    shift: Delta
    held: tuple[int, ...]
    people: People
    irreversible: tuple[Irreversible, ...]
    findings: tuple[Diagnostic, ...]

    @property
    def id(self) -> str:
        """The entry's key in the manifest."""
        return self.change.id

    @property
    def at_once(self) -> bool:
        """Whether it goes out the moment the plan is applied."""
        return any(isinstance(task.schedule, Immediate) for task in creates_of(self.change))

    @property
    def title(self) -> str | None:
        """What stands on top of the message; None where the plan does not know it."""
        return self.message.title if self.known else None

    @property
    def body(self) -> str | None:
        """What the message says; None where the plan does not know it."""
        return self.message.body if self.known else None

    @property
    def known(self) -> bool:
        """Whether the plan knows the message: by the manifest, or by what is recorded."""
        return self.push is not None or bool(self.message.title or self.message.body)

    @property
    def soonest(self) -> int | None:
        """The first delivery that is made, moved or lost."""
        touched = (*self.upcoming[:1], *self.shift.gone[:1], *(was for was, _ in self.shift.moved))
        return min(touched, default=None)

    @property
    def refused(self) -> bool:
        """Whether it keeps the plan from being applied."""
        wrong = any(item.severity is Severity.ERROR for item in self.findings)
        return wrong or isinstance(self.change, Blocked)


@dataclass(frozen=True, slots=True)
class Outline:
    """A plan, its effective changes in the manifest's order, and what it cannot take back.

    `telling` are unchanged entries with something to say.
    """

    plan: Plan
    entries: tuple[Entry, ...]
    irreversible: tuple[Irreversible, ...]
    telling: tuple[NoOp, ...]
    tariff: Tariff | None = None

    @property
    def by_weight(self) -> tuple[Entry, ...]:
        """The entries as a reviewer should meet them.

        First what cannot be taken back, then what is wrong, then the rest; of each the soonest.
        """
        return tuple(sorted(self.entries, key=_weight))

    @property
    def findings(self) -> tuple[Diagnostic, ...]:
        """The plan's findings, the worst first."""
        order = {severity: rank for rank, severity in enumerate(Severity)}
        return tuple(sorted(self.plan.diagnostics, key=lambda item: order[item.severity]))

    @property
    def refused(self) -> bool:
        """Whether apply would refuse the plan as it is."""
        wrong = any(item.severity is Severity.ERROR for item in self.plan.diagnostics)
        return wrong or bool(self.plan.stopping)


def _weight(entry: Entry) -> tuple[bool, bool, bool, bool, int, str]:
    """Order entries; what cannot be taken back and has no date happens as soon as it is applied."""
    soonest, lasting = entry.soonest, bool(entry.irreversible)
    return (
        not lasting,
        not entry.refused,
        not entry.at_once,
        (soonest is None) is not lasting,
        soonest or 0,
        entry.id,
    )


def outline(plan: Plan, tariff: Tariff | None = None) -> Outline:
    """Work out what a plan amounts to; `tariff` is what text messages cost, if anybody said so."""
    reach = {item.id: item for item in plan.reach}
    about: dict[str, list[Diagnostic]] = defaultdict(list)
    for item in plan.diagnostics:
        if item.push is not None:
            about[item.push].append(item)
    entries = tuple(
        entry(change, plan, reach.get(change.id), about.get(change.id, ()), tariff)
        for change in plan.effective
    )
    waiting = {item.id for item in plan.waiting}
    telling = tuple(
        item
        for item in plan.changes
        if isinstance(item, NoOp) and item.telling and item.id not in waiting
    )
    irreversible = tuple(item for one in entries for item in one.irreversible)
    return Outline(plan, entries, irreversible, telling, tariff)


def entry(
    change: Change,
    plan: Plan,
    reach: Reach | None = None,
    findings: Sequence[Diagnostic] = (),
    tariff: Tariff | None = None,
) -> Entry:
    """Work out what one change amounts to."""
    people, shift = _people(change, reach), facts.shift(change, plan)
    return Entry(
        change=change,
        action=action_of(change),
        push=push_of(change),
        message=facts.message(change),
        zone=facts.zone_of(change, plan),
        upcoming=facts.upcoming(change, plan),
        goes_on=facts.goes_on(change, plan),
        shift=shift,
        held=facts.not_today(change, plan) if isinstance(change, Replace) else (),
        people=people,
        irreversible=tuple(_irreversible(change, plan, people, shift, tariff)),
        findings=tuple(findings),
    )


def _people(change: Change, reach: Reach | None) -> People:
    """Count who gets an entry before and after, by what is scheduled and what will be."""
    match change:
        case Create():
            before = reach.before if reach else 0
            after = facts.targets_after(change)
            left = reach.left if reach else 0
            return People(before, after, max(0, after - (before - left)), left)
        case Replace():
            was, becomes = facts.labels_before(change), facts.labels_after(change)
            return People(len(was), len(becomes), len(becomes - was), len(was - becomes))
        case Renew():
            after = facts.targets_after(change)
            return People(after, after)
        case Cancel():
            before = facts.targets_before(change)
            return People(before, 0, 0, before)
        case _:
            count = len(change.push.targets) if isinstance(change, NoOp) and change.push else 0
            return People(count, count)


def _irreversible(
    change: Change, plan: Plan, people: People, shift: Delta, tariff: Tariff | None
) -> Iterator[Irreversible]:
    creates = creates_of(change)
    at_once = [task for task in creates if isinstance(task.schedule, Immediate)]
    if at_once:
        yield AtOnce(change.id, len({label for task in at_once for label in task.labels.values()}))
    if isinstance(change, Create) and change.reason == SENDS_AGAIN:
        yield Again(change.id, people.after)
    yield from _text_messages(change, tariff)
    if shift.gone and cancels_of(change):
        yield Losses(change.id, people.before, shift.gone)
    if isinstance(change, Forget) and plan.recorded.get(change.id):
        yield LetGo(change.id, plan.recorded[change.id])


def _text_messages(change: Change, tariff: Tariff | None) -> Iterator[TextMessages]:
    push, creates = push_of(change), creates_of(change)
    if push is None or push.sms is None or not creates:
        return
    mode = Sms(push.sms.mode)
    people = len({label for task in creates for label in task.labels.values()})
    messages = sum(len(task.message_keys) * task.deliveries for task in creates)
    cost = None if tariff is None else tariff.price * messages
    yield TextMessages(change.id, people, messages, mode, cost)
