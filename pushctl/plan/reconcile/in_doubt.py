"""Decide what became of a call whose answer never arrived, by looking.

The service's list shows neither names nor targets, so a lost task is found by elimination: the same
text, target kind, strategy and delivery times, made around the time of the call, and not yet
accounted for. At most one such call is ever in flight, so at most one candidate can be ours; one
that two tasks in doubt could both have made is nobody's, and none is ours for certain if somebody
else made tasks at that time. Where that does not give one answer, there is none: the task stays in
doubt, and a person decides.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from pushctl.plan.reconcile.listing import CLOCK_SKEW, Listing, altered_task
from pushctl.push.task import ActualTask, Slot, strategy_type
from pushctl.schedule.service_schedule import Immediate, Loop, OneShot, deliveries
from pushctl.state.events import (
    CancelConfirmed,
    CancelFailed,
    CreateConfirmed,
    CreateFailed,
    Event,
    TaskObserved,
    advance,
)
from pushctl.state.state import Phase, State, TaskRecord

LONGEST_CALL = 60.0
"""Seconds from the beginning of a call within which it has its effect, or never has one."""


class Timeouts(Struct, frozen=True):
    """How long (seconds) until an absence is believed.

    `settle_time` is how far the list may lag behind what the service did, `longest_call` how long a
    call may be under way that nobody saw end, `call_delay` how long after its intent was begun it
    may leave.
    """

    settle_time: float = 30.0
    longest_call: float = LONGEST_CALL
    call_delay: float = 0.0

    def ended_at(self, began: float) -> float:
        """Return until when a call may have its effect whose intent began then (epoch seconds)."""
        return began + self.call_delay + self.longest_call

    def certain_at(self, began: float) -> float:
        """Return from when on a list shows what such a call did (epoch seconds)."""
        return self.ended_at(began) + self.settle_time


class Doubt(Struct, frozen=True):
    """A task that could not be settled by this look.

    `until` is when another look may tell (epoch seconds); None if only a person can. `candidates`
    are the ids of tasks on the service of which one may be it.
    """

    id: str
    slot: Slot
    phase: Phase
    reason: str
    until: float | None
    candidates: tuple[str, ...] = ()


class Settled(Struct, frozen=True):
    """The state after everything that could be decided, the events that lead there, the rest."""

    state: State
    events: tuple[Event, ...]
    open: tuple[Doubt, ...]


def settle(
    state: State,
    seen: Listing,
    *,
    timeouts: Timeouts,
    zone: dt.tzinfo,
    first_look: float | None = None,
) -> Settled:
    """Decide every in-doubt task that this look can decide.

    `first_look` is when the first look of this command began (epoch seconds): a call that was cut
    short may have been made right before it, whatever the clocks said then. `zone` is the
    service's.
    """
    since = seen.at if first_look is None else first_look
    lost = LostCreates(state, seen, timeouts, zone, since)
    verdicts = [
        _cancelled(id, task, seen, until=timeouts.certain_at(since))
        if task.phase is Phase.CANCELLING
        else lost.verdict(id, task)
        for id, record in state.pushes.items()
        for task in record.in_doubt
    ]
    events = tuple(item for item in verdicts if not isinstance(item, Doubt))
    doubts = tuple(item for item in verdicts if isinstance(item, Doubt))
    return Settled(advance(state, *events), events, doubts)


class LostCreates:
    """All creates in doubt beside the listed tasks that nobody accounts for.

    `since` (epoch seconds) is the latest that any of their calls can have begun.
    """

    def __init__(
        self, state: State, seen: Listing, timeouts: Timeouts, zone: dt.tzinfo, since: float
    ) -> None:
        """Sort out which listed task any of them may have made."""
        self._state, self._seen, self._timeouts = state, seen, timeouts
        self._zone, self._since = zone, since
        accounted = state.task_ids()
        unaccounted = [row for row in seen.actual if row.task_id not in accounted]
        self._alike = {
            (id, task.slot): [
                row for row in _alike(task, unaccounted, zone) if row.task_id not in _known(task)
            ]
            for id, record in state.pushes.items()
            for task in record.in_doubt
            if task.phase is Phase.CREATING
        }
        self._claims = Counter(row.task_id for rows in self._alike.values() for row in rows)
        self._strange = [row for row in unaccounted if row.task_id not in self._claims]

    def verdict(self, id: str, task: TaskRecord) -> CreateConfirmed | CreateFailed | Doubt:
        """Say whether a task was created, was not, or that nobody can tell (yet)."""
        alike = self._alike[id, task.slot]
        began = min(task.began_at, self._since)  # of a clock that was ahead
        around = [row for row in self._strange if self._made_around(began, task, row)]
        doubt = partial(_doubt, id, task, tuple(row.task_id for row in alike or around))
        if len(alike) == 1 and self._claims[alike[0].task_id] == 1 and not around:
            if self._made_around(began, task, alike[0]):
                return _confirmed(id, task, alike[0])
            return doubt("a task looks like it, and was made at another time")
        if alike:
            return doubt(_too_many(alike, around))
        if isinstance(task.schedule, Immediate):
            return doubt("an immediate push leaves nothing behind that could be looked up")
        until = self._timeouts.certain_at(min(began + CLOCK_SKEW, self._since))
        if self._seen.at < until:
            return doubt("the list may still lag behind", until)
        unsure = self._why_unsure(task, around)
        if unsure is not None:
            return doubt(unsure)
        return CreateFailed(id, task.slot, "it did not reach the service")

    def _made_around(self, began: float, task: TaskRecord, row: ActualTask) -> bool:
        """Tell whether a listed task was made when a call may have had its effect.

        Where the service does not say when: if it delivers at one of the same moments.
        """
        if row.created_at:
            latest = self._timeouts.ended_at(began) + CLOCK_SKEW
            return began - CLOCK_SKEW <= row.created_at <= latest
        times = set(deliveries(task.schedule, self._zone))
        return row.task_id not in _known(task) and any(item.at in times for item in row.deliveries)

    def _why_unsure(self, task: TaskRecord, around: Sequence[ActualTask]) -> str | None:
        """Say why a list without a task does not prove that there is none; None if it does."""
        # A loop that was made would show what is still to come; what was delivered may be dropped.
        passed = task.last if isinstance(task.schedule, Loop) else task.first
        if passed is not None and passed <= self._seen.at + CLOCK_SKEW:
            return "its delivery time has passed, and the list does not show it"
        if around:
            return f"somebody else made {around[0].task_id} at that time; it may be that one"
        altered = altered_task(self._state, self._seen.actual, self._zone)
        if altered is not None:
            return f"the list shows {altered} otherwise than it was sent, and so perhaps this one"
        if abs(self._seen.ahead) > CLOCK_SKEW:
            return f"this machine's clock is {abs(self._seen.ahead):.0f} s off the service's"
        return None


def _doubt(
    id: str, task: TaskRecord, candidates: tuple[str, ...], reason: str, until: float | None = None
) -> Doubt:
    return Doubt(id, task.slot, task.phase, reason, until, candidates)


def _too_many(alike: Sequence[ActualTask], around: Sequence[ActualTask]) -> str:
    if len(alike) > 1:
        return f"{len(alike)} tasks on the service look like it"
    if around:
        return f"a task looks like it, but somebody else made {around[0].task_id} at that time"
    return "a task on the service looks like it, and like another one that is in doubt"


def _confirmed(id: str, task: TaskRecord, row: ActualTask) -> CreateConfirmed:
    done = isinstance(task.schedule, OneShot) and not row.unexecuted
    phase = Phase.SENT if done else Phase.SCHEDULED
    return CreateConfirmed(id, task.slot, row.task_id, "", row.created_at or task.began_at, phase)


def is_confusable(one: TaskRecord, other: TaskRecord, *, zone: dt.tzinfo) -> bool:
    """Tell whether the service's list could show either of two tasks as the other."""
    if one.match is None or other.match is None:
        return False
    return (
        replace(one.match, known=()) == replace(other.match, known=())
        and strategy_type(one.schedule) == strategy_type(other.schedule)
        and not set(deliveries(one.schedule, zone)).isdisjoint(deliveries(other.schedule, zone))
    )


def preexisting_matches(
    task: TaskRecord, actual: Iterable[ActualTask], *, zone: dt.tzinfo
) -> tuple[str, ...]:
    """Return the ids of listed tasks that look like `task` before it is even created."""
    return tuple(row.task_id for row in _alike(task, actual, zone))


def _known(task: TaskRecord) -> Collection[str]:
    return () if task.match is None else task.match.known


def _alike(task: TaskRecord, actual: Iterable[ActualTask], zone: dt.tzinfo) -> Iterator[ActualTask]:
    match, kind = task.match, strategy_type(task.schedule)
    if match is None:
        return
    looks = (match.title, match.content, match.delivery_type, kind)
    expected = frozenset(deliveries(task.schedule, zone))
    for row in actual:
        shown = (row.title, row.content, row.delivery_type, row.strategy_type)
        times = {item.at for item in row.deliveries}
        if shown == looks and times and times <= expected:
            yield row


def _cancelled(
    id: str, task: TaskRecord, seen: Listing, *, until: float
) -> CancelConfirmed | CancelFailed | TaskObserved | Doubt:
    row = next((row for row in seen.actual if row.task_id == task.task_id), None)
    coming = row is not None and bool(row.coming(seen.at))
    if (coming or row is None) and seen.at < until:
        return _doubt(id, task, (), "the list may still lag behind", until)
    if coming:
        return CancelFailed(id, task.slot, "it is still scheduled")
    return after_cancel(id, task, row, now=seen.at)


def after_cancel(
    id: str, task: TaskRecord, row: ActualTask | None, *, now: float
) -> CancelConfirmed | TaskObserved:
    """Say what a task is whose remaining deliveries are gone: cancelled, or delivered after all.

    A one-shot whose time has passed counts as delivered: the service may drop executed tasks from
    its list, and to take a delivered push for a cancelled one would send it twice. `now` is in
    epoch seconds.
    """
    executed = row is not None and any(item.executed for item in row.deliveries)
    over = task.first is not None and task.first <= now
    if isinstance(task.schedule, OneShot) and (executed or over):
        return TaskObserved(id, task.slot, Phase.SENT, int(now))
    return CancelConfirmed(id, task.slot, int(now))
