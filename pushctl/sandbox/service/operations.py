"""The operations of the API, from parameters to the body of an answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace

from pushctl.sandbox.errors import QUOTA_NAME, RefusedError, gateway_error, invalid
from pushctl.sandbox.faults import ActiveFaults
from pushctl.sandbox.knobs import Knobs
from pushctl.sandbox.service import parameters
from pushctl.sandbox.service.parameters import Params
from pushctl.sandbox.storage.store import CANCELLED, WAITING, Session
from pushctl.sandbox.storage.task import Task

Result = dict[str, object]  # fields of a response body, without RequestId and ResultCode
Operation = Callable[[Session, Params, str, ActiveFaults], Result]

_REVOKE_MS = 7 * 86_400_000
_DEFAULT_PAGE = 500
# The parameter is the precision of GmtCreate in milliseconds.
_LIST_COLUMNS = (
    "o.id AS UniqueId, t.id AS ParentId, o.push_ms AS PushTime, t.title AS PushTitle,"
    " t.content AS PushContent, 0 AS Type, t.delivery_type AS DeliveryType,"
    " t.strategy_type AS StrategyType, CAST(o.status AS TEXT) AS ExecutedStatus,"
    " t.create_type AS CreateType, t.created_ms - t.created_ms % ? AS GmtCreate"
)
_ORDERS = {
    "newest": "t.seq DESC, o.push_ms",
    "oldest": "t.seq, o.push_ms",
    "push_time": "o.push_ms, o.seq",
}


def push_simple(session: Session, params: Params, version: str, active: ActiveFaults) -> Result:
    """Creates a task, or sends at once."""
    task_id = create_task(session, params, version, parameters.API_CREATED)
    if active.has("duplicate-create"):
        with suppress(RefusedError):  # there may be no room for a second one
            create_task(session, params, version, parameters.API_CREATED)
    strategy_type = parameters.integer(params, "StrategyType", 0)
    data = task_id if strategy_type and version != parameters.FIRST_VERSION else ""
    return {"PushResult": {"Success": True, "ResultMsg": "OK", "Data": data}}


def create_task(session: Session, params: Params, version: str, create_type: int) -> str:
    """Stores a task and returns its id; raises RefusedError or GatewayError before it writes."""
    knobs = session.knobs
    task = parameters.parse_task(params, version, session.now_ms, knobs)
    known: dict[str, str] = {}
    if knobs["duplicate_msgkey"] != "accept":
        known = session.tasks_by_msgkey(task.app, task.workspace, task.targets.values())
    if known and knobs["duplicate_msgkey"] == "reject":
        raise invalid("a message key was used before")
    if known:
        left = {target: key for target, key in task.targets.items() if key not in known}
        if not left:
            return next(iter(known.values()))
        task = replace(task, targets=left)
    if task.strategy_type:
        _check_quota(session, task, knobs)
    task_id = session.add_task(task, create_type)
    session.fire_due()
    return task_id


def _check_quota(session: Session, task: Task, knobs: Knobs) -> None:
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


def query_list(session: Session, params: Params, _version: str, active: ActiveFaults) -> Result:
    """Returns one page of occurrences between StartTime and EndTime (epoch milliseconds)."""
    knobs = session.knobs
    where, values = _filters(params, knobs)
    number = parameters.integer(params, "PageNumber", 1)
    size = parameters.integer(params, "PageSize", _DEFAULT_PAGE)
    if number < 1 or size < 1:
        raise invalid("PageNumber and PageSize start at 1")
    size = min(size, knobs.number("max_page_size"))
    offset = min((number - 1) * size, 2**60)
    lag = active.seconds("list-lag")
    if lag:
        where += " AND t.created_real <= ?"
        values.append(session.real_time - lag)
    if active.has("list-empty"):
        where += " AND 0"
    numbers = session.listed(where, values, _ORDERS[str(knobs["list_order"])])
    page = json.dumps(list(numbers[offset : offset + size]))
    rows = session.db.execute(
        f"SELECT {_LIST_COLUMNS} FROM json_each(?) asked JOIN occurrences o ON o.seq = asked.value"
        " JOIN tasks t ON t.seq = o.task ORDER BY asked.key",
        (1000 if knobs["gmt_create"] == "second" else 1, page),
    ).fetchall()
    data = {"TotalCount": len(numbers), "List": [dict(row) for row in rows]}
    return {"ResultContent": {"Data": data}}


def query_mps_list(session: Session, params: Params, version: str, active: ActiveFaults) -> Result:
    """Returns what `query_list` does, with optional time bounds."""
    bounds: Params = {"StartTime": 0, "EndTime": 2**53}
    return query_list(session, {**bounds, **params}, version, active)


def _filters(params: Params, knobs: Knobs) -> tuple[str, list[object]]:
    where = ["t.app = ?", "t.workspace = ?", "t.strategy_type > 0"]
    values: list[object] = [*parameters.app_and_workspace(params, knobs)]
    start, end = parameters.integer(params, "StartTime"), parameters.integer(params, "EndTime")
    if end < start:
        raise invalid("EndTime is before StartTime")
    unique_id = str(params.get("UniqueId") or "")
    if unique_id:
        where.append("(t.id = ? OR o.id = ?)")
        values += [unique_id, unique_id]
    if not unique_id or knobs["list_unique_id_time"] == "filter":
        where.append("o.push_ms BETWEEN ? AND ?")
        values += [start, end]
    kind = parameters.integer(params, "Type", 0)
    if kind not in (0, 1, 2, 3):
        raise invalid("Type must be 0, 1, 2 or 3")
    if kind:
        where.append("0")  # only simple pushes exist here
    if knobs["cancelled_rows"] == "hide":
        where.append(f"o.status <> {CANCELLED}")
    return " AND ".join(where), values


def cancel(session: Session, params: Params, _version: str, active: ActiveFaults) -> Result:
    """Cancels what waits under each id; ResultContent maps each to 1 or 0."""
    knobs = session.knobs
    app, workspace = parameters.app_and_workspace(params, knobs)
    ids = [part.strip() for part in str(params.get("UniqueIds") or "").split(",") if part.strip()]
    if not ids:
        raise parameters.missing("UniqueIds", "3028", knobs)
    if len(ids) > knobs.number("cancel_max_ids"):
        raise invalid(f"{len(ids)} ids; at most {knobs['cancel_max_ids']}")
    kind = parameters.integer(params, "Type", 0)
    if kind not in (0, 1):
        raise invalid("Type must be 0 or 1")
    columns = _id_columns(str(knobs["cancel_types"]), kind)
    if active.has("cancel-race"):
        for uid in ids:
            for _, task in _waiting_rows(session, app, workspace, uid, columns)[:1]:
                session.fire_next(task)
    found = {uid: _waiting_rows(session, app, workspace, uid, columns) for uid in ids}
    if knobs["cancel_executed"] == "error" and not all(found.values()):
        raise invalid("an id cannot be cancelled: it is unknown, executed or cancelled")
    results = {uid: 1 if rows else 0 for uid, rows in found.items()}
    for uid in results:
        # Read again: an earlier id of the same call may have cancelled some of these.
        cancel_occurrences(session, _waiting_rows(session, app, workspace, uid, columns))
    return {"ResultContent": json.dumps(results, separators=(",", ":"))}


def _id_columns(types: str, kind: int) -> tuple[str, ...]:
    if types == "any":
        return ("t.id", "o.id")
    by_parent = (kind == 0) == (types == "0=parent,1=child")
    return ("t.id",) if by_parent else ("o.id",)


def _waiting_rows(
    session: Session, app: str, workspace: str, unique_id: str, columns: tuple[str, ...]
) -> list[tuple[int, int]]:
    match = " OR ".join(f"{column} = ?" for column in columns)
    rows = session.db.execute(
        "SELECT o.seq, o.task FROM occurrences o JOIN tasks t ON t.seq = o.task"
        f" WHERE o.status = {WAITING} AND t.app = ? AND t.workspace = ? AND ({match})",
        (app, workspace, *([unique_id] * len(columns))),
    ).fetchall()
    return [(row[0], row[1]) for row in rows]


def cancel_occurrences(session: Session, rows: list[tuple[int, int]]) -> None:
    """Cancels waiting occurrences of one task, given as rows (occurrence, task)."""
    if rows:
        session.set_status([occurrence for occurrence, _ in rows], rows[0][1], CANCELLED)


def revoke(session: Session, params: Params, _version: str, _active: ActiveFaults) -> Result:
    """Withdraws a message delivered in the last seven days."""
    knobs = session.knobs
    app, workspace = parameters.app_and_workspace(params, knobs)
    message, target = (str(params.get(name) or "") for name in ("MessageId", "TargetId"))
    for name, value in (("MessageId", message), ("TargetId", target)):
        if not value:
            raise parameters.missing(name, "3028", knobs)
    cursor = session.db.execute(
        "UPDATE deliveries SET revoked_ms = coalesce(revoked_ms, ?)"
        " WHERE msgkey = ? AND target = ? AND at_ms >= ?"
        " AND task IN (SELECT seq FROM tasks WHERE app = ? AND workspace = ?)",
        (session.now_ms, message, target, session.now_ms - _REVOKE_MS, app, workspace),
    )
    if not cursor.rowcount:
        raise invalid("no such message was delivered in the last 7 days")
    return {"PushResult": {"Success": True, "ResultMsg": "OK", "Data": ""}}


_CURRENT: Mapping[str, Operation] = {
    "PushSimple": push_simple,
    "QueryPushSchedulerList": query_list,
    "QueryMpsSchedulerList": query_mps_list,
    "CancelPushScheduler": cancel,
    "RevokePushMessage": revoke,
}
OPERATIONS: Mapping[str, Mapping[str, Operation]] = {
    "2019-08-21": {"PushSimple": push_simple},
    "2020-07-10": {**_CURRENT, "CancelMpsScheduler": cancel},
    "2020-10-28": _CURRENT,
}


def names() -> set[str]:
    """Returns the name of every operation, whatever the version of the API."""
    return {name for operations in OPERATIONS.values() for name in operations}


def find(action: str, version: str) -> Operation:
    """Returns the operation of an API version; raises GatewayError."""
    if version not in OPERATIONS:
        raise gateway_error("InvalidVersion", f"the versions are {', '.join(OPERATIONS)}")
    operation = OPERATIONS[version].get(action)
    if operation is None:
        there = ", ".join(OPERATIONS[version])
        raise gateway_error("InvalidAction.NotFound", f"the sandbox has in {version}: {there}")
    return operation
