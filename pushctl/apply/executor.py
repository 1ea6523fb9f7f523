"""Carry out a plan.

Terms. An *intent* is durable before its call leaves, its *outcome* before the next call of the same
entry. A *lane* holds the entries whose tasks the service's list could confuse; they run one after
another, so that at most one create of a lane is ever in flight and a lost one can be found by
elimination. An entry that the list could take for one in doubt is not begun at all.

Why this order is safe. Per entry: cancel, look until nothing of it is left to deliver, then create;
never create first. Plain cancels run before everything else and so make room. A crash between any
two steps leaves an intent without an outcome, and the next command settles it by looking before it
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

from pushctl.apply.cancel import cancel_task, mind_the_danger_window
from pushctl.apply.context import Halt, Tally, Terms, Tools
from pushctl.apply.create import create_task, distinct
from pushctl.apply.observe import Emit
from pushctl.apply.result import ApplyResult
from pushctl.clock import Clock
from pushctl.mpaas.interface import PushService
from pushctl.mpaas.retry import Pace
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
from pushctl.plan.diff.task_reuse import restated
from pushctl.plan.plan import Plan
from pushctl.plan.planner import Look
from pushctl.plan.reconcile.refresh import DriftKind
from pushctl.push.identity import digest
from pushctl.push.push import DesiredPush
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
    seen: Look,
    *,
    lease: StateLease,
    service: PushService,
    clock: Clock,
    terms: Terms,
    emit: Emit,
    stop: threading.Event,
) -> ApplyResult:
    """Do what a plan says, under the lease it was made with; returns what came of it.

    `seen` is the look that the plan was made from. Setting `stop` lets the calls in flight finish
    and starts no more. Raises `StateError` if an event could not be made durable; everything
    recorded before that stands.
    """
    tally = Tally()
    tools = Tools(
        lease=lease,
        service=service,
        clock=clock,
        pace=Pace(clock, stop),
        terms=terms,
        seen=seen,
        planned_at=plan.created_at,
        emit=emit,
        stop=stop,
        tally=tally,
    )
    _write_down_gone(tools, plan)
    for change in plan.changes:
        _bookkeeping(tools, change)
    calling = [change for change in plan.changes if creates_of(change) or cancels_of(change)]
    cancels = [change for change in calling if isinstance(change, Cancel)]
    others = [change for change in calling if not isinstance(change, Cancel)]
    tools.in_parallel([partial(_lane, tools, [item]) for item in _soonest_first(tools, cancels)])
    work = lanes(_soonest_first(tools, others))
    tools.in_parallel([partial(_lane, tools, lane) for lane in work])
    for blocked in plan.blocked:
        if blocked.cause is BlockReason.IN_DOUBT:
            tally.doubt(blocked.id, blocked.reason, blocked.fix)
    return tally.result(stopped=stop.is_set())


# --- without calls --------------------------------------------------------------------------------


def _write_down_gone(tools: Tools, plan: Plan) -> None:
    """Record the tasks that two looks missed, now that the plan which showed it is approved."""
    if tools.stop.is_set():
        return  # the wait between the two looks may have been cut short
    shown = {change.id for change in plan.changes}
    shown |= {change.before for change in plan.changes if isinstance(change, Rename)}
    for item in plan.drift:
        if item.kind is DriftKind.GONE and item.id in shown:
            at = int(tools.seen.at)
            tools.lease.record(TaskObserved(item.id, item.slot, Phase.CANCELLED, at))


def _bookkeeping(tools: Tools, change: Change) -> None:
    match change:
        case Rename():
            tools.lease.record(PushRenamed(change.id, change.before))
        case Forget():
            tools.lease.record(PushForgotten(change.id))
        case Adopt(push=push):
            tools.lease.record(
                TaskAdopted(change.id, change.task, push.fingerprint, push.spec, push.meta)
            )
        case NoOp(noted=True, push=DesiredPush() as push):
            _note(tools, push)
            return
        case NoOp(noted=True, push=None):
            tools.lease.record(PushForgotten(change.id))
            return
        case NoOp() | Blocked() | Create() | Replace() | Renew() | Cancel():
            return
        case _:
            assert_never(change)
    _finished(tools, change)


def _note(tools: Tools, push: DesiredPush) -> None:
    """Write down owner, labels and wording; what was delivered keeps the words it went out with."""
    record = tools.lease.push(push.id)
    if record is None:
        return
    anew = push.fingerprint if restated(push, record) else None
    spec = push.spec if anew or record.fingerprint == push.fingerprint else record.spec
    if anew or (record.spec, record.meta) != (spec, push.meta):
        tools.lease.record(PushNoted(push.id, spec, push.meta, anew))
    if record.stopped_at is not None and record.stopped_as is None:
        tools.lease.record(PushStopped(push.id, record.stopped_at, push.fingerprint))


# --- order ----------------------------------------------------------------------------------------


def _soonest_first(tools: Tools, changes: Iterable[Change]) -> list[Change]:
    def first(change: Change) -> tuple[float, str]:
        times = [task.first for task in creates_of(change) if task.first is not None]
        times += [at for task in cancels_of(change) if (at := tools.next_of(task)) is not None]
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


def _lane(tools: Tools, lane: Sequence[Change]) -> None:
    try:
        for change in lane:
            if tools.stop.is_set():
                return
            _one(tools, change)
    except BaseException:
        tools.stop.set()
        raise


def _one(tools: Tools, change: Change) -> None:
    push = push_of(change)
    try:
        if push is not None:
            for new in creates_of(change):
                distinct(tools, change.id, push, new)
        mind_the_danger_window(tools, change.id, cancels_of(change))
        for task in cancels_of(change):
            tools.proceed()
            cancel_task(tools, change.id, task)
        if push is not None:
            for new in creates_of(change):
                tools.proceed()
                create_task(tools, change.id, push, new)
            _note(tools, push)
    except Halt:
        return
    _finished(tools, change)


def _finished(tools: Tools, change: Change) -> None:
    action = action_of(change)
    tools.tally.finish(action)
    tools.tell("entry.done", change.id, action=str(action))
