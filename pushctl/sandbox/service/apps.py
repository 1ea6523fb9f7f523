"""Which apps there are: any, until some are named."""

from __future__ import annotations

from collections.abc import Iterable

from pushctl.sandbox.errors import RefusedError
from pushctl.sandbox.service import fields
from pushctl.sandbox.service.fields import Params
from pushctl.sandbox.storage.store import Session


def app_and_workspace(session: Session, params: Params) -> tuple[str, str]:
    """Returns AppId and WorkspaceId; raises RefusedError, also if others are named than these."""
    app = fields.required(params, "AppId", "3003")
    workspace = fields.required(params, "WorkspaceId", "3003")
    known = "SELECT 1 FROM apps WHERE app = ? AND workspace IN (?, '')"
    if session.db.execute(known, (app, workspace)).fetchone() is None and (there := names(session)):
        raise RefusedError("8012", f"there is no app {app}/{workspace}, only {', '.join(there)}")
    return app, workspace


def names(session: Session) -> list[str]:
    """Returns the named apps as app/workspace, or app alone for every workspace of it."""
    rows = session.db.execute("SELECT app, workspace FROM apps").fetchall()
    return ["/".join(filter(None, row)) for row in rows]


def name(session: Session, apps: Iterable[str]) -> None:
    """Makes these the apps that there are; without any, every app is accepted."""
    session.db.execute("DELETE FROM apps")
    rows = [(app, workspace) for app, _, workspace in (text.partition("/") for text in apps)]
    session.db.executemany("INSERT OR IGNORE INTO apps VALUES (?, ?)", rows)
