"""Cancel one task, and believe it only when the list shows nothing left to deliver."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from pushctl.apply.context import Tools
from pushctl.errors import AuthError, ServiceError
from pushctl.mpaas.interface import Accepted, NotSent, Refused, Unknown
from pushctl.plan.reconcile.in_doubt import after_cancel
from pushctl.push.task import ActualTask
from pushctl.schedule.service_schedule import deliveries, spell
from pushctl.state.events import CancelBegan, CancelConfirmed, CancelFailed, TaskObserved
from pushctl.state.state import TaskRecord

MEANWHILE = "it was delivered before it could be cancelled"


def cancel_task(tools: Tools, id: str, task: TaskRecord) -> None:
    """Cancel a task as a plan wants it; raises `Halt` unless it is certainly cancelled.

    A task that turns out to be delivered after all is recorded as such, and halts its entry: what
    was to replace it has not been approved as a second message.
    """
    event = cancelled(tools, id, task)
    if isinstance(event, TaskObserved) or _delivered_meanwhile(tools, task):
        raise tools.fail(
            id, f"{MEANWHILE}; nothing was created", "run pushctl plan to see what is left to do"
        )


def cancelled(tools: Tools, id: str, task: TaskRecord) -> CancelConfirmed | TaskObserved:
    """Cancel a task whatever it takes, verify it, and record what became of it.

    Raises `Halt` unless nothing of it is left to be delivered.
    """
    tools.lease.record(CancelBegan(id, task.slot))
    tools.tell("task.cancel.intent", id, task.task_id)
    outcome = tools.pace.call(partial(tools.service.cancel, task.task_id))
    if isinstance(outcome, NotSent):
        _failed(tools, id, task, outcome.reason)
        raise tools.fail(id, f"the cancel could not be sent: {outcome.reason}")
    if isinstance(outcome, Refused) and outcome.auth:
        _failed(tools, id, task, outcome.message)
        tools.deny()
        raise tools.fail(id, f"the service refused the credentials: {outcome.message}")
    row, at = _verified(tools, id, task, outcome)
    event = after_cancel(id, task, row, now=at)
    tools.lease.record(event)
    tools.tally.count(cancelled=int(isinstance(event, CancelConfirmed)))
    tools.tell("task.cancel.cancelled", id, task.task_id)
    return event


def mind_the_danger_window(tools: Tools, id: str, tasks: Iterable[TaskRecord]) -> None:
    """Ask again what the plan asked, because a person may have thought about it for long.

    Asked once, before the first cancel of an entry: what has been begun is finished, for to stop
    half-way would leave some of its people without any message.
    """
    near = min((at for task in tasks if (at := tools.next_of(task)) is not None), default=None)
    if near is None or tools.terms.now_or_never:
        return
    seconds = near - tools.clock.now()
    if seconds < tools.terms.danger_window:
        raise tools.fail(
            id,
            f"its next delivery is only {spell(int(seconds))} away by now",
            "wait until it is delivered, or apply with --now-or-never",
        )


def _verified(
    tools: Tools, id: str, task: TaskRecord, outcome: Accepted | Refused | Unknown
) -> tuple[ActualTask | None, float]:
    """Look until nothing of the task is left, whatever the answer was; returns the last look.

    Unless the service said that it cancelled the task, a list without it proves something only
    when it still is without it a settle time later.
    """
    settle_time = tools.terms.sight.settle_time
    give_up = tools.clock.now() + settle_time
    certain_at = 0.0 if isinstance(outcome, Accepted) else give_up
    while True:
        now = tools.clock.now()
        row = _find(tools, id, task)
        if row is None and now >= certain_at:
            return None, now
        if row is not None and not row.unexecuted:
            return row, now
        if row is not None and now >= give_up:
            said = outcome.message if isinstance(outcome, Refused) else "the list still shows it"
            _failed(tools, id, task, said)
            raise tools.fail(id, f"task {task.task_id} was not cancelled: {said}")
        if tools.stop.is_set():
            raise tools.doubt(id, "the run was stopped before the cancel was verified")
        tools.pause()


def _find(tools: Tools, id: str, task: TaskRecord) -> ActualTask | None:
    slack = tools.terms.sight.slack
    now = int(tools.clock.now())
    since, until = (task.first or now) - slack, (task.last or now) + slack
    try:
        rows = tools.service.list(since=since, until=until, task_id=task.task_id)
    except ServiceError as error:
        if isinstance(error, AuthError):
            tools.deny()
        tools.tell("task.cancel.unknown", id, task.task_id, reason=str(error))
        raise tools.doubt(id, f"the cancel could not be verified: {error}") from error
    return next((row for row in rows if row.task_id == task.task_id), None)


def _failed(tools: Tools, id: str, task: TaskRecord, reason: str) -> None:
    tools.lease.record(CancelFailed(id, task.slot, reason))
    tools.tell("task.cancel.failed", id, task.task_id, reason=reason)


def _delivered_meanwhile(tools: Tools, task: TaskRecord) -> bool:
    """Tell whether a delivery fell between the plan and the end of its cancel."""
    now, zone = tools.clock.now(), tools.terms.sight.horizon.zone
    return any(tools.planned_at < at <= now for at in deliveries(task.schedule, zone))
