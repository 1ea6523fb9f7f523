"""The pages about what happened: messages that were delivered, and calls that were made."""

from __future__ import annotations

from pushctl.sandbox.control import views
from pushctl.sandbox.control.routes import Asked, Route
from pushctl.sandbox.storage.store import Session

_MAX_ROWS = 1_000_000
_MAX_ID = 2**62


def _deliveries(session: Session, asked: Asked) -> object:
    after, limit = asked.number("after", 0), asked.number("limit", _MAX_ROWS)
    return {"deliveries": views.deliveries(session, after, limit)}


def _requests(session: Session, asked: Asked) -> object:
    before, limit = asked.number("before", _MAX_ID), asked.number("limit", _MAX_ROWS)
    return {"requests": views.requests(session, before, limit)}


ROUTES = (
    Route(
        *("GET", "deliveries", "What was delivered, one row per target.", _deliveries),
        query=("after", "limit"),
    ),
    Route(
        *("GET", "requests", "The last API calls, without credentials.", _requests),
        query=("before", "limit"),
    ),
)
