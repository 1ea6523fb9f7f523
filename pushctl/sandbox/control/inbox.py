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
_COLUMNS = (
    f"d.seq * {_PER_DELIVERY} + coalesce(m.n, 0) AS id, d.seq AS delivery, d.target AS user,"
    f" p.name AS device, p.vendor, p.system, {OUTCOME} AS outcome, m.rule, m.segments,"
    f" coalesce(m.channel, 'push') AS channel, {TITLE} AS title, {CONTENT} AS content,"
    " coalesce(d.title, t.title) AS title_sent, coalesce(d.content, t.content) AS content_sent,"
    " t.id AS task_id, t.name AS task_name, t.app, t.workspace, d.msgkey AS message_key,"
    " CASE WHEN m.ends_ms <= :now THEN m.ends_ms ELSE d.at_ms END AS at_ms, t.delivery_type,"
    " m.waits, m.until_ms, d.revoked_ms, t.params, t.texts, d.target, d.due_ms, t.strategy_type,"
    " (SELECT o.id FROM occurrences o WHERE o.seq = d.occurrence) AS occurrence_id"
)
_HIDDEN = ("waits", "until_ms", "revoked_ms", "params", "texts")
_BEFORE = "d.seq <= :seq AND (d.seq < :seq OR coalesce(m.n, 0) < :n)"
# What no search narrows is counted without reading it: deliveries go all together or not at all.
_ALL = (
    "SELECT coalesce((SELECT max(seq) FROM deliveries) - (SELECT min(seq) FROM deliveries) + 1, 0)"
    " + (SELECT count(*) FROM messages WHERE n > 0)"
)


def _inbox(session: Session, asked: Asked) -> object:
    zone = session.knobs.zone
    conditions, values = search.parse(asked.text("q"), zone)
    where = " AND ".join(conditions) or "1"
    limit = min(asked.number("limit", _DEFAULT_ROWS), _MAX_ROWS)
    seq, n = divmod(asked.number("before", _LAST), _PER_DELIVERY)
    values["now"] = session.now_ms
    rows = session.db.execute(
        f"SELECT {_COLUMNS} FROM {_FROM} WHERE {_BEFORE} AND {where}"
        " ORDER BY d.seq DESC, m.n DESC LIMIT :limit",
        {**values, "seq": seq, "n": n, "limit": limit + 1},
    ).fetchall()
    counting = f"SELECT count(*) FROM {_FROM} WHERE {where}" if conditions else _ALL
    shown = rows[:limit]
    return {
        "messages": [_message(row, zone) for row in shown],
        "total": session.db.execute(counting, values).fetchone()[0],
        "next": shown[-1]["id"] if shown and len(rows) > limit else None,
    }


def _message(row: sqlite3.Row, zone: tzinfo) -> dict[str, object]:
    outcome, rule, until, revoked = row["outcome"], row["rule"], None, row["revoked_ms"]
    hidden = _HIDDEN if outcome == "cut" else (*_HIDDEN, "title_sent", "content_sent")
    if outcome == "revoked":
        rule = f"withdrawn at {iso(row['revoked_ms'], zone)}"
    if outcome in ("waiting", "not-bound"):
        rule, until = row["waits"], iso(row["until_ms"], zone)
    return {
        **{name: value for name, value in dict(row).items() if name not in hidden},
        "at": iso(row["at_ms"], zone),
        "revoked": None if revoked is None else iso(revoked, zone),
        "rule": rule,
        "until": until,
        "payload": params_of(row),
    }


ROUTES = (
    Route(
        *("GET", "inbox", "What the phones show, newest first; q is a search.", _inbox),
        query=("q", "before", "limit"),
    ),
)
