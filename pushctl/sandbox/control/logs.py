"""The pages about what happened: messages that were delivered, and calls that were made."""

from __future__ import annotations

import json

from pushctl.sandbox.control import views
from pushctl.sandbox.control.routes import Asked, Route
from pushctl.sandbox.storage.store import Session

_MAX_ROWS = 1_000_000
_MAX_ID = 2**62


def _deliveries(session: Session, asked: Asked) -> object:
    page = (asked.number("after", 0), asked.number("limit", _MAX_ROWS))
    query = f"{views.DELIVERIES} WHERE d.seq > ? ORDER BY d.seq LIMIT ?"
    return {"deliveries": views.rows(session, query, page)}


def _requests(session: Session, asked: Asked) -> object:
    page = (asked.number("before", _MAX_ID), asked.number("limit", _MAX_ROWS))
    query = "SELECT seq AS id, at_ms, real, entry FROM requests WHERE seq < ? ORDER BY seq DESC"
    found = views.rows(session, f"{query} LIMIT ?", page)
    return {"requests": [{**json.loads(row.pop("entry")), **row} for row in reversed(found)]}


ROUTES = (
    Route("GET", "deliveries", "What was delivered.", _deliveries, query=("after", "limit")),
    Route("GET", "requests", "The last API calls.", _requests, query=("before", "limit")),
)
