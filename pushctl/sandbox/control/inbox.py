"""The page of what the phones show, of all messages or of those that a search finds."""

from __future__ import annotations

import sqlite3
from datetime import tzinfo
from pathlib import Path

from pushctl.sandbox.clock import iso
from pushctl.sandbox.control import search
from pushctl.sandbox.control.routes import Asked, Route
from pushctl.sandbox.storage.phones import params_of
from pushctl.sandbox.storage.store import Session

_INBOX = Path(__file__).with_suffix(".sql").read_text("utf-8")
_PAGE = "seq <= :seq AND (seq < :seq OR coalesce(n, 0) < :n)"
# What no search narrows is counted without reading it: deliveries go all together or not at all.
_ALL = (
    "SELECT coalesce((SELECT max(seq) FROM deliveries) - (SELECT min(seq) FROM deliveries) + 1, 0)"
    " + (SELECT count(*) FROM messages WHERE n > 0)"
)
_DEFAULT_ROWS, _MAX_ROWS = 50, 1000
_HIDDEN = ("seq", "n", "waits", "until_ms", "revoked_ms", "sent_ms", "params", "texts")


def _inbox(session: Session, asked: Asked) -> object:
    zone = session.knobs.zone
    where, values = search.parse(asked.text("q"), zone)
    limit = min(asked.number("limit", _DEFAULT_ROWS), _MAX_ROWS)
    seq, n = divmod(asked.number("before", 10**15 - 1), 1_000_000)
    values["now"] = session.now_ms
    rows = session.db.execute(
        f"{_INBOX} SELECT * FROM inbox WHERE {_PAGE}{where} ORDER BY seq DESC, n DESC LIMIT :limit",
        {**values, "seq": seq, "n": n, "limit": limit + 1},
    ).fetchall()
    counting = f"{_INBOX} SELECT count(*) FROM inbox WHERE 1{where}" if where else _ALL
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
        rule = f"withdrawn at {iso(revoked, zone)}"
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
