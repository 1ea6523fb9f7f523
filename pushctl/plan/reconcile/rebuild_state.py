"""Find out, after the state was lost, which listed tasks are whose: by elimination.

The service shows neither names nor targets. An entry is recognised by its text, its kind of target
and its times, and only if nobody else could have made those tasks. Who is in which of several tasks
cannot be seen at all: the manifest's word is taken for the people as a whole, and such tasks are
only ever replaced together (`core.diff`).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pushctl.plan.diff import target_chunks
from pushctl.plan.diff.task_reuse import sent_at
from pushctl.plan.inputs import Context
from pushctl.plan.reconcile.imported_task import taken_over, times_agree
from pushctl.push.push import DesiredPush
from pushctl.push.task import ActualTask, Slot
from pushctl.schedule.service_schedule import Immediate, OneShot
from pushctl.state.state import State, TaskRecord

Window = tuple[int, ...]
"""The moments (epoch seconds) that tell one task of an entry from the next."""


class Certainty(StrEnum):
    """How much of a claim was seen, and how much is the manifest's word."""

    SEEN = "seen"
    PEOPLE_ASSUMED = "people assumed"
    PEOPLE_UNKNOWN = "people unknown"
    SENT_ASSUMED = "sent assumed"


@dataclass(frozen=True, slots=True)
class Claim:
    """Tasks on the service that are an entry's."""

    push: DesiredPush
    tasks: tuple[TaskRecord, ...]
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Unclear:
    """An entry of which nobody can say what it has on the service, and what may help."""

    id: str
    reason: str
    fix: str


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a list tells about entries that nothing is recorded of.

    `absent` have nothing on the service that looks like them; `left` are tasks of nobody.
    """

    claims: tuple[Claim, ...]
    unclear: tuple[Unclear, ...]
    absent: tuple[str, ...]
    left: tuple[ActualTask, ...]


def rebuild(
    desired: Sequence[DesiredPush],
    state: State,
    actual: Sequence[ActualTask],
    context: Context,
    *,
    replace_unsure: bool = False,
    assume_sent: bool = False,
) -> Rebuilt:
    """Say whose the listed tasks are that belong to no recorded entry.

    With `replace_unsure`, tasks that certainly belong to an entry, or to one of several that look
    the same, are claimed without people, so that the next apply replaces them. With `assume_sent`,
    a one-time push whose time has passed counts as delivered though the list does not show it.
    """
    zone = context.horizon.zone
    ours = state.task_ids()
    free = [row for row in actual if row.task_id not in ours]
    lost = [push for push in desired if _is_lost(push, state, zone)]
    found = {push.id: [row for row in free if _looks_like(row, push, zone)] for push in lost}
    rivals = _rivals(found)
    claims: list[Claim] = []
    unclear: list[Unclear] = []
    absent: list[str] = []
    for push in lost:
        rows = [row for row in found[push.id] if row.task_id not in _claimed(claims)]
        verdict = _verdict(push, rows, rivals.get(push.id, ()), state, context)
        if isinstance(verdict, Unclear) and replace_unsure:
            verdict = _without_people(push, rows, rivals.get(push.id, ()), state, context)
        if verdict is None:
            verdict = _unlisted(push, state, context, assume_sent=assume_sent)
        match verdict:
            case Claim():
                claims.append(verdict)
            case Unclear():
                unclear.append(verdict)
            case None:
                absent.append(push.id)
    left = tuple(row for row in free if row.unexecuted and row.task_id not in _claimed(claims))
    return Rebuilt(tuple(claims), tuple(unclear), tuple(absent), left)


def _claimed(claims: Iterable[Claim]) -> frozenset[str]:
    return frozenset(task.task_id for claim in claims for task in claim.tasks)


def _is_lost(push: DesiredPush, state: State, zone: dt.tzinfo) -> bool:
    """Tell whether an entry may have tasks of which nothing is recorded."""
    record = state.pushes.get(push.id)
    if not push.enabled or isinstance(push.schedule, Immediate):
        return False
    if record is not None and (record.live or record.stopped):
        return False
    return not (isinstance(push.schedule, OneShot) and sent_at(record, push.schedule, zone))


def _looks_like(row: ActualTask, push: DesiredPush, zone: dt.tzinfo) -> bool:
    return (
        row.title == push.message.title
        and row.content == push.message.body
        and row.delivery_type == push.audience.kind
        and bool(row.deliveries)
        and times_agree(push.schedule, row, zone)
    )


def _rivals(found: Mapping[str, Sequence[ActualTask]]) -> dict[str, tuple[str, ...]]:
    """Return for every entry the others that the same task looks like."""
    wanted: dict[str, list[str]] = defaultdict(list)
    for id, rows in found.items():
        for row in rows:
            wanted[row.task_id].append(id)
    rivals: dict[str, set[str]] = defaultdict(set)
    for ids in wanted.values():
        for id in ids:
            rivals[id].update(other for other in ids if other != id)
    return {id: tuple(sorted(others)) for id, others in rivals.items() if others}


def _verdict(
    push: DesiredPush,
    rows: Sequence[ActualTask],
    rivals: Sequence[str],
    state: State,
    context: Context,
) -> Claim | Unclear | None:
    """Claim the tasks if there is exactly one for every ten people and window."""
    if not rows:
        return None
    if rivals:
        reason = f"its {len(rows)} tasks look just like those of {', '.join(rivals[:3])}"
        return Unclear(push.id, reason, FIX)
    members = tuple(_members(push, context).values())
    windows = _windows(rows)
    wrong = [len(held) for held in windows.values() if len(held) != len(members)]
    if wrong:
        reason = f"{wrong[0]} of the {len(members)} tasks that it needs are there"
        return Unclear(push.id, reason, FIX)
    if _overlap(windows):
        return Unclear(push.id, "its tasks deliver at the same times twice", FIX)
    certainty = Certainty.SEEN if len(members) == 1 else Certainty.PEOPLE_ASSUMED
    return Claim(push, tuple(_records(push, windows, members, state, context)), certainty)


FIX = "`state rebuild --replace-unsure` takes them over, and the next apply cancels and re-creates"


def _unlisted(
    push: DesiredPush, state: State, context: Context, *, assume_sent: bool
) -> Claim | Unclear | None:
    """Say what it means that nothing looks like an entry: new, or long delivered."""
    if not isinstance(push.schedule, OneShot) or push.schedule.at > context.now:
        return None
    if not assume_sent:
        reason = "its time has passed, and the list does not show whether it was delivered"
        fix = "`state rebuild --assume-sent` records it as delivered; or take it out"
        return Unclear(push.id, reason, fix)
    members = _members(push, context)
    tasks = tuple(
        _record(push, None, number, 0, people, state, context)
        for number, people in enumerate(members.values())
    )
    return Claim(push, tasks, Certainty.SENT_ASSUMED)


def _without_people(
    push: DesiredPush,
    rows: Sequence[ActualTask],
    rivals: Sequence[str],
    state: State,
    context: Context,
) -> Claim:
    """Claim tasks whose people nobody knows: all of them, or as many as an entry with rivals needs.

    All will be cancelled and made anew, so that it does not matter which are whose.
    """
    each = len(_members(push, context)) if rivals else len(rows)
    mine = [row for held in _windows(rows).values() for row in held[:each]]
    tasks = tuple(
        _record(push, row, number, 0, (), state, context) for number, row in enumerate(mine)
    )
    return Claim(push, tasks, Certainty.PEOPLE_UNKNOWN)


def _members(push: DesiredPush, context: Context) -> dict[int, tuple[str, ...]]:
    return target_chunks.assign([context.label(target) for target in push.targets], {})


def _windows(rows: Iterable[ActualTask]) -> dict[Window, list[ActualTask]]:
    """Group tasks by the moments that they deliver at, in the order of creation."""
    found: dict[Window, list[ActualTask]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.created_at, row.task_id)):
        found[tuple(sorted(item.at for item in row.deliveries))].append(row)
    return dict(sorted(found.items()))


def _overlap(windows: Iterable[Window]) -> bool:
    """Tell whether two windows have a moment in common."""
    times = [at for window in windows for at in window]
    return len(set(times)) < len(times)


def _records(
    push: DesiredPush,
    windows: Mapping[Window, Sequence[ActualTask]],
    members: Sequence[tuple[str, ...]],
    state: State,
    context: Context,
) -> Iterator[TaskRecord]:
    for segment, rows in enumerate(windows.values()):
        for chunk, (row, people) in enumerate(zip(rows, members, strict=True)):
            yield _record(push, row, chunk, segment, people, state, context)


def _record(
    push: DesiredPush,
    row: ActualTask | None,
    chunk: int,
    segment: int,
    people: Sequence[str],
    state: State,
    context: Context,
) -> TaskRecord:
    slot = Slot(chunk, segment, state.next_generation(push.id))
    return taken_over(push, row, slot, people, now=context.now, zone=context.horizon.zone)
