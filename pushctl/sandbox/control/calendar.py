"""The pages about days: how much is due on each day of a month, and what on one of them."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta, tzinfo

from pushctl.sandbox.clock import iso
from pushctl.sandbox.control import views
from pushctl.sandbox.control.routes import Asked, ControlError, Route
from pushctl.sandbox.storage.store import Session

_QUARTER_MS = 900_000  # every zone's midnight falls on a quarter of an hour
_DAY_ROWS = 100


def _month(session: Session, asked: Asked) -> object:
    zone = session.knobs.zone
    first = _date(f"{asked.text('month') or iso(session.now_ms, zone)[:7]}-01")
    following = (first + timedelta(days=31)).replace(day=1)
    counted: Counter[tuple[date, str]] = Counter()
    for row in session.db.execute(
        f"SELECT push_ms / {_QUARTER_MS} AS quarter, status, count(*) AS number FROM occurrences"
        " WHERE push_ms >= ? AND push_ms < ? GROUP BY quarter, status",
        (_midnight(first, zone), _midnight(following, zone)),
    ):
        day = datetime.fromtimestamp(row["quarter"] * _QUARTER_MS / 1000, zone).date()
        counted[day, views.STATUS[row["status"]]] += row["number"]
    days = [first + timedelta(days=number) for number in range((following - first).days)]
    return {
        "month": first.isoformat()[:7],
        "days": [
            {"day": day.isoformat(), **{name: counted[day, name] for name in views.STATUS.values()}}
            for day in days
        ],
    }


def _day(session: Session, asked: Asked) -> object:
    zone, day = session.knobs.zone, _date(asked.id)
    limit, offset = asked.number("limit", _DAY_ROWS), asked.number("offset", 0)
    found = views.occurrences(
        session,
        "o.push_ms >= ? AND o.push_ms < ? ORDER BY o.push_ms, o.seq LIMIT ? OFFSET ?",
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
    Route("GET", "calendar", "How much is due on each day.", _month, query=("month",)),
    Route("GET", "calendar/{id}", "What is due on a day.", _day, query=("limit", "offset")),
)
