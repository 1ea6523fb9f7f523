"""The page of what the phones show, of all messages or of those that a search finds."""

from __future__ import annotations

from pathlib import Path

from pushctl.sandbox.control import search, views
from pushctl.sandbox.control.routes import Asked, Route
from pushctl.sandbox.storage.store import Session

_INBOX = Path(__file__).with_suffix(".sql").read_text("utf-8")
_PAGE = "seq <= :seq AND (seq < :seq OR coalesce(n, 0) < :n)"
_DEFAULT_ROWS, _MAX_ROWS = 50, 1000
_HIDDEN = ("seq", "n", "waits", "until_ms", "sent", "sent_ms")


def _inbox(session: Session, asked: Asked) -> object:
    where, values = search.parse(asked.text("q"), session.knobs.zone)
    limit = min(asked.number("limit", _DEFAULT_ROWS), _MAX_ROWS)
    seq, n = divmod(asked.number("before", 10**15 - 1), 1_000_000)
    values["now"] = session.now_ms
    rows = views.rows(
        session,
        f"{_INBOX} SELECT * FROM inbox WHERE {_PAGE}{where} ORDER BY seq DESC, n DESC LIMIT :limit",
        {**values, "seq": seq, "n": n, "limit": limit + 1},
    )
    counting = f"SELECT {views.MESSAGES}"
    if where:
        counting = f"{_INBOX} SELECT count(*) FROM inbox WHERE 1{where}"
    shown = rows[:limit]
    return {
        "messages": [_message(row) for row in shown],
        "total": session.db.execute(counting, values).fetchone()[0],
        "next": shown[-1]["id"] if shown and len(rows) > limit else None,
    }


def _message(row: views.Json) -> views.Json:
    outcome = row["outcome"]
    if outcome == "revoked":
        row["rule"] = f"withdrawn at {row['revoked']}"
    if outcome in ("waiting", "not-bound"):
        row["rule"] = row["waits"]
    else:
        row["until"] = None
    hidden = _HIDDEN if outcome == "cut" else (*_HIDDEN, "title_sent", "content_sent")
    return {name: value for name, value in row.items() if name not in hidden}


_QUERY = ("q", "before", "limit")
ROUTES = (Route("GET", "inbox", "What the phones show; q is a search.", _inbox, query=_QUERY),)
