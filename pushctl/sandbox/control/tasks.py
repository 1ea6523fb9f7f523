"""The pages about tasks, and what somebody does to them by hand."""

from __future__ import annotations

from uuid import uuid4

from pushctl.sandbox.clock import parse_time, to_milliseconds
from pushctl.sandbox.control import views
from pushctl.sandbox.control.routes import Asked, ControlError, Route
from pushctl.sandbox.gateway.decoding import decode_json
from pushctl.sandbox.service import parameters, push, scheduler
from pushctl.sandbox.service.fields import Params
from pushctl.sandbox.storage.store import WAITING, Session

_CURRENT_VERSION = "2020-10-28"
_FIELDS = ("before", "id", "limit", "status")
_PAGE, _MAX_PAGE = 25, 1000
_ASKED = (
    "(?1 = '' OR t.seq < (SELECT seq FROM tasks WHERE id = ?1)) AND (?2 = '' OR t.id = ?2)"
    " AND (?3 = '' OR (t.pending > 0) = (?3 = 'waiting') AND status = ?3)"
)


def _create(session: Session, asked: Asked) -> object:
    params = asked.object()
    for name, value in params.items():
        if isinstance(value, str) and value[:1] in ("{", "[") and name not in ("Title", "Content"):
            params[name] = decode_json(value)
    return {"id": _created(session, params)}


def _created(session: Session, params: Params) -> str:
    return push.create_task(session, params, _CURRENT_VERSION, parameters.CONSOLE_CREATED)


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
    return {"id": _created(session, params), "app": f"{app}/{workspace}"}


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
        return {"tasks": views.rows(session, f"{views.TASKS} ORDER BY t.seq")}
    if status not in ("", *views.STATUS):
        raise ControlError(400, f"status must be one of {', '.join(views.STATUS)}")
    size = max(1, min(asked.number("limit", _PAGE), _MAX_PAGE))
    page = f"{views.TASKS} WHERE {_ASKED} ORDER BY t.seq DESC LIMIT ?4"
    found = views.rows(session, page, (before, id, status, size + 1))
    return {"tasks": found[:size], "next": found[size - 1]["id"] if len(found) > size else None}


ROUTES = (
    Route("GET", "tasks", "Every task; newest first if by pages.", _list, query=_FIELDS),
    Route("POST", "tasks", "Create a task as the console does, from PushSimple's fields.", _create),
    Route("POST", "console", "Create a push by hand.", _create_in_words, body="ConsolePush"),
    Route("POST", "tasks/{id}/cancel", "Cancel what waits of a task or an occurrence.", _cancel),
)
