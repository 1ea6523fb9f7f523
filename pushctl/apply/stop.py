"""The red button: cancel, now, whatever any policy says.

Order. First every entry is recorded as stopped, so that no apply creates it again whatever happens
next. Then all tasks that are known are cancelled, the soonest delivery first, without a look before
it: seconds matter. Then calls without an answer are settled, and what they turn out to have made is
cancelled too. Killed anywhere, the same command does the rest.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from pushctl.apply.cancel import cancelled
from pushctl.apply.context import Halt, Tally, Terms, Tools
from pushctl.apply.observe import Emit, observe, settled
from pushctl.clock import Clock
from pushctl.errors import ServiceError
from pushctl.mpaas.interface import Accepted, CancelOutcome, PushService, Refused
from pushctl.mpaas.retry import Pace
from pushctl.plan.planner import Look
from pushctl.plan.stop import Message, StopReport, Withdrawal, messages, report, to_cancel
from pushctl.state.events import ABSENT, PushResumed, PushStopped
from pushctl.state.interface import StateLease
from pushctl.state.state import Phase, TaskRecord


def stop_pushes(
    ids: Sequence[str],
    *,
    lease: StateLease,
    service: PushService,
    clock: Clock,
    terms: Terms,
    emit: Emit,
    stop: threading.Event,
    endpoint: str,
    wanted: Callable[[], Mapping[str, str] | None] = lambda: None,
    revoke: Mapping[str, str] | None = None,
) -> tuple[StopReport, Tally]:
    """Stop some recorded entries and say what came of it.

    `wanted` is asked, once everything is cancelled, for the fingerprints of the manifest's entries;
    None if it cannot be read. With `revoke`, what was delivered in the last seven days is withdrawn
    as well; it maps the names that targets have in the state to the targets themselves, as far as
    anybody knows them. Raises `StateError` if something could not be made durable.
    """
    now = int(clock.now())
    tools = Tools(
        lease=lease,
        service=service,
        clock=clock,
        pace=Pace(clock, stop),
        terms=terms,
        seen=Look((), now),
        planned_at=now,
        emit=emit,
        stop=stop,
        tally=Tally(),
    )
    _mark(tools, ids, now)
    _cancel_all(tools, ids)
    _settle(tools, ids)
    _note_what_was_wanted(tools, ids, wanted())
    found = report(
        lease.state,
        ids,
        endpoint=endpoint,
        now=int(clock.now()),
        zone=terms.sight.horizon.zone,
        withdrawn={} if revoke is None else _withdraw(tools, ids, revoke),
    )
    return found, tools.tally


def _mark(tools: Tools, ids: Sequence[str], now: int) -> None:
    for id in ids:
        record = tools.lease.push(id)
        if record is not None and not record.stopped:
            tools.lease.record(PushStopped(id, now))


def _note_what_was_wanted(
    tools: Tools, ids: Sequence[str], wanted: Mapping[str, str] | None
) -> None:
    """Remember what the manifest asks for now, so that an edit that waits brings nothing back."""
    if wanted is None:
        return
    for id in ids:
        record = tools.lease.push(id)
        if record is not None and record.stopped_at is not None:
            tools.lease.record(PushStopped(id, record.stopped_at, wanted.get(id, ABSENT)))


def resume_pushes(ids: Sequence[str], lease: StateLease) -> tuple[str, ...]:
    """Let some entries run again; returns those that were stopped. The next apply creates them."""
    resumed = [id for id in ids if (record := lease.push(id)) is not None and record.stopped]
    for id in resumed:
        lease.record(PushResumed(id))
    return tuple(resumed)


def _cancel_all(tools: Tools, ids: Sequence[str]) -> None:
    """Cancel what is known, the soonest first, several at a time."""
    zone = tools.terms.sight.horizon.zone
    tasks = to_cancel(tools.lease.state, ids, now=int(tools.clock.now()), zone=zone)
    tools.in_parallel([partial(_cancel, tools, id, task) for id, task in tasks])


def _cancel(tools: Tools, id: str, task: TaskRecord) -> None:
    try:
        tools.proceed()
        cancelled(tools, id, task)
    except Halt:
        return  # what went wrong is in the tally, and the others still have to be cancelled


def _settle(tools: Tools, ids: Sequence[str]) -> None:
    """Find out what became of calls without an answer, and cancel what they made."""
    lease, sight = tools.lease, tools.terms.sight
    if tools.stop.is_set():
        return
    try:
        seen, _ = settled(lease, tools.service, tools.clock, sight, tools.emit)
    except ServiceError as error:
        for id in _doubtful(tools, ids):
            tools.tally.doubt(id, f"it could not be looked up: {error}")
        return
    observe(lease, seen, tools.clock, sight)
    _cancel_all(tools, ids)
    for id in _doubtful(tools, ids):
        tools.tally.doubt(id, "the outcome of an earlier call is still unknown")


def _doubtful(tools: Tools, ids: Sequence[str]) -> list[str]:
    state = tools.lease.state
    return [
        id for id in ids if any(task.phase is Phase.CREATING for task in state.pushes[id].in_doubt)
    ]


# --- withdrawing ----------------------------------------------------------------------------------


def _withdraw(
    tools: Tools, ids: Sequence[str], names: Mapping[str, str]
) -> dict[str, Counter[Withdrawal]]:
    """Ask to withdraw each message; asking again for one that is withdrawn does no harm."""
    zone, now = tools.terms.sight.horizon.zone, int(tools.clock.now())
    said = messages(tools.lease.state, ids, now=now, zone=zone)
    with ThreadPoolExecutor(tools.terms.parallelism, thread_name_prefix="pushctl") as pool:
        outcomes = list(pool.map(partial(_withdrawn, tools, names=names), said))
    counted: dict[str, Counter[Withdrawal]] = {id: Counter() for id in ids}
    for message, outcome in zip(said, outcomes, strict=True):
        counted[message.id][outcome] += 1
    return counted


def _withdrawn(tools: Tools, message: Message, *, names: Mapping[str, str]) -> Withdrawal:
    if not message.key:
        return Withdrawal.NO_KEY
    if message.target not in names:
        return Withdrawal.HASHED
    if tools.stop.is_set():
        return Withdrawal.UNKNOWN
    outcome: CancelOutcome = tools.pace.call(
        partial(tools.service.revoke, message.key, names[message.target])
    )
    said = Withdrawal.UNKNOWN
    if isinstance(outcome, Accepted):
        said = Withdrawal.ACCEPTED
    elif isinstance(outcome, Refused):
        said = Withdrawal.REFUSED
    tools.tell("message.revoke", message.id, outcome=str(said))
    return said
