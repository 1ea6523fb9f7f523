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


def message(session: Session, params: Params, _version: str, _active: ActiveFaults) -> Result:
    """Withdraws one message of a simple or template push, delivered in the last seven days."""
    scope = app_and_workspace(session, params)
    key, target = (fields.required(params, name) for name in ("MessageId", "TargetId"))
    kinds = f"kind IN ({SIMPLE}, {TEMPLATE})"
    if not _revoke(session, scope, kinds, "msgkey = ? AND target = ?", (key, target)):
        raise invalid("no simple or template push delivered such a message in the last 7 days")
    return dict(fields.DONE)


def task(session: Session, params: Params, _version: str, _active: ActiveFaults) -> Result:
    """Withdraws what a batch or a broadcast delivered in the last seven days."""
    scope = app_and_workspace(session, params)
    number = fields.integer(params, "TaskId")
    kinds = f"kind IN ({BATCH}, {BROADCAST})"
    if not _revoke(session, scope, kinds, "task = ?", (number,)):
        raise invalid("no batch or broadcast of this number delivered anything in the last 7 days")
    return dict(fields.DONE)


def _revoke(
    session: Session, scope: tuple[str, str], kinds: str, which: str, values: tuple[object, ...]
) -> int:
    cursor = session.db.execute(
        f"UPDATE deliveries SET revoked_ms = coalesce(revoked_ms, ?) WHERE {which} AND at_ms >= ?"
        f" AND task IN (SELECT seq FROM tasks WHERE app = ? AND workspace = ? AND {kinds})",
        (session.now_ms, *values, session.now_ms - _REVOKE_MS, *scope),
    )
    return cursor.rowcount
