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
from shlex import quote

from msgspec.structs import replace

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
from pushctl.plan.coverage import missed_deliveries
from pushctl.plan.diff import target_chunks
from pushctl.plan.diff.change_reasons import (
    ROUTINE,
    changed_field,
    changed_fields,
    create_reason,
    noop_reason,
    replace_reason,
)
from pushctl.plan.diff.renames import apply_renames
from pushctl.plan.diff.task_reuse import (
    chunk_members,
    delivered_by,
    is_restated,
    new_tasks,
    reusable,
    sent_at,
    with_known_targets,
)
from pushctl.plan.guards.protection import protect
from pushctl.plan.inputs import PlanContext
from pushctl.push.push import OnRemove, Push
from pushctl.push.task import MAX_TARGETS
from pushctl.schedule.recurrence import Recurrence
from pushctl.schedule.service_schedule import Immediate, OneShot
from pushctl.state.state import LIVE, Phase, PushRecord, State, TaskRecord, recent


def diff(desired: Sequence[Push], state: State, context: PlanContext) -> tuple[Change, ...]:
    """Return one change per entry, and one more per renamed entry, in the manifest's order.

    Entries that left the manifest come last, by id.
    """
    pushes, changes = apply_renames(
        state.pushes, context.options.moved, {push.id for push in desired}
    )
    for push in desired:
        changes += _entry(push, pushes.get(push.id), state, context)
    kept = {push.id for push in desired}
    for id in sorted(pushes.keys() - kept):
        changes.append(_removed(id, pushes[id], context))
    return tuple(changes)


def _entry(
    push: Push, record: PushRecord | None, state: State, context: PlanContext
) -> list[Change]:
    if record is not None and record.in_doubt:
        return [_in_doubt(push, record)]
    if not push.enabled:
        return [_disabled(push, record, context)]
    if record is not None and record.live and record.silences(push, context.horizon.zone):
        # Whoever stopped it may have been cut short, or the service may have lost the cancel.
        return [Cancel(push.id, push, record.live, "stopped, and still scheduled", record.spec)]
    change = _wanted(push, record, state, context)
    return [protect(change, push, record, context)]


def _in_doubt(push: Push, record: PushRecord) -> Blocked:
    count = len(record.in_doubt)
    reason = f"the outcome of an earlier call is unknown for {count} of its tasks"
    fix = f"pushctl state resolve {quote(push.id)}"
    return Blocked(push.id, push, BlockReason.IN_DOUBT, reason, fix)


def _disabled(push: Push, record: PushRecord | None, context: PlanContext) -> Change:
    if record is None or not record.live:
        return _noop(push, record, "disabled")
    change = Cancel(push.id, push, record.live, "disabled in the manifest", record.spec)
    return protect(change, push, record, context)


def _removed(id: str, record: PushRecord, context: PlanContext) -> Change:
    if record.in_doubt:
        reason = "it left the manifest while the outcome of an earlier call is unknown"
        fix = f"pushctl state resolve {quote(id)}"
        return Blocked(id, None, BlockReason.IN_DOUBT, reason, fix)
    if not record.live:
        # Kept for a while: what was delivered can be withdrawn for seven days, and an entry that
        # comes back under this id must know who has had today's delivery.
        done = not any(recent(task, context.now) for task in record.tasks)
        return NoOp(id, "not in the manifest, nothing left to deliver", noted=done)
    if id in context.options.let_run or record.meta.on_remove is OnRemove.FORGET:
        return Forget(id, "no longer managed; its tasks run out by themselves", record.spec)
    if record.meta.on_remove is OnRemove.FORBID:
        reason = "it was applied with `on_remove: forbid`"
        fix = f"put {id} back, or take that line out and apply before removing it"
        return Blocked(id, None, BlockReason.FORBIDDEN, reason, fix)
    gone = Cancel(id, None, record.live, "not in the manifest", record.spec)
    return protect(gone, None, record, context)


# --- one entry that is wanted ---------------------------------------------------------------------


def _wanted(push: Push, record: PushRecord | None, state: State, context: PlanContext) -> Change:
    zone = context.horizon.zone
    said = {task.phase for task in record.tasks} if record and record.spec == push.spec else set()
    match push.schedule:
        case OneShot(at=at) if sent_at(record, push.schedule, zone):
            return _past(push, at, record, state, context)
        case OneShot() if context.zone_data and Phase.SENT in said and not said & LIVE:
            return _noop(push, record, "already sent")
        case OneShot(at=at) if at <= context.now:
            return _past(push, at, record, state, context)
        case OneShot() | Recurrence() | Immediate():
            pass
    if record is not None and record.silences(push, zone):
        return _noop(push, record, "stopped; `pushctl resume` lets it run again")
    if isinstance(push.schedule, Immediate):
        return _immediate(push, record, state, context)
    if record is None or not record.live:
        return _anew(push, record, state, context)
    return _reconciled(push, record, state, context)


def _immediate(push: Push, record: PushRecord | None, state: State, context: PlanContext) -> Change:
    """An entry that is sent at once, and once for each value of `again`, whatever is edited."""
    sent = [task for task in (record.tasks if record else ()) if task.schedule == push.schedule]
    reached = {label for task in sent for label in task.targets}
    labels = dict.fromkeys(context.label(target) for target in push.targets)
    missing = [label for label in labels if label not in reached]
    if record is not None and sent and not (missing and context.options.allow_immediate):
        reason = _already_sent(push, sent, len(missing), len(labels))
        if record.live:
            return Cancel(push.id, push, record.live, reason, record.spec)
        return _noop(push, record, reason)
    if not context.options.allow_immediate:
        return Blocked(
            push.id,
            push,
            BlockReason.IMMEDIATE,
            "it would be sent the moment the plan is applied",
            "give it a date and time, or apply with --allow-immediate",
        )
    if record is not None and record.live:
        return _rewritten(push, record, missing, state, context)
    return _anew(push, record, state, context, labels=missing)


def _already_sent(push: Push, sent: Sequence[TaskRecord], missing: int, targets: int) -> str:
    if missing:
        reached = f"sent to {targets - missing} of {targets} targets"
        return f"{reached}; --allow-immediate sends it to the rest"
    if any(task.fingerprint == push.fingerprint for task in sent):
        return "already sent"
    return "already sent, the edit has no effect; `again` in its schedule sends it once more"


def _past(
    push: Push, at: int, record: PushRecord | None, state: State, context: PlanContext
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
    if any(task.phase is Phase.SENT or delivered_by(task, zone) for task in record.tasks):
        # Not `_late`: these people have had it once, so --send-late for another entry must not do.
        reason = "it was delivered at another time; its new time has passed, and it was not sent"
        fix = "put the former time back, or give it a time that is still ahead"
        return Blocked(push.id, push, BlockReason.PAST, reason, fix)
    if record.silences(push, zone):
        return _noop(push, record, "its time passed while it was stopped")
    return _late(push, record, state, context)


def _delivered(push: Push, sent: Sequence[TaskRecord], context: PlanContext) -> str:
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


def _late(push: Push, record: PushRecord | None, state: State, context: PlanContext) -> Change:
    if context.options.send_late:
        late = replace(push, schedule=Immediate())
        return _anew(late, record, state, context, reason="sent late, on request")
    reason = "its delivery time has passed and it was never sent"
    fix = "give it a time that is still ahead, or apply with --send-late to send it at once"
    return Blocked(push.id, push, BlockReason.PAST, reason, fix)


def _anew(
    push: Push,
    record: PushRecord | None,
    state: State,
    context: PlanContext,
    *,
    reason: str | None = None,
    labels: Sequence[str] | None = None,
) -> Change:
    if labels is None:
        labels = [context.label(target) for target in push.targets]
    members = target_chunks.assign_chunks(labels, {})
    creates, _ = new_tasks(push, record, members, (), state, context)
    if not creates:
        return _noop(push, record, noop_reason(push, context))
    if record is not None and reason is None and _continues(push, record):
        gone = len(missed_deliveries(push, record, context))
        why = "its next deliveries have come within reach"
        if gone:
            why = f"it had fallen silent, and {gone} of its deliveries did not happen"
        return Renew(push.id, push, creates, (), why)
    fields = field_changes(record.spec, push.spec) if record else ()
    return Create(push.id, push, creates, reason or create_reason(push, record), fields)


def _continues(push: Push, record: PushRecord) -> bool:
    """Tell whether all that was scheduled of a recurrence was delivered, and more is to come."""
    return (
        isinstance(push.schedule, Recurrence)
        and record.fingerprint == push.fingerprint
        and bool(record.tasks)
        and all(task.phase in (Phase.SENT, Phase.ENDED) for task in record.tasks)
    )


def _rewritten(
    push: Push, record: PushRecord, labels: Sequence[str], state: State, context: PlanContext
) -> Change:
    """Replace whatever is scheduled by a push that goes out at once."""
    members = target_chunks.assign_chunks(labels, chunk_members(record.live))
    creates, _ = new_tasks(push, record, members, (), state, context)
    fields = changed_fields(push, record, chunk_members(record.live), labels)
    return Replace(push.id, push, record.live, creates, (), fields, changed_field(fields))


def _reconciled(push: Push, record: PushRecord, state: State, context: PlanContext) -> Change:
    """Keep the tasks that do what is wanted, cancel the others, and make what is missing."""
    labels = [context.label(target) for target in push.targets]
    if is_done(push, record, labels):
        return _noop(push, record, "up to date")
    fits = reusable(push, record, context)
    served = chunk_members(fits)
    if set[str]().union(*served.values()) != set(labels):
        fits = with_known_targets(fits, record)
    places = _places(fits, record)
    members = target_chunks.assign_chunks(labels, places)
    keeps = tuple(task for task in fits if task.targets.keys() == set(members.get(task.chunk, ())))
    slots = {task.slot for task in keeps}
    cancels = tuple(task for task in record.live if task.slot not in slots)
    creates, renews = new_tasks(push, record, members, keeps, state, context)
    if not cancels and not creates:
        return _noop(push, record, "up to date")
    if not cancels and renews:
        return Renew(push.id, push, creates, keeps, "its window runs out soon")
    fields = changed_fields(push, record, places, labels)
    if not creates and not keeps:
        return Cancel(push.id, push, cancels, noop_reason(push, context), record.spec)
    reason = replace_reason(push, record, fields, cancels, fits, context)
    return Replace(push.id, push, cancels, creates, keeps, fields, reason)


def is_done(push: Push, record: PushRecord, labels: Sequence[str]) -> bool:
    """Tell at a glance of most one-time pushes that their only task does what is wanted."""
    if len(record.tasks) != 1 or not isinstance(push.schedule, OneShot):
        return False
    (task,) = record.tasks
    return (
        task.schedule == push.schedule
        and task.fingerprint == push.fingerprint
        and all(task.targets.values())
        and len(labels) <= MAX_TARGETS
        and task.targets.keys() == set(labels)
    )


def _places(fits: Sequence[TaskRecord], record: PushRecord) -> dict[int, frozenset[str]]:
    """Return who sits in which chunk: by the tasks that may stay, then by those that must go."""
    places = chunk_members(fits)
    placed = set[str]().union(*places.values())
    others = [task for task in record.live if task.chunk not in places]
    for chunk, held in chunk_members(others).items():
        if placed.isdisjoint(held):
            places[chunk] = held
            placed |= held
    return places


def _noop(push: Push, record: PushRecord | None, reason: str) -> NoOp:
    noted = record is not None and (
        record.meta != push.meta
        # Only the wording of the manifest changed, not what it compiles to.
        or (record.fingerprint == push.fingerprint and record.spec != push.spec)
        or is_restated(push, record)
        or (record.stopped and record.stopped_as is None)
    )
    return NoOp(push.id, reason, noted=noted, push=push, telling=reason not in ROUTINE)
