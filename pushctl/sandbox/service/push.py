"""Pushes of every kind: creates a task, or sends at once."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from pushctl.sandbox.errors import QUOTA_NAME, RefusedError, invalid
from pushctl.sandbox.faults import ActiveFaults
from pushctl.sandbox.knobs import Knobs
from pushctl.sandbox.service import fields, parameters
from pushctl.sandbox.service.fields import Params, Result
from pushctl.sandbox.storage.store import Session
from pushctl.sandbox.storage.task import BATCH, BROADCAST, SIMPLE, TEMPLATE, Task


def _push(
    kind: int, session: Session, params: Params, version: str, active: ActiveFaults
) -> Result:
    created_by = parameters.API_CREATED
    task_id = create_task(session, params, version, created_by, kind)
    if active.has("duplicate-create"):
        with suppress(RefusedError):  # there may be no room for a second one
            create_task(session, params, version, created_by, kind)
    strategy_type = fields.integer(params, "StrategyType", 0)
    data = task_id if strategy_type and version != parameters.FIRST_VERSION else ""
    return {"PushResult": {"Success": True, "ResultMsg": "OK", "Data": data}}


push_simple = partial(_push, SIMPLE)
push_template = partial(_push, TEMPLATE)
push_multiple = partial(_push, BATCH)
push_broadcast = partial(_push, BROADCAST)


def create_task(
    session: Session, params: Params, version: str, create_type: int, kind: int = SIMPLE
) -> str:
    """Stores a task and returns its id; raises RefusedError before it writes."""
    policy = session.knobs["duplicate_msgkey"]
    task = parameters.parse_task(session, params, version, kind)
    known: dict[str, str] = {}
    if policy != "accept":
        known = session.tasks_by_msgkey(task.app, task.workspace, task.message_keys)
    if known and policy == "reject":
        raise invalid("a message key was used before")
    if known:
        left = {target: key for target, key in task.targets.items() if key not in known}
        if not left:
            return next(iter(known.values()))
        task = task._replace(targets=left)
    if task.strategy_type:
        _check_quota(session, task)
    task_id = session.add_task(task, create_type)
    session.fire_due()
    return task_id


def _check_quota(session: Session, task: Task) -> None:
    knobs = session.knobs
    by_occurrence = knobs["quota.counts"] == "occurrences"
    used = session.count_waiting(task.app, task.workspace, occurrences=by_occurrence)
    wanted = len(task.fire_times_ms) if by_occurrence else 1
    if used + wanted > knobs.number("quota.limit"):
        raise quota_exceeded(knobs, used)


def quota_exceeded(knobs: Knobs, used: int | None = None) -> RefusedError:
    """Returns the refusal above the quota; `used` is None for the fault of that kind."""
    limit = knobs.number("quota.limit")
    detail = f"{limit if used is None else used} unexecuted tasks of at most {limit}"
    return RefusedError(str(knobs["quota.code"]), detail, QUOTA_NAME)
