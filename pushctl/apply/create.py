"""Create one task, exactly once: intent, call, outcome, and a look where the outcome is unknown."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from shlex import quote
from typing import assert_never

from pushctl.apply.context import Halt, Tools
from pushctl.errors import AuthError, ServiceError
from pushctl.mpaas.encode import parameters
from pushctl.mpaas.interface import Created, CreateOutcome, NotSent, Refused, Unknown
from pushctl.mpaas.retry import CREATE_ATTEMPTS
from pushctl.plan.intent import intent
from pushctl.plan.reconcile.in_doubt import confusable, lookalikes, twins
from pushctl.push.push import DesiredPush
from pushctl.push.task import ActualTask, NewTask
from pushctl.state.events import CreateBegan, CreateConfirmed, CreateDoubted, CreateFailed
from pushctl.state.state import Phase, TaskRecord


def create_task(tools: Tools, id: str, push: DesiredPush, new: NewTask) -> None:
    """Create a task; raises `Halt` unless the service certainly has it, once."""
    zone = tools.terms.sight.horizon.zone
    bare = distinct(tools, id, push, new)
    known = twins(bare, tools.seen.actual, zone=zone)
    for _attempt in range(CREATE_ATTEMPTS):
        drafts: list[TaskRecord] = []
        outcome = tools.pace.call(partial(_attempted, tools, id, push, new, known, drafts))
        if not drafts:
            raise Halt  # stopped while everybody waited, before the first attempt
        if _done(tools, id, drafts[-1], outcome):
            return
    raise tools.fail(id, "the service took the call and never listed the task")


def _attempted(
    tools: Tools,
    id: str,
    push: DesiredPush,
    new: NewTask,
    known: tuple[str, ...],
    drafts: list[TaskRecord],
) -> CreateOutcome:
    """Make the call once, with an intent of its own.

    An attempt may come minutes after the one before it, and how long a lost task is looked for
    counts from its intent.
    """
    draft = intent(push, new, now=int(tools.clock.now()), known=known)
    if draft.first is not None and draft.first <= draft.began_at:
        late = "its delivery time passed before it could be created"
        if drafts:
            tools.lease.record(CreateFailed(id, draft.slot, late))
        raise tools.fail(id, late)
    tools.lease.record(CreateBegan(id, draft, push.fingerprint, push.spec, push.meta))
    drafts.append(draft)
    tools.tell("task.create.intent", id, chunk=draft.chunk)
    return tools.service.create(parameters(push, new, zone=tools.terms.sight.horizon.zone))


def distinct(tools: Tools, id: str, push: DesiredPush, new: NewTask) -> TaskRecord:
    """Return a task's record to be; raises `Halt` if the list could take it for one in doubt.

    Asked before anything of an entry is cancelled, too: what could not be created again must not
    be taken away.
    """
    zone = tools.terms.sight.horizon.zone
    draft = intent(push, new, now=int(tools.clock.now()))
    for other, record in tools.lease.in_doubt().items():
        for task in record.in_doubt:
            if task.phase is Phase.CREATING and confusable(task, draft, zone=zone):
                raise tools.fail(
                    id,
                    f"it looks like {other}, of which the outcome is unknown",
                    f"pushctl state resolve {quote(other)}",
                )
    return draft


def _done(tools: Tools, id: str, draft: TaskRecord, outcome: CreateOutcome) -> bool:
    """Record an outcome; False if the call was seen not to have arrived."""
    match outcome:
        case Created(task_id=task_id, request_id=request_id):
            _confirm(tools, id, draft, task_id, request_id)
            return True
        case Refused(code=code, message=message, auth=auth):
            tools.lease.record(CreateFailed(id, draft.slot, message))
            tools.tell("task.create.refused", id, code=code, reason=message)
            if auth:
                tools.deny()
            raise tools.fail(id, f"the service refused it: {message}")
        case NotSent(reason=reason):
            tools.lease.record(CreateFailed(id, draft.slot, reason))
            tools.tell("task.create.failed", id, reason=reason)
            raise tools.fail(id, f"it could not be sent: {reason}")
        case Unknown(reason=reason):
            tools.lease.record(CreateDoubted(id, draft.slot, reason))
            tools.tell("task.create.unknown", id, reason=reason)
            return _found(tools, id, draft)
        case _:
            assert_never(outcome)


def _confirm(tools: Tools, id: str, draft: TaskRecord, task_id: str, request_id: str) -> None:
    phase = Phase.SENT if draft.first is None else Phase.SCHEDULED
    at = int(tools.clock.now())
    tools.lease.record(CreateConfirmed(id, draft.slot, task_id, request_id, at, phase))
    tools.tally.count(created=1)
    tools.tell("task.create.created", id, task_id or None, chunk=draft.chunk)


def _found(tools: Tools, id: str, draft: TaskRecord) -> bool:
    """Look for the task of a call without an answer until it turns up or time has told."""
    if draft.first is None or draft.last is None:
        raise tools.doubt(id, "an immediate push cannot be looked up")
    zone = tools.terms.sight.horizon.zone
    # From now on, not from the intent: the answer may have taken its time to stay away.
    give_up = tools.clock.now() + tools.terms.sight.settle_time
    while not tools.stop.is_set():
        now = tools.clock.now()
        rows = _listed(tools, id, draft.first, draft.last)
        accounted = tools.lease.state.task_ids()
        candidates = lookalikes(draft, rows, accounted=accounted, zone=zone)
        if len(candidates) == 1:
            _confirm(tools, id, draft, candidates[0].task_id, "")
            tools.tell("task.settled", id, candidates[0].task_id, outcome="found")
            return True
        if candidates:
            raise tools.doubt(id, f"{len(candidates)} tasks on the service look like it")
        if draft.first <= now:
            raise tools.doubt(id, "its delivery time passed while its outcome was unknown")
        if now >= give_up:
            tools.lease.record(CreateFailed(id, draft.slot, "it did not reach the service"))
            tools.tell("task.settled", id, outcome="not created")
            return False
        tools.pause()
    raise tools.doubt(id, "the run was stopped before its outcome was known")


def _listed(tools: Tools, id: str, first: int, last: int) -> Sequence[ActualTask]:
    slack = tools.terms.sight.slack
    try:
        return tools.service.list(since=first - slack, until=last + slack)
    except ServiceError as error:
        if isinstance(error, AuthError):
            tools.deny()
        raise tools.doubt(id, f"it could not be looked up: {error}") from error
