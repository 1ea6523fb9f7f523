"""What has to change so that the service does what the manifest says. Pure and total.

Terms. *Desired* is what an entry compiles to; *recorded* is the state after refresh and settling.
An entry's *content* is its fingerprint: all that reaches a phone, without targets and without
today's window. Its *members* are which target sits in which chunk.

Premise. A push cannot be updated and cannot be taken back, so the diff knows only three moves:
create a task, cancel a task, leave it alone. Everything people would like to call an update is a
cancel followed by a create under a new generation.

Order of questions, per entry: is anything in doubt (then nobody touches it); was it delivered (then
no edit has an effect); is the content the same (then only members and windows can differ); else all
of its tasks are made anew. Whatever would be unsafe becomes `Blocked`, as a value in the plan, so
that a reviewer sees everything at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pushctl.core import chunks
from pushctl.core.change import (
    Blocked,
    BlockReason,
    Cancel,
    Change,
    Create,
    FieldChange,
    Forget,
    NewTask,
    NoOp,
    Rename,
    Renew,
    Replace,
    field_changes,
)
from pushctl.core.schedule import (
    DAY,
    Horizon,
    Immediate,
    Loop,
    OneShot,
    Schedule,
    bounded,
    deliveries,
    local_day,
)
from pushctl.core.state import Phase, PushRecord, Slot, State, TaskRecord
from pushctl.core.task import DesiredPush, OnChange, OnRemove, message_key


@dataclass(frozen=True, slots=True)
class Intent:
    """What the manifest says besides its entries, and what the person allows this time.

    `moved` maps the former id to the new one; `let_run` holds ids whose tasks run out uncancelled.
    `danger_window` and `renew_before` are in seconds.
    """

    moved: Mapping[str, str]
    let_run: frozenset[str] = frozenset()
    danger_window: int = 600
    renew_before: int = 30 * 86400
    now_or_never: bool = False
    send_late: bool = False
    allow_immediate: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """Everything the diff needs to know about the moment. `now` is in epoch seconds.

    `label` turns a target into the name it has in the state: itself, or a salted digest.
    """

    now: int
    horizon: Horizon
    intent: Intent
    label: Callable[[str], str] = str


def diff(desired: Sequence[DesiredPush], state: State, context: Context) -> tuple[Change, ...]:
    """Return one change per entry, and one more per renamed entry, in the manifest's order.

    Entries that left the manifest come last, by id.
    """
    pushes, changes = renamed(state.pushes, context.intent.moved, {push.id for push in desired})
    for push in desired:
        changes += _entry(push, pushes.get(push.id), state, context)
    kept = {push.id for push in desired}
    for id in sorted(pushes.keys() - kept):
        changes.append(_removed(id, pushes[id], context))
    return tuple(changes)


def renamed(
    pushes: Mapping[str, PushRecord], moved: Mapping[str, str], wanted: set[str]
) -> tuple[dict[str, PushRecord], list[Change]]:
    """Apply `moved` to the records; a move whose former id is not recorded is long done."""
    pushes = dict(pushes)
    changes: list[Change] = []
    for before, after in moved.items():
        if before not in pushes or after not in wanted:
            continue
        if after in pushes:
            changes.append(
                Blocked(
                    after,
                    None,
                    BlockReason.RENAME,
                    f"both {before} and {after} have tasks, so neither can take the other's place",
                    f"remove the line that moves {before}, or cancel one of the two first",
                )
            )
            continue
        pushes[after] = pushes.pop(before)
        changes.append(Rename(after, before, "moved"))
    return pushes, changes


def _entry(
    push: DesiredPush, record: PushRecord | None, state: State, context: Context
) -> list[Change]:
    if record is not None and record.in_doubt:
        return [_in_doubt(push, record)]
    if not push.enabled:
        return [_disabled(push, record, context)]
    change = _wanted(push, record, state, context)
    return [_guarded(change, push, record, context)]


def _in_doubt(push: DesiredPush, record: PushRecord) -> Blocked:
    count = len(record.in_doubt)
    return Blocked(
        push.id,
        push,
        BlockReason.IN_DOUBT,
        f"the outcome of an earlier call is unknown for {count} of its tasks",
        f"pushctl state resolve {push.id}",
    )


def _disabled(push: DesiredPush, record: PushRecord | None, context: Context) -> Change:
    if record is None or not record.live:
        return _noop(push, record, "disabled")
    change = Cancel(push.id, push, record.live, "disabled in the manifest")
    return _guarded(change, push, record, context)


def _removed(id: str, record: PushRecord, context: Context) -> Change:
    if record.in_doubt:
        reason = "it left the manifest while the outcome of an earlier call is unknown"
        fix = f"pushctl state resolve {id}"
        return Blocked(id, None, BlockReason.IN_DOUBT, reason, fix)
    if not record.live:
        return Forget(id, "not in the manifest, nothing left to deliver")
    if id in context.intent.let_run or record.meta.on_remove is OnRemove.FORGET:
        return Forget(id, "no longer managed; its tasks run out by themselves")
    if record.meta.on_remove is OnRemove.FORBID:
        reason = "it was applied with `on_remove: forbid`"
        fix = f"put {id} back, or take that line out and apply before removing it"
        return Blocked(id, None, BlockReason.FORBIDDEN, reason, fix)
    return _guarded(Cancel(id, None, record.live, "not in the manifest"), None, record, context)


# --- one entry that is wanted ---------------------------------------------------------------------


def _wanted(push: DesiredPush, record: PushRecord | None, state: State, context: Context) -> Change:
    match push.schedule:
        case Immediate():
            return _immediate(push, record, state, context)
        case OneShot(at=at) if at <= context.now:
            return _past(push, record, state, context)
        case OneShot() | Loop():
            pass
    same = record is not None and record.fingerprint == push.fingerprint
    if record is not None and record.stopped and same:
        return _noop(push, record, "stopped; `pushctl resume` lets it run again")
    if record is None or not record.live:
        return _anew(push, record, state, context)
    if any(task.fingerprint != push.fingerprint for task in record.live):
        return _rewritten(push, record, state, context)
    return _members(push, record, state, context)


def _immediate(
    push: DesiredPush, record: PushRecord | None, state: State, context: Context
) -> Change:
    if record is not None and record.fingerprint == push.fingerprint:
        return _noop(push, record, "already sent")
    if record is not None and record.live:
        return _rewritten(push, record, state, context)
    if not context.intent.allow_immediate:
        return Blocked(
            push.id,
            push,
            BlockReason.IMMEDIATE,
            "it would be sent the moment the plan is applied",
            "give it a date and time, or apply with --allow-immediate",
        )
    return _anew(push, record, state, context)


def _past(push: DesiredPush, record: PushRecord | None, state: State, context: Context) -> Change:
    """An entry whose only delivery time has passed: done, missed, or never made."""
    if record is None or not record.tasks:
        return _late(push, record, state, context)
    same = record.fingerprint == push.fingerprint
    if record.live:
        if same:
            return _noop(push, record, "being delivered")
        reason = "its new time has passed already; what is scheduled now stays scheduled"
        fix = "give it a time that is still ahead, or set `enabled: false` to cancel it"
        return Blocked(push.id, push, BlockReason.PAST, reason, fix)
    sent = [
        task
        for task in record.tasks
        if task.phase is Phase.SENT and task.fingerprint == record.fingerprint
    ]
    if not sent:
        return _noop(push, record, "its time passed while it was cancelled")
    if not same:
        return _noop(push, record, "already delivered, the edit has no effect")
    reached = len({label for task in sent for label in task.targets})
    if reached < len(push.targets):
        return _noop(push, record, f"delivered to {reached} of {len(push.targets)} targets")
    return _noop(push, record, "delivered")


def _late(push: DesiredPush, record: PushRecord | None, state: State, context: Context) -> Change:
    if context.intent.send_late:
        late = replace(push, schedule=Immediate())
        return _anew(late, record, state, context, reason="sent late, on request")
    return Blocked(
        push.id,
        push,
        BlockReason.PAST,
        "its delivery time has passed and it was never sent",
        "give it a time that is still ahead, or apply with --send-late to send it at once",
    )


def _anew(
    push: DesiredPush,
    record: PushRecord | None,
    state: State,
    context: Context,
    *,
    reason: str | None = None,
) -> Change:
    members = chunks.assign([context.label(target) for target in push.targets], {})
    creates = tuple(_new_tasks(push, record, members, state, context))
    if not creates:
        return _noop(push, record, "no deliveries left")
    fields = field_changes(record.spec, push.spec) if record else ()
    return Create(push.id, push, creates, reason or _why_anew(push, record), fields)


def _why_anew(push: DesiredPush, record: PushRecord | None) -> str:
    if record is None:
        return "new"
    if any(task.phase is Phase.SENT for task in record.tasks):
        return "sends again"
    if record.fingerprint == push.fingerprint:
        return "not scheduled any more"
    return "changed while nothing was scheduled"


def _rewritten(push: DesiredPush, record: PushRecord, state: State, context: Context) -> Change:
    labels = [context.label(target) for target in push.targets]
    members = chunks.assign(labels, _membership(record.live))
    creates = tuple(_new_tasks(push, record, members, state, context))
    fields = field_changes(record.spec, push.spec)
    if not creates:
        return Cancel(push.id, push, record.live, "no deliveries left")
    names = ", ".join(item.path for item in fields[:3]) or "content"
    reason = f"{names} changed"
    return Replace(push.id, push, record.live, creates, (), fields, reason)


def _members(push: DesiredPush, record: PushRecord, state: State, context: Context) -> Change:
    """Content is the same: see who joined, who left, and whether a window runs out."""
    labels = [context.label(target) for target in push.targets]
    recorded = _membership(record.live)
    members = chunks.assign(labels, recorded)
    stay = {chunk for chunk, held in members.items() if recorded.get(chunk) == frozenset(held)}
    cancels = tuple(task for task in record.live if task.chunk not in stay)
    keeps = tuple(task for task in record.live if task.chunk in stay)
    changed = {chunk: held for chunk, held in members.items() if chunk not in stay}
    creates = tuple(_new_tasks(push, record, changed, state, context))
    renewals = tuple(_renewals(push, record, keeps, members, state, context))
    if not cancels and not creates:
        if renewals:
            return Renew(push.id, push, renewals, keeps, "its window runs out soon")
        return _noop(push, record, "up to date")
    before, after = sum(map(len, recorded.values())), len(labels)
    fields = (
        FieldChange("to", f"{before} targets", f"{after} targets"),
        *field_changes(record.spec, push.spec),
    )
    return Replace(push.id, push, cancels, (*creates, *renewals), keeps, fields, "targets changed")


def _renewals(
    push: DesiredPush,
    record: PushRecord,
    keeps: Sequence[TaskRecord],
    members: Mapping[int, Sequence[str]],
    state: State,
    context: Context,
) -> Iterator[NewTask]:
    """Yield the follow-on window of every chunk whose current one ends soon, without overlap."""
    if not isinstance(push.schedule, Loop):
        return
    soon = local_day(context.now + context.intent.renew_before, context.horizon.zone)
    for chunk in sorted({task.chunk for task in keeps}):
        ends = [_last_day(task.schedule) for task in keeps if task.chunk == chunk]
        end = max((day for day in ends if day is not None), default=None)
        if end is None or end > soon:
            continue
        segment = 1 + max(task.segment for task in record.tasks if task.chunk == chunk)
        window = bounded(
            push.schedule, now=context.now, horizon=context.horizon, not_before=end + DAY
        )
        if window is not None:
            yield _task(push, record, chunk, segment, members[chunk], window, state, context)


def _last_day(schedule: Schedule) -> dt.date | None:
    return schedule.last if isinstance(schedule, Loop) else None


# --- tasks ----------------------------------------------------------------------------------------


def _membership(tasks: Sequence[TaskRecord]) -> dict[int, frozenset[str]]:
    held: dict[int, frozenset[str]] = {}
    for task in tasks:
        held[task.chunk] = held.get(task.chunk, frozenset()) | frozenset(task.targets)
    return held


def _new_tasks(
    push: DesiredPush,
    record: PushRecord | None,
    members: Mapping[int, Sequence[str]],
    state: State,
    context: Context,
) -> Iterator[NewTask]:
    for chunk, held in members.items():
        schedule: Schedule | None = push.schedule
        if isinstance(push.schedule, Loop):
            schedule = bounded(
                push.schedule,
                now=context.now,
                horizon=context.horizon,
                not_before=_after_today(record, chunk, context),
            )
        if schedule is not None:
            yield _task(push, record, chunk, 0, held, schedule, state, context)


def _after_today(record: PushRecord | None, chunk: int, context: Context) -> dt.date | None:
    """Return tomorrow if these people have had today's delivery already."""
    if record is None:
        return None
    today = local_day(context.now, context.horizon.zone)
    for task in record.tasks:
        if task.chunk != chunk or task.first is None:
            continue
        until = context.now if task.over_at is None else min(task.over_at, context.now)
        if task.first > until:
            continue
        had = (at for at in deliveries(task.schedule, context.horizon.zone) if at <= until)
        if any(local_day(at, context.horizon.zone) == today for at in had):
            return today + DAY
    return None


def _task(
    push: DesiredPush,
    record: PushRecord | None,
    chunk: int,
    segment: int,
    held: Sequence[str],
    schedule: Schedule,
    state: State,
    context: Context,
) -> NewTask:
    generation = _generation(push, record, chunk, segment, state)
    times = tuple(deliveries(schedule, context.horizon.zone))
    inside = set(held)
    labels = {
        target: label for target in push.targets if (label := context.label(target)) in inside
    }
    return NewTask(
        slot=Slot(chunk, segment, generation),
        message_keys={
            target: message_key(
                lineage=state.lineage,
                id=push.id,
                generation=generation,
                chunk=chunk,
                segment=segment,
                target=target,
            )
            for target in labels
        },
        labels=labels,
        schedule=schedule,
        first=times[0] if times else None,
        last=times[-1] if times else None,
        deliveries=max(len(times), 1),
    )


def _generation(
    push: DesiredPush, record: PushRecord | None, chunk: int, segment: int, state: State
) -> int:
    """Return the generation of a new task: the current one if it completes it, else the next.

    An address that was ever used is not used again, so that a message key never is; and an
    attempt that certainly failed leaves its address free, so that its keys are used again.
    """
    retired = state.retired.get(push.id, 0)
    if record is None:
        return retired + 1
    current = max(record.generation, retired)
    used = any(task.slot == (chunk, segment, current) for task in record.tasks)
    if used or retired >= record.generation or record.fingerprint != push.fingerprint:
        return current + 1
    return current


# --- guards that belong to one entry --------------------------------------------------------------


def _guarded(
    change: Change, push: DesiredPush | None, record: PushRecord | None, context: Context
) -> Change:
    """Turn a change that its entry forbids, or that comes too close to a delivery, into a block."""
    if record is None or not isinstance(change, Replace | Cancel) or not change.cancels:
        return change
    id = change.id
    protected = record.meta.protect if push is None else push.meta.protect
    if protected:
        reason = f"it is protected ({change.reason})"
        fix = f"take `protect: true` out of {id} and apply that first"
        return Blocked(id, push, BlockReason.PROTECTED, reason, fix)
    if push is not None and push.on_change is OnChange.FORBID and isinstance(change, Replace):
        reason = f"it says `on_change: forbid` ({change.reason})"
        return Blocked(
            id, push, BlockReason.FORBIDDEN, reason, "undo the edit, or give it a new id"
        )
    near = _nearest(change.cancels, context)
    if near is not None and not context.intent.now_or_never:
        reason = f"its next delivery is only {max(near, 0)} s away ({change.reason})"
        fix = "wait until it is delivered, or apply with --now-or-never"
        return Blocked(id, push, BlockReason.DANGER_WINDOW, reason, fix)
    return change


def _nearest(tasks: Sequence[TaskRecord], context: Context) -> int | None:
    """Return the seconds to the next delivery of any task, if that is inside the danger window."""
    waits = [
        at - context.now
        for task in tasks
        if (at := next_delivery(task.schedule, context.now, context.horizon.zone)) is not None
    ]
    nearest = min(waits, default=None)
    return nearest if nearest is not None and nearest < context.intent.danger_window else None


def next_delivery(schedule: Schedule, now: int, zone: dt.tzinfo) -> int | None:
    """Return the first delivery after `now` (epoch seconds) of a schedule as sent, if any."""
    if isinstance(schedule, Loop) and schedule.first is not None:
        schedule = replace(schedule, first=max(schedule.first, local_day(now, zone)))
    return next((at for at in deliveries(schedule, zone) if at > now), None)


def _noop(push: DesiredPush, record: PushRecord | None, reason: str) -> NoOp:
    noted = record is not None and (record.meta != push.meta or _spec_differs(record, push))
    return NoOp(push.id, reason, noted=noted, push=push)


def _spec_differs(record: PushRecord, push: DesiredPush) -> bool:
    """Tell whether only the wording of the manifest changed, not what it compiles to."""
    return record.fingerprint == push.fingerprint and record.spec != push.spec
