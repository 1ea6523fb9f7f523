"""Stop entries: cancel their tasks now, whatever any policy says.

Order. First every entry is recorded as stopped, so that no apply creates it again whatever happens
next. Then all tasks that are known are cancelled, the soonest delivery first, without listing them
before: seconds matter. Then calls without an answer are settled, and what they turn out to have
made is cancelled too. Killed anywhere, the same command does the rest.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from pushctl.apply.cancel import cancel_and_verify
from pushctl.apply.context import ApplyContext, ApplyCounters, ApplyOptions, EntryAborted
from pushctl.apply.observe import Emit
from pushctl.clock import Clock
from pushctl.errors import ServiceError
from pushctl.mpaas.interface import Accepted, CancelOutcome, PushService, Refused
from pushctl.plan.reconcile.listing import Listing
from pushctl.plan.stop import (
    Message,
    Revocation,
    StopReport,
    revocable_messages,
    stop_report,
    to_cancel,
)
from pushctl.state.events import ABSENT, PushResumed, PushStopped
from pushctl.state.interface import StateLease
from pushctl.state.state import Phase, TaskRecord


def stop_pushes(
    ids: Sequence[str],
    *,
    lease: StateLease,
    service: PushService,
    clock: Clock,
    options: ApplyOptions,
    emit: Emit,
    stop: threading.Event,
    endpoint: str,
    wanted: Callable[[], Mapping[str, str] | None] = lambda: None,
    revoke: Mapping[str, str] | None = None,
) -> tuple[StopReport, ApplyCounters]:
    """Stop some recorded entries and say what came of it.

    `wanted` is asked, once everything is cancelled, for the fingerprints of the manifest's entries;
    None if it cannot be read. With `revoke`, what was delivered in the last seven days is withdrawn
    as well; it maps the names that targets have in the state to the targets themselves, as far as
    anybody knows them. Raises `StateError` if something could not be made durable.
    """
    now = int(clock.now())
    context = ApplyContext(lease, service, clock, options, Listing((), now), now, emit, stop)
    _mark(context, ids, now)
    _cancel_all(context, ids)
    _settle(context, ids)
    _note_wanted(context, ids, wanted())
    found = stop_report(
        lease.state,
        ids,
        endpoint=endpoint,
        now=int(clock.now()),
        zone=options.observe.zone,
        withdrawn={} if revoke is None else _withdraw(context, ids, revoke),
    )
    return found, context.counters


def _mark(context: ApplyContext, ids: Sequence[str], now: int) -> None:
    for id in ids:
        record = context.lease.push(id)
        if record is not None and not record.stopped:
            context.lease.record(PushStopped(id, now))


def _note_wanted(
    context: ApplyContext, ids: Sequence[str], wanted: Mapping[str, str] | None
) -> None:
    """Remember what the manifest asks for now, so that an edit that waits brings nothing back."""
    if wanted is None:
        return
    for id in ids:
        record = context.lease.push(id)
        if record is not None and record.stopped_at is not None:
            context.lease.record(PushStopped(id, record.stopped_at, wanted.get(id, ABSENT)))


def resume_pushes(ids: Sequence[str], lease: StateLease) -> tuple[str, ...]:
    """Let some entries run again; returns those that were stopped. The next apply creates them."""
    resumed = [id for id in ids if (record := lease.push(id)) is not None and record.stopped]
    for id in resumed:
        lease.record(PushResumed(id))
    return tuple(resumed)


def _cancel_all(context: ApplyContext, ids: Sequence[str]) -> None:
    """Cancel what is known, the soonest first, several at a time."""
    now = int(context.clock.now())
    tasks = to_cancel(context.lease.state, ids, now=now, zone=context.zone)
    context.in_parallel([partial(_cancel, context, id, task) for id, task in tasks])


def _cancel(context: ApplyContext, id: str, task: TaskRecord) -> None:
    try:
        context.check_stop()
        cancel_and_verify(context, id, task)
    except EntryAborted:
        return  # what went wrong is noted, and the others still have to be cancelled


def _settle(context: ApplyContext, ids: Sequence[str]) -> None:
    """Find out what became of calls without an answer, and cancel what they made."""
    if context.stop.is_set():
        return
    observer = context.observer
    try:
        seen, _ = observer.settle_calls()
    except ServiceError as error:
        for id in _doubtful(context, ids):
            context.counters.doubt(id, f"it could not be looked up: {error}")
        return
    observer.record_finished(seen)
    _cancel_all(context, ids)
    for id in _doubtful(context, ids):
        context.counters.doubt(id, "the outcome of an earlier call is still unknown")


def _doubtful(context: ApplyContext, ids: Sequence[str]) -> list[str]:
    state = context.lease.state
    return [
        id for id in ids if any(task.phase is Phase.CREATING for task in state.pushes[id].in_doubt)
    ]


def _withdraw(
    context: ApplyContext, ids: Sequence[str], names: Mapping[str, str]
) -> dict[str, Counter[Revocation]]:
    """Ask to withdraw each message; asking again for one that is withdrawn does no harm."""
    counted: dict[str, Counter[Revocation]] = {id: Counter() for id in ids}
    sent = revocable_messages(
        context.lease.state, ids, now=int(context.clock.now()), zone=context.zone
    )
    with ThreadPoolExecutor(context.options.parallelism, thread_name_prefix="pushctl") as pool:
        outcomes = pool.map(partial(_withdraw_one, context, names), sent)
        for message, outcome in zip(sent, outcomes, strict=True):
            counted[message.id][outcome] += 1
    return counted


_WITHDRAWALS: Mapping[type[CancelOutcome], Revocation] = {
    Accepted: Revocation.ACCEPTED,
    Refused: Revocation.REFUSED,
}


def _withdraw_one(context: ApplyContext, names: Mapping[str, str], message: Message) -> Revocation:
    if not message.key:
        return Revocation.NO_KEY
    if message.target not in names:
        return Revocation.HASHED
    if context.stop.is_set():
        return Revocation.UNKNOWN
    target = names[message.target]
    outcome: CancelOutcome = context.limiter.call(
        partial(context.service.revoke, message.key, target)
    )
    withdrawal = _WITHDRAWALS.get(type(outcome), Revocation.UNKNOWN)
    context.tell("message.revoke", message.id, outcome=str(withdrawal))
    return withdrawal
