"""Find out, after the state was lost, which listed tasks are whose: by elimination.

The service shows neither names nor targets. An entry is recognised by its text, its kind of target
and its times, and only if nobody else could have made those tasks. Who is in which of several tasks
cannot be seen at all: the manifest's word is taken for the people as a whole, and such tasks are
only ever replaced together (`core.diff`).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from pushctl.plan.diff import target_chunks
from pushctl.plan.diff.task_reuse import sent_at
from pushctl.plan.inputs import PlanContext
from pushctl.plan.reconcile.imported_task import imported_task, times_agree
from pushctl.push.push import Push
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


class Claim(Struct, frozen=True):
    """Tasks on the service that are an entry's."""

    push: Push
    tasks: tuple[TaskRecord, ...]
    certainty: Certainty


class Unclear(Struct, frozen=True):
    """An entry of which nobody can say what it has on the service, and what may help."""

    id: str
    reason: str
    fix: str


class Rebuilt(Struct, frozen=True):
    """What a list tells about entries that nothing is recorded of.

    `absent` have nothing on the service that looks like them; `left` are tasks of nobody.
    """

    claims: tuple[Claim, ...]
    unclear: tuple[Unclear, ...]
    absent: tuple[str, ...]
    left: tuple[ActualTask, ...]


def rebuild(
    desired: Sequence[Push],
    state: State,
    actual: Sequence[ActualTask],
    context: PlanContext,
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
        entry = _Lost(push, rows, rivals[push.id], state.next_generation(push.id), context)
        verdict = _verdict(entry)
        if isinstance(verdict, Unclear) and replace_unsure:
            verdict = _without_people(entry)
        if verdict is None:
            verdict = _unlisted(entry, assume_sent=assume_sent)
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


def _is_lost(push: Push, state: State, zone: dt.tzinfo) -> bool:
    """Tell whether an entry may have tasks of which nothing is recorded."""
    record = state.pushes.get(push.id)
    if not push.enabled or isinstance(push.schedule, Immediate):
        return False
    if record is not None and (record.live or record.stopped):
        return False
    return not (isinstance(push.schedule, OneShot) and sent_at(record, push.schedule, zone))


def _looks_like(row: ActualTask, push: Push, zone: dt.tzinfo) -> bool:
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
    return {
        id: tuple(sorted({other for row in rows for other in wanted[row.task_id]} - {id}))
        for id, rows in found.items()
    }


class _Lost(Struct, frozen=True):
    """An entry of which nothing is recorded, and the listed tasks that look like it.

    `rivals` are other entries that these look like; `generation` is the one of its records.
    """

    push: Push
    rows: Sequence[ActualTask]
    rivals: Sequence[str]
    generation: int
    context: PlanContext

    @property
    def members(self) -> tuple[tuple[str, ...], ...]:
        """Who would be in which of its tasks if they were made now."""
        labels = [self.context.label(target) for target in self.push.targets]
        return tuple(target_chunks.assign_chunks(labels, {}).values())

    def task(
        self, row: ActualTask | None, people: Sequence[str], chunk: int, segment: int = 0
    ) -> TaskRecord:
        slot = Slot(chunk, segment, self.generation)
        now, zone = self.context.now, self.context.horizon.zone
        return imported_task(self.push, row, slot, people, now=now, zone=zone)


def _verdict(entry: _Lost) -> Claim | Unclear | None:
    """Claim the tasks if there is exactly one for every ten people and window."""
    id, rows, members = entry.push.id, entry.rows, entry.members
    if not rows:
        return None
    if entry.rivals:
        reason = f"its {len(rows)} tasks look just like those of {', '.join(entry.rivals[:3])}"
        return Unclear(id, reason, FIX)
    windows = _windows(rows)
    wrong = [len(held) for held in windows.values() if len(held) != len(members)]
    if wrong:
        reason = f"{wrong[0]} of the {len(members)} tasks that it needs are there"
        return Unclear(id, reason, FIX)
    times = [at for window in windows for at in window]
    if len(set(times)) < len(times):
        return Unclear(id, "its tasks deliver at the same times twice", FIX)
    tasks = tuple(
        entry.task(row, people, chunk, segment)
        for segment, held in enumerate(windows.values())
        for chunk, (row, people) in enumerate(zip(held, members, strict=True))
    )
    certainty = Certainty.SEEN if len(members) == 1 else Certainty.PEOPLE_ASSUMED
    return Claim(entry.push, tasks, certainty)


FIX = "`state rebuild --replace-unsure` takes them over, and the next apply cancels and re-creates"


def _unlisted(entry: _Lost, *, assume_sent: bool) -> Claim | Unclear | None:
    """Say what it means that nothing looks like an entry: new, or long delivered."""
    push = entry.push
    if not isinstance(push.schedule, OneShot) or push.schedule.at > entry.context.now:
        return None
    if not assume_sent:
        reason = "its time has passed, and the list does not show whether it was delivered"
        fix = "`state rebuild --assume-sent` records it as delivered; or take it out"
        return Unclear(push.id, reason, fix)
    tasks = tuple(entry.task(None, people, chunk) for chunk, people in enumerate(entry.members))
    return Claim(push, tasks, Certainty.SENT_ASSUMED)


def _without_people(entry: _Lost) -> Claim:
    """Claim tasks whose people nobody knows: all of them, or as many as an entry with rivals needs.

    All will be cancelled and made anew, so that it does not matter which are whose.
    """
    each = len(entry.members) if entry.rivals else len(entry.rows)
    mine = [row for held in _windows(entry.rows).values() for row in held[:each]]
    tasks = tuple(entry.task(row, (), chunk) for chunk, row in enumerate(mine))
    return Claim(entry.push, tasks, Certainty.PEOPLE_UNKNOWN)


def _windows(rows: Iterable[ActualTask]) -> dict[Window, list[ActualTask]]:
    """Group tasks by the moments that they deliver at, in the order of creation."""
    found: dict[Window, list[ActualTask]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.created_at, row.task_id)):
        found[tuple(sorted(item.at for item in row.deliveries))].append(row)
    return dict(sorted(found.items()))
