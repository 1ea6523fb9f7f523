"""What the control API shows, as JSON objects; names that end in _ms are epoch milliseconds."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo

from pushctl.sandbox.clock import iso
from pushctl.sandbox.storage.store import CANCELLED, EXECUTED, WAITING, Session

Json = dict[str, object]

STATUS = {WAITING: "waiting", EXECUTED: "executed", CANCELLED: "cancelled"}
_CREATED_BY = {0: "api", 1: "console"}
_SHARED = ("app", "workspace", "title", "content", "delivery_type", "strategy_type")


def clock(session: Session) -> Json:
    """Returns the sandbox's time; `epoch` is in seconds."""
    return {
        "now": iso(session.now_ms, session.knobs.zone),
        "epoch": session.now,
        "frozen": session.clock.frozen,
        "speed": session.clock.speed,
    }


def tasks(
    session: Session, where: str = "1 ORDER BY seq", values: Sequence[object] = ()
) -> list[Json]:
    """Returns tasks with their occurrences, without a condition every one, oldest first."""
    zone = session.knobs.zone
    rows = session.db.execute(f"SELECT * FROM tasks WHERE {where}", values).fetchall()
    children: dict[int, list[sqlite3.Row]] = {row["seq"]: [] for row in rows}
    for row in session.db.execute(
        "SELECT * FROM occurrences WHERE task IN (SELECT value FROM json_each(?))"
        " ORDER BY push_ms, seq",
        (json.dumps(list(children)),),
    ):
        children[row["task"]].append(row)
    return [_task(row, children[row["seq"]], zone) for row in rows]


def _task(row: sqlite3.Row, occurrences: list[sqlite3.Row], zone: tzinfo) -> Json:
    return {
        "id": row["id"],
        **_columns(row, ("name", *_SHARED)),
        "status": _task_status(occurrences),
        "create_type": row["create_type"],
        "created_by": _CREATED_BY[row["create_type"]],
        "created": iso(row["created_ms"], zone),
        "created_ms": row["created_ms"],
        "targets": json.loads(row["targets"]),
        "params": json.loads(row["params"]),
        "occurrences": [
            {
                "id": item["id"],
                "at": iso(item["push_ms"], zone),
                "at_ms": item["push_ms"],
                "status": STATUS[item["status"]],
            }
            for item in occurrences
        ],
    }


def _columns(row: sqlite3.Row, names: Iterable[str]) -> Json:
    return {name: row[name] for name in names}


def _task_status(occurrences: list[sqlite3.Row]) -> str:
    states = {item["status"] for item in occurrences}
    if WAITING in states:
        return "waiting"
    return "cancelled" if states == {CANCELLED} else "executed"


def occurrences(session: Session, where: str, values: Sequence[object]) -> list[Json]:
    """Returns occurrences with what is known of their tasks; `where` may order and limit them."""
    zone = session.knobs.zone
    rows = session.db.execute(
        "SELECT o.id, o.push_ms, o.status, t.id AS task_id, t.name, t.app, t.workspace, t.title,"
        " t.content, t.delivery_type, t.strategy_type, t.targets FROM occurrences o"
        f" JOIN tasks t ON t.seq = o.task WHERE {where}",
        values,
    ).fetchall()
    return [
        {
            **_columns(row, ("id", "task_id", *_SHARED)),
            "task_name": row["name"],
            "at": iso(row["push_ms"], zone),
            "at_ms": row["push_ms"],
            "status": STATUS[row["status"]],
            "targets": len(json.loads(row["targets"])),
        }
        for row in rows
    ]


def deliveries(session: Session, after: int, limit: int) -> list[Json]:
    """Returns one row per target and occurrence, in order; `after` is the last id known."""
    zone = session.knobs.zone
    rows = session.db.execute(
        "SELECT coalesce(d.title, t.title) AS title, coalesce(d.content, t.content) AS content,"
        " d.*, t.id AS task_id, o.id AS occurrence_id, t.name, t.app, t.workspace, t.delivery_type,"
        " t.strategy_type, t.params, t.texts FROM deliveries d"
        " JOIN tasks t ON t.seq = d.task JOIN occurrences o ON o.seq = d.occurrence"
        " WHERE d.seq > ? ORDER BY d.seq LIMIT ?",
        (after, limit),
    ).fetchall()
    return [_delivery(row, zone) for row in rows]


def _delivery(row: sqlite3.Row, zone: tzinfo) -> Json:
    revoked = row["revoked_ms"]
    return {
        "id": row["seq"],
        "at": iso(row["at_ms"], zone),
        "at_ms": row["at_ms"],
        "due_ms": row["due_ms"],
        **_columns(row, ("task_id", "occurrence_id", "target", *_SHARED)),
        "task_name": row["name"],
        "message_key": row["msgkey"],
        "revoked": None if revoked is None else iso(revoked, zone),
        "payload": _payload(row),
    }


def _payload(row: sqlite3.Row) -> Json:
    own = json.loads(row["texts"] or "{}").get(row["target"], {})
    return {**json.loads(row["params"]), **own}


def requests(session: Session, before: int, limit: int) -> list[Json]:
    """Returns the last `limit` API calls before an id, newest last, without credentials."""
    zone = session.knobs.zone
    rows = session.db.execute(
        "SELECT * FROM requests WHERE seq < ? ORDER BY seq DESC LIMIT ?", (before, limit)
    ).fetchall()
    return [_request(row, zone) for row in reversed(rows)]


def _request(row: sqlite3.Row, zone: tzinfo) -> Json:
    entry: Mapping[str, object] = json.loads(row["entry"])
    return {"id": row["seq"], "at": iso(row["at_ms"], zone), "real": row["real"], **entry}
