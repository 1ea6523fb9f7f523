"""What the control API shows, as JSON objects; names that end in _ms are epoch milliseconds."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import tzinfo
from typing import Any

from pushctl.sandbox.clock import iso
from pushctl.sandbox.storage.phones import params_of
from pushctl.sandbox.storage.store import CANCELLED, EXECUTED, WAITING, Session

Json = dict[str, Any]

STATUS = ("waiting", "executed", "cancelled")
"""In words, by the number of each."""


def _in_words(column: str, words: Sequence[str]) -> str:
    cases = " ".join(f"WHEN {number} THEN '{word}'" for number, word in enumerate(words))
    return f"CASE {column} {cases} END"


_SHARED = "t.app, t.workspace, t.delivery_type, t.strategy_type"
_STATUS = _in_words("o.status", STATUS)
_HAS = "EXISTS (SELECT 1 FROM occurrences o WHERE o.task = t.seq AND o.status = {})"
TASKS = (
    f"SELECT t.id, t.name, {_SHARED}, t.title, t.content, t.create_type, t.created_ms, t.targets,"
    f" t.params, {_in_words('t.create_type', ('api', 'console'))} AS created_by,"
    f" {_in_words('t.kind', ('simple', 'template', 'batch', 'broadcast'))} AS kind,"
    f" CASE WHEN t.pending > 0 THEN '{STATUS[WAITING]}' WHEN {_HAS.format(CANCELLED)}"
    f" AND NOT {_HAS.format(EXECUTED)} THEN '{STATUS[CANCELLED]}' ELSE '{STATUS[EXECUTED]}' END"
    " AS status, (SELECT json_group_array(json_object('id', o.id, 'at_ms', o.push_ms, 'status',"
    f" {_STATUS})) FROM (SELECT * FROM occurrences WHERE task = t.seq ORDER BY push_ms, seq) o)"
    " AS occurrences FROM tasks t"
)
OCCURRENCES = (
    f"SELECT o.id, t.id AS task_id, t.name AS task_name, {_SHARED}, t.title, t.content,"
    f" o.push_ms AS at_ms, {_STATUS} AS status, (SELECT count(*) FROM json_each(t.targets))"
    " AS targets FROM occurrences o JOIN tasks t ON t.seq = o.task"
)
DELIVERIES = (
    f"SELECT {_SHARED}, d.seq AS id, d.at_ms, d.due_ms, t.id AS task_id, t.name AS task_name,"
    " o.id AS occurrence_id, d.target, d.msgkey AS message_key, d.revoked_ms, t.params, t.texts,"
    " coalesce(d.title, t.title) AS title, coalesce(d.content, t.content) AS content"
    " FROM deliveries d JOIN tasks t ON t.seq = d.task JOIN occurrences o ON o.seq = d.occurrence"
)


def size(table: str) -> str:
    """Returns the number of rows as SQL; they have no gaps but at the beginning: none is read."""
    return f"coalesce((SELECT max(seq) FROM {table}) - (SELECT min(seq) FROM {table}) + 1, 0)"


MESSAGES = f"{size('deliveries')} + (SELECT count(*) FROM messages WHERE n > 0)"
"""The number of messages as SQL."""


def clock(session: Session) -> Json:
    """Returns the sandbox's time; `epoch` is in seconds."""
    return {
        "now": iso(session.now_ms, session.knobs.zone),
        "epoch": session.now,
        "frozen": session.clock.frozen,
        "speed": session.clock.speed,
    }


def rows(session: Session, query: str, values: Sequence[object] | Json = ()) -> list[Json]:
    """Returns the rows of a query as JSON objects.

    Each moment `x_ms` also is ISO 8601 text as `x`; `payload` is what `params` and `texts` say.
    """
    zone = session.knobs.zone
    return [_row(row, zone) for row in session.db.execute(query, values).fetchall()]


def _row(row: sqlite3.Row, zone: tzinfo) -> Json:
    shown = _with_moments(dict(row), zone)
    if "texts" in shown:
        del shown["texts"], shown["params"]
        return {**shown, "payload": params_of(row)}
    for name in ("targets", "params", "occurrences"):
        if isinstance(text := shown.get(name), str):
            shown[name] = json.loads(text)
    if "occurrences" in shown:
        shown["occurrences"] = [_with_moments(item, zone) for item in shown["occurrences"]]
    return shown


def _with_moments(row: Json, zone: tzinfo) -> Json:
    moments = {name: ms for name, ms in row.items() if name.endswith("_ms")}
    texts = {name[:-3]: ms if ms is None else iso(ms, zone) for name, ms in moments.items()}
    return {**row, **texts}
