"""Lists scheduled tasks and cancels them."""

from __future__ import annotations

import json
from functools import partial

from pushctl.sandbox.errors import invalid
from pushctl.sandbox.faults import ActiveFaults
from pushctl.sandbox.service import fields
from pushctl.sandbox.service.apps import app_and_workspace
from pushctl.sandbox.service.fields import Params, Result
from pushctl.sandbox.storage.store import CANCELLED, WAITING, Session

_DEFAULT_PAGE = 500
# The parameter is the precision of GmtCreate in milliseconds.
_LIST_COLUMNS = (
    "o.id AS UniqueId, t.id AS ParentId, o.push_ms AS PushTime, t.title AS PushTitle,"
    " t.content AS PushContent, t.kind AS Type, t.delivery_type AS DeliveryType,"
    " t.strategy_type AS StrategyType, CAST(o.status AS TEXT) AS ExecutedStatus,"
    " t.create_type AS CreateType, t.created_ms - t.created_ms % ? AS GmtCreate"
)
_ORDERS = {
    "newest": "t.seq DESC, o.push_ms",
    "oldest": "t.seq, o.push_ms",
    "push_time": "o.push_ms, o.seq",
}


def query_list(session: Session, params: Params, _version: str, active: ActiveFaults) -> Result:
    """Returns one page of occurrences between StartTime and EndTime (epoch milliseconds)."""
    knobs = session.knobs
    where, values = _filters(session, params)
    offset, size = fields.page(params, "PageNumber", "PageSize", _DEFAULT_PAGE, knobs)
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


def _filters(session: Session, params: Params) -> tuple[str, list[object]]:
    knobs = session.knobs
    where = ["t.app = ?", "t.workspace = ?", "t.strategy_type > 0"]
    values: list[object] = [*app_and_workspace(session, params)]
    start, end = fields.integer(params, "StartTime"), fields.integer(params, "EndTime")
    if end < start:
        raise invalid("EndTime is before StartTime")
    unique_id = str(params.get("UniqueId") or "")
    if unique_id:
        where.append("(t.id = ? OR o.id = ?)")
        values += [unique_id, unique_id]
    if not unique_id or knobs["list_unique_id_time"] == "filter":
        where.append("o.push_ms BETWEEN ? AND ?")
        values += [start, end]
    if params.get("Type") not in (None, ""):
        where.append("t.kind = ?")
        values.append(fields.one_of(params, "Type", (0, 1, 2, 3), 0))
    if knobs["cancelled_rows"] == "hide":
        where.append(f"o.status <> {CANCELLED}")
    return " AND ".join(where), values


def cancel(session: Session, params: Params, _version: str, active: ActiveFaults) -> Result:
    """Cancels what waits under each id; ResultContent maps each to 1 or 0."""
    knobs = session.knobs
    scope = app_and_workspace(session, params)
    ids = [part.strip() for part in str(params.get("UniqueIds") or "").split(",") if part.strip()]
    if not ids:
        raise invalid("UniqueIds is mandatory")
    if len(ids) > knobs.number("cancel_max_ids"):
        raise invalid(f"{len(ids)} ids; at most {knobs['cancel_max_ids']}")
    kind = fields.one_of(params, "Type", (0, 1), 0)
    waiting = partial(_waiting_rows, session, scope, _names(str(knobs["cancel_types"]), kind))
    if active.has("cancel-race"):
        for uid in ids:
            for _, task in waiting(uid)[:1]:
                session.fire_next(task)
    results = {uid: 1 if waiting(uid) else 0 for uid in ids}
    if knobs["cancel_executed"] == "error" and not all(results.values()):
        raise invalid("an id cannot be cancelled: it is unknown, executed or cancelled")
    for uid in results:
        # Read again: an earlier id of the same call may have cancelled some of these.
        cancel_occurrences(session, waiting(uid))
    return {"ResultContent": json.dumps(results, separators=(",", ":"))}


def _names(types: str, kind: int) -> str:
    """Returns the condition that an id names an occurrence."""
    if types == "any":
        return "? IN (t.id, o.id)"
    by_parent = (kind == 0) == (types == "0=parent,1=child")
    return "t.id = ?" if by_parent else "o.id = ?"


def _waiting_rows(
    session: Session, scope: tuple[str, str], names: str, unique_id: str
) -> list[tuple[int, int]]:
    rows = session.db.execute(
        "SELECT o.seq, o.task FROM occurrences o JOIN tasks t ON t.seq = o.task"
        f" WHERE o.status = {WAITING} AND t.app = ? AND t.workspace = ? AND {names}",
        (*scope, unique_id),
    ).fetchall()
    return [(row[0], row[1]) for row in rows]


def cancel_occurrences(session: Session, rows: list[tuple[int, int]]) -> None:
    """Cancels waiting occurrences of one task, given as rows (occurrence, task)."""
    if rows:
        session.set_status([occurrence for occurrence, _ in rows], rows[0][1], CANCELLED)
