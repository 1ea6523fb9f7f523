"""Create one task, exactly once: intent, call, outcome; looked up where that is unknown."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from shlex import quote
from typing import assert_never

from pushctl.apply.context import ApplyContext, EntryAborted
from pushctl.errors import AuthError, ServiceError
from pushctl.mpaas.encode import parameters
from pushctl.mpaas.interface import Created, CreateOutcome, NotSent, Refused, Unknown
from pushctl.mpaas.retry import CREATE_ATTEMPTS
from pushctl.plan.intent import intent
from pushctl.plan.reconcile.in_doubt import (
    Doubt,
    LostCreates,
    is_confusable,
    preexisting_matches,
)
from pushctl.plan.reconcile.listing import Listing
from pushctl.push.push import Push
from pushctl.push.task import ActualTask, NewTask
from pushctl.state.events import CreateBegan, CreateConfirmed, CreateDoubted, CreateFailed
from pushctl.state.state import Phase, TaskRecord


def create_task(context: ApplyContext, id: str, push: Push, new: NewTask) -> None:
    """Create a task; raises `EntryAborted` unless the service certainly has it, once."""
    zone = context.zone
    bare = distinct(context, id, push, new)
    known = preexisting_matches(bare, context.seen.actual, zone=zone)
    for _attempt in range(CREATE_ATTEMPTS):
        drafts: list[TaskRecord] = []
        outcome = context.limiter.call(partial(_attempted, context, id, push, new, known, drafts))
        if not drafts:
            raise EntryAborted  # stopped while everybody waited, before the first attempt
        if _done(context, id, drafts[-1], outcome):
            return
    raise context.fail(id, "the service took the call and never listed the task")


def _attempted(
    context: ApplyContext,
    id: str,
    push: Push,
    new: NewTask,
    known: tuple[str, ...],
    drafts: list[TaskRecord],
) -> CreateOutcome:
    """Make the call once, with an intent of its own.

    An attempt may come minutes after the one before it, and how long a lost task is looked for
    counts from its intent.
    """
    draft = intent(push, new, now=int(context.now()), known=known)
    if draft.first is not None and draft.first <= draft.began_at:
        late = "its delivery time passed before it could be created"
        if drafts:
            context.lease.record(CreateFailed(id, draft.slot, late))
        raise context.fail(id, late)
    context.lease.record(CreateBegan(id, draft, push.fingerprint, push.spec, push.meta))
    drafts.append(draft)
    context.tell("task.create.intent", id, chunk=draft.chunk)
    sent = parameters(push, new, zone=context.zone)
    return context.call(draft.began_at, partial(context.service.create, sent))


def distinct(context: ApplyContext, id: str, push: Push, new: NewTask) -> TaskRecord:
    """Return a task's record to be.

    Raises `EntryAborted` if the service's list could take the task for one that is in doubt. Asked
    before anything of an entry is cancelled, too: what could not be created again must not be
    taken away.
    """
    zone = context.zone
    draft = intent(push, new, now=int(context.now()))
    for other, record in context.lease.in_doubt().items():
        for task in record.in_doubt:
            if task.phase is Phase.CREATING and is_confusable(task, draft, zone=zone):
                raise context.fail(
                    id,
                    f"it looks like {other}, of which the outcome is unknown",
                    f"pushctl state resolve {quote(other)}",
                )
    return draft


def _done(context: ApplyContext, id: str, draft: TaskRecord, outcome: CreateOutcome) -> bool:
    """Record an outcome; False if the call was seen not to have arrived."""
    match outcome:
        case Created(task_id=task_id, request_id=request_id):
            _confirm(context, id, draft, task_id, request_id)
            return True
        case Refused(code=code, message=message, auth=auth):
            context.lease.record(CreateFailed(id, draft.slot, message))
            context.tell("task.create.refused", id, code=code, reason=message)
            if auth:
                context.deny()
            raise context.fail(id, f"the service refused it: {message}")
        case NotSent(reason=reason, fix=fix):
            context.lease.record(CreateFailed(id, draft.slot, reason))
            context.tell("task.create.failed", id, reason=reason)
            raise context.fail(id, f"it could not be sent: {reason}", fix)
        case Unknown(reason=reason):
            context.lease.record(CreateDoubted(id, draft.slot, reason))
            context.tell("task.create.unknown", id, reason=reason)
            return _found(context, id, draft)
        case _:
            assert_never(outcome)


def _confirm(
    context: ApplyContext, id: str, draft: TaskRecord, task_id: str, request_id: str
) -> None:
    phase = Phase.SENT if draft.first is None else Phase.SCHEDULED
    at = int(context.now())
    _created(context, CreateConfirmed(id, draft.slot, task_id, request_id, at, phase), draft)


def _created(context: ApplyContext, event: CreateConfirmed, draft: TaskRecord) -> None:
    context.lease.record(event)
    context.counters.count(created=1)
    context.tell("task.create.created", event.id, event.task_id or None, chunk=draft.chunk)


def _found(context: ApplyContext, id: str, draft: TaskRecord) -> bool:
    """Look for the task of a call without an answer until it turns up or time has told."""
    if draft.first is None or draft.last is None:
        raise context.doubt(id, "an immediate push cannot be looked up")
    while not context.stop.is_set():
        found = _verdict(context, id, draft, draft.first, draft.last)
        match found:
            case CreateConfirmed():
                _created(context, found, draft)
                context.tell("task.settled", id, found.task_id, outcome="found")
                return True
            case CreateFailed():
                context.lease.record(found)
                context.tell("task.settled", id, outcome="not created")
                return False
            case Doubt(until=None):
                raise context.doubt(id, found.reason)
            case Doubt():
                context.pause()
            case _:
                assert_never(found)
    raise context.doubt(id, "the run was stopped before its outcome was known")


def _verdict(
    context: ApplyContext, id: str, draft: TaskRecord, first: int, last: int
) -> CreateConfirmed | CreateFailed | Doubt:
    at, ahead = context.now(), context.seen.ahead
    seen = Listing(tuple(_listed(context, id, first, last)), at, ahead)
    timeouts = context.options.observe.timeouts
    since = float(draft.began_at)  # its call began right then
    return LostCreates(context.lease.state, seen, timeouts, context.zone, since).verdict(id, draft)


def _listed(context: ApplyContext, id: str, first: int, last: int) -> Sequence[ActualTask]:
    slack = context.options.observe.slack
    try:
        return context.service.list(since=first - slack, until=last + slack)
    except ServiceError as error:
        if isinstance(error, AuthError):
            context.deny()
        raise context.doubt(id, f"it could not be looked up: {error}") from error
