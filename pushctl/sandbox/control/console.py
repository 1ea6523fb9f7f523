"""The page for a push that somebody creates by hand, in plain words."""

from __future__ import annotations

from uuid import uuid4

from pushctl.sandbox.clock import parse_time, to_milliseconds
from pushctl.sandbox.control.routes import Asked, ControlError, Route
from pushctl.sandbox.service import parameters, push
from pushctl.sandbox.storage.store import Session

_CURRENT_VERSION = "2020-10-28"


def _create(session: Session, asked: Asked) -> object:
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


ROUTES = (Route("POST", "console", "Create a push by hand.", _create, body="ConsolePush"),)
