"""The page of what the phones show, of all messages or of those that a search finds."""

from __future__ import annotations

import sqlite3
from datetime import tzinfo

from pushctl.sandbox.clock import iso
from pushctl.sandbox.control import search
from pushctl.sandbox.control.routes import Asked, Route
from pushctl.sandbox.control.search import CONTENT, OUTCOME, TITLE
from pushctl.sandbox.storage.phones import params_of
from pushctl.sandbox.storage.store import Session

_DEFAULT_ROWS, _MAX_ROWS, _LAST = 50, 1000, 10**15 - 1
_PER_DELIVERY = 1_000_000  # ids of the messages of one delivery follow each other
# In this order, so that the newest are found first and the rest is not read.
_FROM = (
    "deliveries d CROSS JOIN tasks t ON t.seq = d.task"
    " LEFT JOIN messages m ON m.delivery = d.seq LEFT JOIN phones p ON p.seq = m.phone"
)
_SENT = "coalesce(d.title, t.title) AS title_sent, coalesce(d.content, t.content) AS content_sent"
_COLUMNS = (
    f"d.seq * {_PER_DELIVERY} + coalesce(m.n, 0) AS id, d.seq AS delivery, d.at_ms AS sent_ms,"
    " d.target AS user, p.name AS device, p.vendor, p.system,"
    f" {OUTCOME} AS outcome, m.rule, m.waits, m.ends_ms, m.until_ms, d.revoked_ms,"
    f" coalesce(m.channel, 'push') AS channel, m.segments, {TITLE} AS title,"
    f" {CONTENT} AS content, {_SENT},"
    " t.id AS task_id, t.name AS task_name, t.app, t.workspace, d.msgkey AS message_key,"
    " t.delivery_type, t.params, t.texts, d.target, d.due_ms, t.strategy_type,"
    " (SELECT o.id FROM occurrences o WHERE o.seq = d.occurrence) AS occurrence_id"
)
_BEFORE = "d.seq <= :seq AND (d.seq < :seq OR coalesce(m.n, 0) < :n)"
# What no search narrows is counted without reading it: deliveries go all together or not at all.
_ALL = (
    "SELECT coalesce((SELECT max(seq) FROM deliveries) - (SELECT min(seq) FROM deliveries) + 1, 0)"
    " + (SELECT count(*) FROM messages WHERE n > 0)"
)
_SHOWN = (
    *("id", "delivery", "user", "device", "vendor", "system", "outcome", "channel", "segments"),
    *("title", "content", "task_id", "task_name", "app", "workspace", "message_key"),
    *("delivery_type", "target", "due_ms", "strategy_type", "occurrence_id"),
)


def _inbox(session: Session, asked: Asked) -> object:
    zone, now_ms = session.knobs.zone, session.now_ms
    conditions, values = search.parse(asked.text("q"), zone)
    where = " AND ".join(conditions) or "1"
    limit = min(asked.number("limit", _DEFAULT_ROWS), _MAX_ROWS)
    seq, n = divmod(asked.number("before", _LAST), _PER_DELIVERY)
    values["now"] = now_ms
    rows = session.db.execute(
        f"SELECT {_COLUMNS} FROM {_FROM} WHERE {_BEFORE} AND {where}"
        " ORDER BY d.seq DESC, m.n DESC LIMIT :limit",
        {**values, "seq": seq, "n": n, "limit": limit + 1},
    ).fetchall()
    counting = f"SELECT count(*) FROM {_FROM} WHERE {where}" if conditions else _ALL
    shown = rows[:limit]
    return {
        "messages": [_message(row, now_ms, zone) for row in shown],
        "total": session.db.execute(counting, values).fetchone()[0],
        "next": shown[-1]["id"] if shown and len(rows) > limit else None,
    }


def _message(row: sqlite3.Row, now_ms: int, zone: tzinfo) -> dict[str, object]:
    waits = row["outcome"] in ("waiting", "not-bound")
    at_ms = row["sent_ms"] if row["ends_ms"] is None or row["ends_ms"] > now_ms else row["ends_ms"]
    revoked = row["revoked_ms"]
    return {
        **{name: row[name] for name in _SHOWN},
        "revoked": None if revoked is None else iso(revoked, zone),
        **{name: row[name] for name in ("title_sent", "content_sent") if row["outcome"] == "cut"},
        "at": iso(at_ms, zone),
        "at_ms": at_ms,
        "rule": _rule(row, zone),
        "until": iso(row["until_ms"], zone) if waits else None,
        "payload": params_of(row),
    }


def _rule(row: sqlite3.Row, zone: tzinfo) -> str | None:
    if row["outcome"] == "revoked":
        return f"withdrawn at {iso(row['revoked_ms'], zone)}"
    rule: str | None = row["waits" if row["outcome"] in ("waiting", "not-bound") else "rule"]
    return rule


ROUTES = (
    Route(
        *("GET", "inbox", "What the phones show, newest first; q is a search.", _inbox),
        query=("q", "before", "limit"),
    ),
)
