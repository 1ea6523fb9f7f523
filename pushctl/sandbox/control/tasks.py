"""The pages about tasks, and what somebody does to them by hand."""

from __future__ import annotations

from uuid import uuid4

from pushctl.sandbox.clock import parse_time, to_milliseconds
from pushctl.sandbox.control import views
from pushctl.sandbox.control.routes import Asked, ControlError, Route
from pushctl.sandbox.gateway.decoding import decode_json
from pushctl.sandbox.service import parameters, push, scheduler
from pushctl.sandbox.storage.store import CANCELLED, EXECUTED, WAITING, Session

_CURRENT_VERSION = "2020-10-28"
_FIELDS = ("before", "id", "limit", "status")
_PAGE, _MAX_PAGE = 25, 1000
_HAS = "EXISTS (SELECT 1 FROM occurrences WHERE task = tasks.seq AND status = {})"
_CANCELLED = f"({_HAS.format(CANCELLED)} AND NOT {_HAS.format(EXECUTED)})"
_WITH_STATUS = {
    "": "1",
    "waiting": "pending > 0",
    "executed": f"pending = 0 AND NOT {_CANCELLED}",
    "cancelled": f"pending = 0 AND {_CANCELLED}",
}


def _create(session: Session, asked: Asked) -> object:
    params = asked.object()
    for name, value in params.items():
        if isinstance(value, str) and value[:1] in ("{", "[") and name not in ("Title", "Content"):
            params[name] = decode_json(value)
    task_id = push.create_task(session, params, _CURRENT_VERSION, parameters.CONSOLE_CREATED)
    return {"id": task_id}


def _create_in_words(session: Session, asked: Asked) -> object:
    said = asked.body("ConsolePush")
    app, _, workspace = (said.app or _only_app(session)).partition("/")
    targets = {target: uuid4().hex for target in said.targets}
    params = {"AppId": app, "WorkspaceId": workspace, "TaskName": said.name, "DeliveryType": 3}
    params |= {"Title": said.title, "Content": said.content, "TargetMsgkey": targets}
    params["ExpiredSeconds"] = 86_400
    if said.at is not None:
        at_ms = to_milliseconds(parse_time(said.at, session.knobs.zone))
        params |= {"StrategyType": 1, "StrategyContent": {"fixedTime": at_ms}}
    created_by = parameters.CONSOLE_CREATED
    task_id = push.create_task(session, params, _CURRENT_VERSION, created_by)
    return {"id": task_id, "app": f"{app}/{workspace}"}


def _only_app(session: Session) -> str:
    rows = session.db.execute(
        "SELECT app, workspace FROM apps UNION SELECT app, workspace FROM tasks"
    )
    apps = ["/".join(row) for row in rows if row["workspace"]]
    if len(apps) != 1:
        raise ControlError(400, f"say for which app; there are: {', '.join(apps) or 'none yet'}")
    return apps[0]


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


def _list(session: Session, asked: Asked) -> object:
    before, id, limit, status = map(asked.text, _FIELDS)
    if not (before or id or limit or status):
        return {"tasks": views.tasks(session)}
    if status not in _WITH_STATUS:
        raise ControlError(400, f"status must be one of {', '.join(_WITH_STATUS)[2:]}")
    size = max(1, min(asked.number("limit", _PAGE), _MAX_PAGE))
    where = "(?1 = '' OR seq < (SELECT seq FROM tasks WHERE id = ?1)) AND (?2 = '' OR id = ?2)"
    page = f"{where} AND {_WITH_STATUS[status]} ORDER BY seq DESC LIMIT ?3"
    found = views.tasks(session, page, (before, id, size + 1))
    return {"tasks": found[:size], "next": found[size - 1]["id"] if len(found) > size else None}


ROUTES = (
    Route(
        *("GET", "tasks", "Every task with its occurrences; newest first if by pages.", _list),
        query=_FIELDS,
    ),
    Route("POST", "tasks", "Create a task as the console does, from PushSimple's fields.", _create),
    Route(
        *("POST", "console", "Create a push by hand, in plain words.", _create_in_words),
        body="ConsolePush",
    ),
    Route("POST", "tasks/{id}/cancel", "Cancel what waits of a task or an occurrence.", _cancel),
)
