"""Carry out a plan.

Terms. An *intent* is durable before its call leaves, its *outcome* before the next call of the same
entry. A *lane* holds the entries whose tasks the service's list could confuse; they run one after
another, so that at most one create of a lane is ever in flight and a lost one can be found by
elimination. An entry that the list could take for one in doubt is not begun at all.

Why this order is safe. Per entry: cancel, list until nothing of it is left to deliver, then create;
never create first. Plain cancels run before everything else and so make room. A crash between any
two steps leaves an intent without an outcome, and the next command settles it by listing before it
plans. Nothing here repeats a create whose outcome is unknown; only settling may find that it never
arrived, and then the same message keys are used again.

Entries do not depend on each other: a failure is reported and the others go on. Only refused
credentials, a state that cannot be written, and a person's wish to stop end the whole run.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from functools import partial
from typing import assert_never

from pushctl.apply.cancel import cancel_task, check_danger_window
from pushctl.apply.context import ApplyContext, ApplyOptions, EntryAborted
from pushctl.apply.create import create_task, distinct
from pushctl.apply.observe import Emit
from pushctl.apply.result import ApplyResult
from pushctl.clock import Clock
from pushctl.mpaas.interface import PushService
from pushctl.plan.change import (
    Adopt,
    Blocked,
    BlockReason,
    Cancel,
    Change,
    Create,
    Forget,
    NoOp,
    Rename,
    Renew,
    Replace,
    action_of,
    cancels_of,
    creates_of,
    push_of,
)
from pushctl.plan.diff.task_reuse import is_restated
from pushctl.plan.plan import Plan
from pushctl.plan.reconcile.listing import Listing
from pushctl.plan.reconcile.refresh import DriftKind
from pushctl.push.identity import digest
from pushctl.push.push import Push
from pushctl.state.events import (
    PushForgotten,
    PushNoted,
    PushRenamed,
    PushStopped,
    TaskAdopted,
    TaskObserved,
)
from pushctl.state.interface import StateLease
from pushctl.state.state import Phase


def apply_plan(
    plan: Plan,
    seen: Listing,
    *,
    lease: StateLease,
    service: PushService,
    clock: Clock,
    options: ApplyOptions,
    emit: Emit,
    stop: threading.Event,
) -> ApplyResult:
    """Do what a plan says, under the lease it was made with; returns what came of it.

    `seen` is the list that the plan was made from. Setting `stop` lets the calls in flight finish
    and starts no more. Raises `StateError` if an event could not be made durable; everything
    recorded before that stands.
    """
    context = ApplyContext(lease, service, clock, options, seen, plan.created_at, emit, stop)
    _record_gone(context, plan)
    for change in plan.changes:
        _bookkeeping(context, change)
    calling = [change for change in plan.changes if creates_of(change) or cancels_of(change)]
    cancels = [change for change in calling if isinstance(change, Cancel)]
    others = [change for change in calling if not isinstance(change, Cancel)]
    context.in_parallel(
        [partial(_lane, context, [item]) for item in _soonest_first(context, cancels)]
    )
    work = lanes(_soonest_first(context, others))
    context.in_parallel([partial(_lane, context, lane) for lane in work])
    for blocked in plan.blocked:
        if blocked.cause is BlockReason.IN_DOUBT:
            context.counters.doubt(blocked.id, blocked.reason, blocked.fix)
    return context.counters.result(stopped=stop.is_set())


# --- without calls --------------------------------------------------------------------------------


def _record_gone(context: ApplyContext, plan: Plan) -> None:
    """Record the tasks that two lists missed, now that the plan which showed it is approved."""
    if context.stop.is_set():
        return  # the wait between the two lists may have been cut short
    shown = {change.id for change in plan.changes}
    shown |= {change.before for change in plan.changes if isinstance(change, Rename)}
    for item in plan.drift:
        if item.kind is DriftKind.GONE and item.id in shown:
            at = int(context.seen.at)
            context.lease.record(TaskObserved(item.id, item.slot, Phase.CANCELLED, at))


def _bookkeeping(context: ApplyContext, change: Change) -> None:
    match change:
        case Rename():
            context.lease.record(PushRenamed(change.id, change.before))
        case Forget():
            context.lease.record(PushForgotten(change.id))
        case Adopt(push=push):
            context.lease.record(
                TaskAdopted(change.id, change.task, push.fingerprint, push.spec, push.meta)
            )
        case NoOp(noted=True, push=Push() as push):
            _note(context, push)
            return
        case NoOp(noted=True, push=None):
            context.lease.record(PushForgotten(change.id))
            return
        case NoOp() | Blocked() | Create() | Replace() | Renew() | Cancel():
            return
        case _:
            assert_never(change)
    _finished(context, change)


def _note(context: ApplyContext, push: Push) -> None:
    """Write down owner, labels and wording; what was delivered keeps the words it went out with."""
    record = context.lease.push(push.id)
    if record is None:
        return
    anew = push.fingerprint if is_restated(push, record) else None
    spec = push.spec if anew or record.fingerprint == push.fingerprint else record.spec
    if anew or (record.spec, record.meta) != (spec, push.meta):
        context.lease.record(PushNoted(push.id, spec, push.meta, anew))
    if record.stopped_at is not None and record.stopped_as is None:
        context.lease.record(PushStopped(push.id, record.stopped_at, push.fingerprint))


# --- order ----------------------------------------------------------------------------------------


def _soonest_first(context: ApplyContext, changes: Iterable[Change]) -> list[Change]:
    def first(change: Change) -> tuple[float, str]:
        times = [task.first for task in creates_of(change) if task.first is not None]
        times += [at for task in cancels_of(change) if (at := context.next_of(task)) is not None]
        return (min(times, default=float("inf")), change.id)

    return sorted(changes, key=first)


def lanes(changes: Iterable[Change]) -> list[list[Change]]:
    """Group changes whose tasks look alike in the service's list, keeping their order."""
    grouped: dict[str, list[Change]] = {}
    for change in changes:
        push = push_of(change)
        shown = push and [push.message.title, push.message.body, push.audience.kind]
        grouped.setdefault(digest(shown), []).append(change)
    return list(grouped.values())


def _lane(context: ApplyContext, lane: Sequence[Change]) -> None:
    try:
        for change in lane:
            if context.stop.is_set():
                return
            _one(context, change)
    except BaseException:
        context.stop.set()
        raise


def _one(context: ApplyContext, change: Change) -> None:
    push = push_of(change)
    try:
        if push is not None:
            for new in creates_of(change):
                distinct(context, change.id, push, new)
        check_danger_window(context, change.id, cancels_of(change))
        for task in cancels_of(change):
            context.check_stop()
            cancel_task(context, change.id, task)
        if push is not None:
            for new in creates_of(change):
                context.check_stop()
                create_task(context, change.id, push, new)
            _note(context, push)
    except EntryAborted:
        return
    _finished(context, change)


def _finished(context: ApplyContext, change: Change) -> None:
    action = action_of(change)
    context.counters.finish(action)
    context.tell("entry.done", change.id, action=str(action))
