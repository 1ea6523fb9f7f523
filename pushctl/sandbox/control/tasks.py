"""The pages about tasks, and what somebody does to them by hand."""

from __future__ import annotations

from pushctl.sandbox.control import views
from pushctl.sandbox.control.routes import Asked, ControlError, Route
from pushctl.sandbox.gateway.decoding import decode_json
from pushctl.sandbox.service import parameters, push, scheduler
from pushctl.sandbox.storage.store import WAITING, Session

_CURRENT_VERSION = "2020-10-28"


def _create(session: Session, asked: Asked) -> object:
    params = asked.object()
    for name, value in params.items():
        if isinstance(value, str) and value[:1] in ("{", "[") and name not in ("Title", "Content"):
            params[name] = decode_json(value)
    task_id = push.create_task(session, params, _CURRENT_VERSION, parameters.CONSOLE_CREATED)
    return {"id": task_id}


def _cancel(session: Session, asked: Asked) -> object:
    rows = session.db.execute(
        "SELECT o.seq, o.task, o.status FROM occurrences o JOIN tasks t ON t.seq = o.task"
        " WHERE t.id = ? OR o.id = ?",
        (asked.id, asked.id),
    ).fetchall()
    if not rows:
        raise ControlError(404, "no such task or occurrence")
    waiting = [(row["seq"], row["task"]) for row in rows if row["status"] == WAITING]
    if not waiting:
        raise ControlError(409, "nothing of it is waiting")
    scheduler.cancel_occurrences(session, waiting)
    return {"cancelled": len(waiting)}


def _list(session: Session, _asked: Asked) -> object:
    return {"tasks": views.tasks(session)}


ROUTES = (
    Route("GET", "tasks", "Every task with its occurrences.", _list),
    Route("POST", "tasks", "Create a task as the console does, from PushSimple's fields.", _create),
    Route("POST", "tasks/{id}/cancel", "Cancel what waits of a task or an occurrence.", _cancel),
)
