"""The pages that sum up: what there is, what waits next, on which days, and in which app."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo
from uuid import uuid4

from pushctl.sandbox.clock import iso
from pushctl.sandbox.control import views
from pushctl.sandbox.control.routes import Asked, ControlError, Route
from pushctl.sandbox.storage.store import WAITING, Session

_RUN = uuid4().hex[:8]
_NEXT_ROWS = 10
_MAX_APPS = 1000
_QUARTER_MS = 900_000  # every zone's midnight falls on a quarter of an hour
_DAY_ROWS = 100
_COUNTERS = (
    f"SELECT {views.size('tasks')} AS tasks, {views.size('deliveries')} AS deliveries,"
    f" {views.size('requests')} AS requests,"
    f" {views.MESSAGES} AS messages, (SELECT count(*) FROM faults WHERE times IS NOT 0) AS faults,"
    " coalesce((SELECT sum(occurrences) FROM waiting), 0) AS waiting"
)


def _summary(session: Session, _asked: Asked) -> object:
    waiting = f"{views.OCCURRENCES} WHERE o.status = {WAITING} ORDER BY o.push_ms, o.seq LIMIT ?"
    return {
        "clock": views.clock(session),
        "zone": session.knobs["service_timezone"],
        "revision": _revision(session),
        "counters": dict(session.db.execute(_COUNTERS).fetchone()),
        "next": views.rows(session, waiting, (_NEXT_ROWS,)),
    }


def _revision(session: Session) -> str:
    """Returns a text that is another one once a row has changed, by whichever process."""
    others = session.db.execute("PRAGMA data_version").fetchone()[0]
    return f"{_RUN}.{others}.{session.db.total_changes}"


def _quota(session: Session, _asked: Asked) -> object:
    counts = str(session.knobs["quota.counts"])
    rows = session.db.execute(
        f"SELECT app, workspace, tasks, occurrences, {counts} AS used FROM waiting"
        f" ORDER BY used DESC, app, workspace LIMIT {_MAX_APPS}"
    )
    limit = session.knobs["quota.limit"]
    return {"limit": limit, "counts": counts, "apps": [dict(row) for row in rows]}


def _month(session: Session, asked: Asked) -> object:
    zone = session.knobs.zone
    first = _date(f"{asked.text('month') or iso(session.now_ms, zone)[:7]}-01")
    following = (first + timedelta(days=31)).replace(day=1)
    dates = [first + timedelta(days=number) for number in range((following - first).days)]
    days = {day: {"day": day.isoformat(), **dict.fromkeys(views.STATUS, 0)} for day in dates}
    for quarter, status, number in session.db.execute(
        f"SELECT push_ms / {_QUARTER_MS} AS quarter, status, count(*) FROM occurrences"
        " WHERE push_ms >= ? AND push_ms < ? GROUP BY quarter, status",
        (_midnight(first, zone), _midnight(following, zone)),
    ):
        day = datetime.fromtimestamp(quarter * _QUARTER_MS / 1000, zone).date()
        days[day][views.STATUS[status]] += number
    return {"month": first.isoformat()[:7], "days": list(days.values())}


def _day(session: Session, asked: Asked) -> object:
    zone, day = session.knobs.zone, _date(asked.id)
    limit, offset = asked.number("limit", _DAY_ROWS), asked.number("offset", 0)
    found = views.rows(
        session,
        f"{views.OCCURRENCES} WHERE o.push_ms >= ? AND o.push_ms < ?"
        " ORDER BY o.push_ms, o.seq LIMIT ? OFFSET ?",
        (_midnight(day, zone), _midnight(day + timedelta(days=1), zone), limit + 1, offset),
    )
    following = offset + limit if len(found) > limit else None
    return {"day": day.isoformat(), "occurrences": found[:limit], "next": following}


def _date(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if not 1990 <= day.year <= 2900:
        raise ControlError(400, "a month is such as 2026-12, a day such as 2026-12-24")
    return day


def _midnight(day: date, zone: tzinfo) -> int:
    return int(datetime.combine(day, time.min, zone).timestamp() * 1000)


ROUTES = (
    Route("GET", "summary", "What there is; `revision` changes with anything.", _summary),
    Route("GET", "calendar", "How much is due on each day.", _month, query=("month",)),
    Route("GET", "calendar/{id}", "What is due on a day.", _day, query=("limit", "offset")),
    Route("GET", "quota", "What waits of what may wait, by app and workspace.", _quota),
)
