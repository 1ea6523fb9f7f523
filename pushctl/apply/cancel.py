"""Cancel one task, and believe it only when the list shows nothing left to deliver."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from pushctl.apply.context import ApplyContext
from pushctl.errors import AuthError, ServiceError
from pushctl.mpaas.interface import Accepted, NotSent, Refused, Unknown
from pushctl.plan.reconcile.in_doubt import after_cancel
from pushctl.push.task import ActualTask
from pushctl.schedule.service_schedule import deliveries
from pushctl.state.events import CancelBegan, CancelConfirmed, CancelFailed, TaskObserved
from pushctl.state.state import TaskRecord
from pushctl.text.duration import span

MEANWHILE = "it was delivered before it could be cancelled"


def cancel_task(context: ApplyContext, id: str, task: TaskRecord) -> None:
    """Cancel a task as a plan wants it; raises `EntryAborted` unless it is certainly cancelled.

    A task that turns out to be delivered after all is recorded as such, and halts its entry: what
    was to replace it has not been approved as a second message.
    """
    event = cancel_and_verify(context, id, task)
    if isinstance(event, TaskObserved) or _delivered_meanwhile(context, task):
        raise context.fail(
            id, f"{MEANWHILE}; nothing was created", "run pushctl plan to see what is left to do"
        )


def cancel_and_verify(
    context: ApplyContext, id: str, task: TaskRecord
) -> CancelConfirmed | TaskObserved:
    """Cancel a task whatever it takes, verify it, and record what became of it.

    Raises `EntryAborted` unless nothing of it is left to be delivered.
    """
    context.lease.record(CancelBegan(id, task.slot))
    context.tell("task.cancel.intent", id, task.task_id)
    began = context.now()
    cancel = partial(context.service.cancel, task.task_id)
    outcome = context.limiter.call(lambda: context.call(context.now(), cancel))
    if isinstance(outcome, NotSent):
        _failed(context, id, task, outcome.reason)
        raise context.fail(id, f"the cancel could not be sent: {outcome.reason}", outcome.fix)
    if isinstance(outcome, Refused) and outcome.auth:
        _failed(context, id, task, outcome.message)
        context.deny()
        raise context.fail(id, f"the service refused the credentials: {outcome.message}")
    row, at = _verified(context, id, task, outcome, began)
    event = after_cancel(id, task, row, now=at)
    context.lease.record(event)
    context.counters.count(cancelled=int(isinstance(event, CancelConfirmed)))
    context.tell("task.cancel.cancelled", id, task.task_id)
    return event


def check_danger_window(context: ApplyContext, id: str, tasks: Iterable[TaskRecord]) -> None:
    """Ask again what the plan asked, because a person may have thought about it for long.

    Asked once, before the first cancel of an entry: what has been begun is finished, for to stop
    half-way would leave some of its people without any message.
    """
    near = min((at for task in tasks if (at := context.next_of(task)) is not None), default=None)
    if near is None or context.options.now_or_never:
        return
    seconds = near - context.now()
    if seconds < context.options.danger_window:
        raise context.fail(
            id,
            f"its next delivery is only {span(seconds)} away by now",
            "wait until it is delivered, or apply with --now-or-never",
        )


def _verified(
    context: ApplyContext,
    id: str,
    task: TaskRecord,
    outcome: Accepted | Refused | Unknown,
    began: float,
) -> tuple[ActualTask | None, float]:
    """List the task until nothing of it is left, whatever the answer was.

    Returns its last row, None if it has none, and when that was asked for (epoch seconds). Unless
    the service said that it cancelled the task, a list without it proves something only when it
    still is without it once the call can have no effect any more.
    """
    timeouts = context.options.observe.timeouts
    answered = not isinstance(outcome, Unknown)
    give_up = context.now() + timeouts.settle_time if answered else timeouts.certain_at(began)
    certain_at = 0.0 if isinstance(outcome, Accepted) else give_up
    while True:
        now = context.now()
        row = _find(context, id, task)
        if row is None and now >= certain_at:
            return None, now
        if row is not None and not row.coming(now):
            return row, now
        if row is not None and now >= give_up:
            reason = _still_there(row, outcome)
            _failed(context, id, task, reason)
            raise context.fail(id, f"task {task.task_id} was not cancelled: {reason}")
        if context.stop.is_set():
            raise context.doubt(id, "the run was stopped before the cancel was verified")
        context.pause()


def _still_there(row: ActualTask, outcome: Accepted | Refused | Unknown) -> str:
    if isinstance(outcome, Refused):
        return outcome.message
    odd = next((item.status for item in row.unexecuted if item.executed is None), None)
    if odd is None:
        return "the list still shows it"
    return (
        f"the list still shows it, with ExecutedStatus {odd}; if that means cancelled, say so in "
        "app.behaviour.gone_statuses"
    )


def _find(context: ApplyContext, id: str, task: TaskRecord) -> ActualTask | None:
    slack = context.options.observe.slack
    now = int(context.now())
    since, until = (task.first or now) - slack, (task.last or now) + slack
    try:
        rows = context.service.list(since=since, until=until, task_id=task.task_id)
    except ServiceError as error:
        if isinstance(error, AuthError):
            context.deny()
        context.tell("task.cancel.unknown", id, task.task_id, reason=str(error))
        raise context.doubt(id, f"the cancel could not be verified: {error}") from error
    return next((row for row in rows if row.task_id == task.task_id), None)


def _failed(context: ApplyContext, id: str, task: TaskRecord, reason: str) -> None:
    context.lease.record(CancelFailed(id, task.slot, reason))
    context.tell("task.cancel.failed", id, task.task_id, reason=reason)


def _delivered_meanwhile(context: ApplyContext, task: TaskRecord) -> bool:
    """Tell whether a delivery fell between the plan and the end of its cancel."""
    now = context.now()
    return any(context.planned_at < at <= now for at in deliveries(task.schedule, context.zone))
