"""Which apps there are: any, until some are named."""

from __future__ import annotations

from collections.abc import Iterable

from pushctl.sandbox.errors import RefusedError
from pushctl.sandbox.service import fields
from pushctl.sandbox.service.fields import Params
from pushctl.sandbox.storage.store import Session

_MAX_NAME = 200
_UNKNOWN = (
    "SELECT 1 FROM apps WHERE NOT EXISTS"
    " (SELECT 1 FROM apps WHERE app = ? AND workspace IN (?, '')) LIMIT 1"
)


def app_and_workspace(session: Session, params: Params) -> tuple[str, str]:
    """Returns AppId and WorkspaceId; raises RefusedError, also if others are named than these."""
    app = fields.required(params, "AppId", "3003")
    workspace = fields.required(params, "WorkspaceId", "3003")
    if session.db.execute(_UNKNOWN, (app, workspace)).fetchone():
        there = ", ".join(names(session))
        raise RefusedError("8012", f"there is no app {app}/{workspace}, only {there}")
    return app, workspace


def names(session: Session) -> list[str]:
    """Returns the named apps as app/workspace, or app alone for every workspace of it."""
    rows = session.db.execute("SELECT app, workspace FROM apps").fetchall()
    return ["/".join(filter(None, row)) for row in rows]


def name(session: Session, apps: Iterable[str], *, only: bool = False) -> None:
    """Makes there be these apps (`only`: no others), as `names` writes them; raises ValueError."""
    if only:
        session.db.execute("DELETE FROM apps")
    for text in apps:
        app, _, workspace = text.partition("/")
        if not app or "/" in workspace or len(text) > _MAX_NAME:
            raise ValueError(f"an app is written APP/WORKSPACE or APP: {text[:_MAX_NAME]!r}")
        session.db.execute("INSERT OR IGNORE INTO apps VALUES (?, ?)", (app, workspace))
