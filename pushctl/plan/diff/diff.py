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

from collections.abc import Sequence
from dataclasses import replace
from shlex import quote

from pushctl.plan.change import (
    Blocked,
    BlockReason,
    Cancel,
    Change,
    Create,
    Forget,
    NoOp,
    Renew,
    Replace,
    field_changes,
)
from pushctl.plan.coverage import missed
from pushctl.plan.diff import target_chunks
from pushctl.plan.diff.change_reasons import (
    ROUTINE,
    because,
    differing,
    nothing_due,
    why_anew,
    why_replaced,
)
from pushctl.plan.diff.renames import renamed
from pushctl.plan.diff.task_reuse import (
    creations,
    fitting,
    had_of,
    membership,
    restated,
    sent_at,
    vouched,
)
from pushctl.plan.guards.protection import guarded
from pushctl.plan.inputs import Context
from pushctl.push.push import DesiredPush, OnRemove
from pushctl.schedule.recurrence import Recurrence
from pushctl.schedule.service_schedule import Immediate, OneShot
from pushctl.state.state import Phase, PushRecord, State, TaskRecord, recent


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


def _entry(
    push: DesiredPush, record: PushRecord | None, state: State, context: Context
) -> list[Change]:
    if record is not None and record.in_doubt:
        return [_in_doubt(push, record)]
    if not push.enabled:
        return [_disabled(push, record, context)]
    if record is not None and record.live and record.silences(push):
        # Whoever stopped it may have been cut short, or the service may have lost the cancel.
        return [Cancel(push.id, push, record.live, "stopped, and still scheduled", record.spec)]
    change = _wanted(push, record, state, context)
    return [guarded(change, push, record, context)]


def _in_doubt(push: DesiredPush, record: PushRecord) -> Blocked:
    count = len(record.in_doubt)
    return Blocked(
        push.id,
        push,
        BlockReason.IN_DOUBT,
        f"the outcome of an earlier call is unknown for {count} of its tasks",
        f"pushctl state resolve {quote(push.id)}",
    )


def _disabled(push: DesiredPush, record: PushRecord | None, context: Context) -> Change:
    if record is None or not record.live:
        return _noop(push, record, "disabled")
    change = Cancel(push.id, push, record.live, "disabled in the manifest", record.spec)
    return guarded(change, push, record, context)


def _removed(id: str, record: PushRecord, context: Context) -> Change:
    if record.in_doubt:
        reason = "it left the manifest while the outcome of an earlier call is unknown"
        fix = f"pushctl state resolve {quote(id)}"
        return Blocked(id, None, BlockReason.IN_DOUBT, reason, fix)
    if not record.live:
        # Kept for a while: what was delivered can be withdrawn for seven days, and an entry that
        # comes back under this id must know who has had today's delivery.
        done = not any(recent(task, context.now) for task in record.tasks)
        return NoOp(id, "not in the manifest, nothing left to deliver", noted=done)
    if id in context.intent.let_run or record.meta.on_remove is OnRemove.FORGET:
        return Forget(id, "no longer managed; its tasks run out by themselves", record.spec)
    if record.meta.on_remove is OnRemove.FORBID:
        reason = "it was applied with `on_remove: forbid`"
        fix = f"put {id} back, or take that line out and apply before removing it"
        return Blocked(id, None, BlockReason.FORBIDDEN, reason, fix)
    gone = Cancel(id, None, record.live, "not in the manifest", record.spec)
    return guarded(gone, None, record, context)


# --- one entry that is wanted ---------------------------------------------------------------------


def _wanted(push: DesiredPush, record: PushRecord | None, state: State, context: Context) -> Change:
    zone = context.horizon.zone
    match push.schedule:
        case OneShot(at=at) if at <= context.now or sent_at(record, push.schedule, zone):
            return _past(push, at, record, state, context)
        case OneShot() | Recurrence() | Immediate():
            pass
    if record is not None and record.silences(push):
        return _noop(push, record, "stopped; `pushctl resume` lets it run again")
    if isinstance(push.schedule, Immediate):
        return _immediate(push, record, state, context)
    if record is None or not record.live:
        return _anew(push, record, state, context)
    return _reconciled(push, record, state, context)


def _immediate(
    push: DesiredPush, record: PushRecord | None, state: State, context: Context
) -> Change:
    sent = [
        task
        for task in (record.tasks if record else ())
        if task.phase is Phase.SENT and task.fingerprint == push.fingerprint
    ]
    reached = {label for task in sent for label in task.targets}
    labels = dict.fromkeys(context.label(target) for target in push.targets)
    missing = [label for label in labels if label not in reached]
    if sent and not missing:
        return _noop(push, record, "already sent")
    if sent and not context.intent.allow_immediate:
        reason = f"sent to {len(labels) - len(missing)} of {len(labels)} targets"
        return _noop(push, record, f"{reason}; --allow-immediate sends it to the rest")
    if not context.intent.allow_immediate:
        return Blocked(
            push.id,
            push,
            BlockReason.IMMEDIATE,
            "it would be sent the moment the plan is applied",
            "give it a date and time, or apply with --allow-immediate",
        )
    if record is not None and record.live:
        return _rewritten(push, record, state, context)
    return _anew(push, record, state, context, labels=missing)


def _past(
    push: DesiredPush, at: int, record: PushRecord | None, state: State, context: Context
) -> Change:
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
    zone = context.horizon.zone
    sent = sent_at(record, OneShot(at), zone)
    if sent:
        return _noop(push, record, _delivered(push, sent, context))
    if any(task.phase is Phase.SENT or had_of(task, zone) for task in record.tasks):
        # Not `_late`: these people have had it once, so --send-late for another entry must not do.
        reason = "it was delivered at another time; its new time has passed, and it was not sent"
        fix = "put the former time back, or give it a time that is still ahead"
        return Blocked(push.id, push, BlockReason.PAST, reason, fix)
    if record.silences(push):
        return _noop(push, record, "its time passed while it was stopped")
    return _late(push, record, state, context)


def _delivered(push: DesiredPush, sent: Sequence[TaskRecord], context: Context) -> str:
    wanted = {context.label(target) for target in push.targets}
    reached = wanted & {label for task in sent for label in task.targets}
    if all(task.schedule == push.schedule for task in sent) and not any(
        task.fingerprint == push.fingerprint for task in sent
    ):
        rest = len(wanted) - len(reached)
        missed = f"; {rest} of {len(wanted)} targets did not get it" if rest else ""
        return f"already delivered, the edit has no effect{missed}"
    if len(reached) < len(wanted):
        return f"delivered to {len(reached)} of {len(wanted)} targets"
    return "delivered"


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
    labels: Sequence[str] | None = None,
) -> Change:
    if labels is None:
        labels = [context.label(target) for target in push.targets]
    members = target_chunks.assign(labels, {})
    creates, _ = creations(push, record, members, (), state, context)
    if not creates:
        return _noop(push, record, nothing_due(push, context))
    if record is not None and reason is None and _continues(push, record):
        gone = len(missed(push, record, context))
        why = "its next deliveries have come within reach"
        if gone:
            why = f"it had fallen silent, and {gone} of its deliveries did not happen"
        return Renew(push.id, push, creates, (), why)
    fields = field_changes(record.spec, push.spec) if record else ()
    return Create(push.id, push, creates, reason or why_anew(push, record), fields)


def _continues(push: DesiredPush, record: PushRecord) -> bool:
    """Tell whether all that was scheduled of a recurrence was delivered, and more is to come."""
    return (
        isinstance(push.schedule, Recurrence)
        and record.fingerprint == push.fingerprint
        and bool(record.tasks)
        and all(task.phase in (Phase.SENT, Phase.ENDED) for task in record.tasks)
    )


def _rewritten(push: DesiredPush, record: PushRecord, state: State, context: Context) -> Change:
    """Replace whatever is scheduled by a push that goes out at once."""
    labels = [context.label(target) for target in push.targets]
    members = target_chunks.assign(labels, membership(record.live))
    creates, _ = creations(push, record, members, (), state, context)
    fields = differing(push, record, membership(record.live), labels)
    return Replace(push.id, push, record.live, creates, (), fields, because(fields))


def _reconciled(push: DesiredPush, record: PushRecord, state: State, context: Context) -> Change:
    """Keep the tasks that do what is wanted, cancel the others, and make what is missing."""
    labels = [context.label(target) for target in push.targets]
    fits = fitting(push, record, context)
    served = membership(fits)
    if set[str]().union(*served.values()) != set(labels):
        fits = vouched(fits, record)
    places = _places(fits, record)
    members = target_chunks.assign(labels, places)
    keeps = tuple(task for task in fits if task.targets.keys() == set(members.get(task.chunk, ())))
    slots = {task.slot for task in keeps}
    cancels = tuple(task for task in record.live if task.slot not in slots)
    creates, renews = creations(push, record, members, keeps, state, context)
    if not cancels and not creates:
        return _noop(push, record, "up to date")
    if not cancels and renews:
        return Renew(push.id, push, creates, keeps, "its window runs out soon")
    fields = differing(push, record, places, labels)
    if not creates and not keeps:
        return Cancel(push.id, push, cancels, nothing_due(push, context), record.spec)
    reason = why_replaced(push, record, fields, cancels, fits, context)
    return Replace(push.id, push, cancels, creates, keeps, fields, reason)


def _places(fits: Sequence[TaskRecord], record: PushRecord) -> dict[int, frozenset[str]]:
    """Return who sits in which chunk: by the tasks that may stay, then by those that must go."""
    places = membership(fits)
    placed = set[str]().union(*places.values())
    others = [task for task in record.live if task.chunk not in places]
    for chunk, held in membership(others).items():
        if placed.isdisjoint(held):
            places[chunk] = held
            placed |= held
    return places


def _noop(push: DesiredPush, record: PushRecord | None, reason: str) -> NoOp:
    noted = record is not None and (
        record.meta != push.meta
        # Only the wording of the manifest changed, not what it compiles to.
        or (record.fingerprint == push.fingerprint and record.spec != push.spec)
        or restated(push, record)
        or (record.stopped and record.stopped_as is None)
    )
    return NoOp(push.id, reason, noted=noted, push=push, telling=reason not in ROUTINE)
