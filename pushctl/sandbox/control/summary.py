"""The pages that sum up: what there is, what waits next, and how full the quota is."""

from __future__ import annotations

from uuid import uuid4

from pushctl.sandbox.control import views
from pushctl.sandbox.control.routes import Asked, Route
from pushctl.sandbox.storage.store import WAITING, Session

_RUN = uuid4().hex[:8]
_NEXT_ROWS = 10
_MAX_APPS = 1000


def _summary(session: Session, _asked: Asked) -> object:
    upcoming = views.occurrences(
        session, f"o.status = {WAITING} ORDER BY o.push_ms, o.seq LIMIT ?", (_NEXT_ROWS,)
    )
    return {
        "clock": views.clock(session),
        "zone": session.knobs["service_timezone"],
        "revision": _revision(session),
        "counters": _counters(session),
        "next": upcoming,
    }


def _revision(session: Session) -> str:
    """Returns a text that is another one once a row has changed, by whichever process."""
    others = session.db.execute("PRAGMA data_version").fetchone()[0]
    return f"{_RUN}.{others}.{session.db.total_changes}"


def _counters(session: Session) -> dict[str, int]:
    # Numbers of rows have no gaps but at the beginning: no row has to be counted.
    sizes = {
        table: f"coalesce((SELECT max(seq) FROM {table}) - (SELECT min(seq) FROM {table}) + 1, 0)"
        for table in ("tasks", "deliveries", "requests")
    }
    sizes["waiting"] = "coalesce((SELECT sum(occurrences) FROM waiting), 0)"
    sizes["faults"] = "(SELECT count(*) FROM faults WHERE times IS NOT 0)"
    columns = ", ".join(f"{size} AS {name}" for name, size in sizes.items())
    return dict(session.db.execute(f"SELECT {columns}").fetchone())


def _quota(session: Session, _asked: Asked) -> object:
    counts = str(session.knobs["quota.counts"])
    rows = session.db.execute(
        f"SELECT app, workspace, tasks, occurrences, {counts} AS used FROM waiting"
        f" ORDER BY used DESC, app, workspace LIMIT {_MAX_APPS}"
    )
    limit = session.knobs["quota.limit"]
    return {"limit": limit, "counts": counts, "apps": [dict(row) for row in rows]}


ROUTES = (
    Route("GET", "summary", "What there is; `revision` changes with anything.", _summary),
    Route("GET", "quota", "What waits of what may wait, by app and workspace.", _quota),
)
