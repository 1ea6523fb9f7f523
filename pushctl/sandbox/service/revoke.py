"""Withdraws what was delivered."""

from __future__ import annotations

from pushctl.sandbox.errors import invalid
from pushctl.sandbox.faults import ActiveFaults
from pushctl.sandbox.service import fields
from pushctl.sandbox.service.apps import app_and_workspace
from pushctl.sandbox.service.fields import Params, Result
from pushctl.sandbox.storage.store import Session
from pushctl.sandbox.storage.task import BATCH, BROADCAST, SIMPLE, TEMPLATE

_REVOKE_MS = 7 * 86_400_000
_OF_KINDS = "task IN (SELECT seq FROM tasks WHERE kind IN ({}, {}) AND app = ? AND workspace = ?)"


def message(session: Session, params: Params, _version: str, _active: ActiveFaults) -> Result:
    """Withdraws one message of a simple or template push, delivered in the last seven days."""
    key, target = (fields.required(params, name) for name in ("MessageId", "TargetId"))
    which = f"msgkey = ? AND target = ? AND {_OF_KINDS.format(SIMPLE, TEMPLATE)}"
    return _revoke(session, params, which, key, target)


def task(session: Session, params: Params, _version: str, _active: ActiveFaults) -> Result:
    """Withdraws what a batch or a broadcast delivered in the last seven days."""
    which = f"task = ? AND {_OF_KINDS.format(BATCH, BROADCAST)}"
    return _revoke(session, params, which, fields.integer(params, "TaskId"))


def _revoke(session: Session, params: Params, which: str, *values: object) -> Result:
    cursor = session.db.execute(
        f"UPDATE deliveries SET revoked_ms = coalesce(revoked_ms, ?) WHERE at_ms >= ? AND {which}",
        (session.now_ms, session.now_ms - _REVOKE_MS, *values, *app_and_workspace(session, params)),
    )
    if not cursor.rowcount:
        raise invalid("no such push of this kind delivered that in the last 7 days")
    return dict(fields.DONE)
