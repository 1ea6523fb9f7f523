"""Stopping entries: which ones, in which order, and what came of it. Pure.

Instants are epoch seconds; `zone` is the service's.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

from msgspec import Struct

from pushctl.plan.message_summary import recorded_summary
from pushctl.schedule.service_schedule import Immediate, deliveries, next_delivery, remaining
from pushctl.state.state import Phase, PushRecord, State, TaskRecord

REVOCABLE = 7 * 86400
"""Seconds after its delivery for which RevokePushMessage can withdraw a message."""


class Revocation(StrEnum):
    """What became of the wish to withdraw one delivered message."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    NO_KEY = "no key"
    HASHED = "hashed"


class Message(Struct, frozen=True):
    """One delivered message that can still be withdrawn. `target` is in clear, or a digest."""

    id: str
    target: str
    key: str


class Delivered(Struct, frozen=True):
    """One moment (epoch seconds) at which an entry reached some people."""

    at: int
    targets: int


class StoppedPush(Struct, frozen=True):
    """What `stop` did to one entry, in however many runs.

    `cancelled` are the service's ids. `prevented` counts the deliveries that will not happen, each
    to `people`; `next_prevented` is the first of them. `left` are the ids, empty where unknown, of
    what is still scheduled or in doubt. `withdrawn` counts messages by what became of them.
    """

    id: str
    title: str
    owner: str | None
    stopped_at: int | None
    cancelled: tuple[str, ...]
    people: int
    prevented: int
    next_prevented: int | None
    delivered: tuple[Delivered, ...]
    left: tuple[str, ...]
    withdrawn: Mapping[Revocation, int]


class StopReport(Struct, frozen=True):
    """What was stopped and what had gone out. `at` is in epoch seconds."""

    app: str
    workspace: str
    endpoint: str
    at: int
    pushes: tuple[StoppedPush, ...]

    @property
    def clean(self) -> bool:
        """Whether nothing of it can still be delivered."""
        return not any(push.left for push in self.pushes)


def select(
    state: State, *, ids: Iterable[str], labels: Mapping[str, str], everything: bool
) -> tuple[str, ...]:
    """Return the recorded entries that are meant; `promo` means every `promo[…]` as well.

    With several labels an entry must have all of them.
    """
    names = frozenset(ids)

    def meant(id: str, record: PushRecord) -> bool:
        if everything or id in names or id.partition("[")[0] in names:
            return True
        return bool(labels) and labels.items() <= record.meta.labels.items()

    return tuple(id for id, record in state.pushes.items() if meant(id, record))


def to_cancel(
    state: State, ids: Iterable[str], *, now: int, zone: dt.tzinfo
) -> tuple[tuple[str, TaskRecord], ...]:
    """Return every task that the service may still deliver and that can be named, soonest first."""
    found = [
        (id, task)
        for id in ids
        for task in state.pushes[id].live
        if task.phase is not Phase.CREATING
    ]
    never = float("inf")
    return tuple(
        sorted(found, key=lambda item: next_delivery(item[1].schedule, now, zone) or never)
    )


def revocable_messages(
    state: State, ids: Iterable[str], *, now: int, zone: dt.tzinfo
) -> tuple[Message, ...]:
    """Return what was delivered within the last seven days, each message once."""
    since = now - REVOCABLE
    found = {
        Message(id, target, key): None
        for id in ids
        for task in state.pushes[id].tasks
        if any(at >= since for at in delivered_at(task, now, zone))
        for target, key in task.targets.items()
    }
    return tuple(found)


def stop_report(
    state: State,
    ids: Iterable[str],
    *,
    endpoint: str,
    now: int,
    zone: dt.tzinfo,
    withdrawn: Mapping[str, Mapping[Revocation, int]],
) -> StopReport:
    """Sum up from the state alone, so that a second run tells the whole story."""
    pushes = tuple(
        _stopped(id, state.pushes[id], now, zone, withdrawn.get(id, {})) for id in sorted(ids)
    )
    return StopReport(state.app, state.workspace, endpoint, now, pushes)


def _stopped(
    id: str, record: PushRecord, now: int, zone: dt.tzinfo, withdrawn: Mapping[Revocation, int]
) -> StoppedPush:
    since = record.stopped_at or now
    gone = [
        task
        for task in record.tasks
        if task.phase is Phase.CANCELLED and task.over_at is not None and task.over_at >= since
    ]
    moments = {at for task in gone for at in remaining(task.schedule, task.over_at or now, zone)}
    return StoppedPush(
        id=id,
        title=recorded_summary(record.spec).title,
        owner=record.meta.owner,
        stopped_at=record.stopped_at,
        cancelled=tuple(task.task_id for task in gone),
        people=len({label for task in gone for label in task.targets}),
        prevented=len(moments),
        next_prevented=min(moments, default=None),
        delivered=tuple(_delivered(record, now, zone)),
        left=tuple(task.task_id for task in record.live),
        withdrawn=dict(withdrawn),
    )


def _delivered(record: PushRecord, now: int, zone: dt.tzinfo) -> Iterator[Delivered]:
    reached: Counter[int] = Counter()
    for task in record.tasks:
        for at in delivered_at(task, now, zone):
            reached[at] += len(task.targets)
    for at in sorted(reached):
        yield Delivered(at, reached[at])


def delivered_at(task: TaskRecord, now: int, zone: dt.tzinfo) -> Iterator[int]:
    """Yield when a task was delivered (epoch seconds), as far as its schedule and its end tell."""
    if task.phase is Phase.CREATING:
        return
    if isinstance(task.schedule, Immediate):
        yield task.began_at
        return
    until = now if task.phase is not Phase.CANCELLED else min(now, task.over_at or now)
    yield from (at for at in deliveries(task.schedule, zone) if at <= until)
