"""Says what became of pushes, in numbers."""

from __future__ import annotations

from datetime import datetime, time, timedelta, tzinfo

from pushctl.sandbox.errors import invalid
from pushctl.sandbox.faults import ActiveFaults
from pushctl.sandbox.service import fields
from pushctl.sandbox.service.apps import app_and_workspace
from pushctl.sandbox.service.bindings import NAMES
from pushctl.sandbox.service.fields import Params, Result
from pushctl.sandbox.storage.store import Session
from pushctl.sandbox.storage.task import BATCH, BROADCAST

_DEFAULT_PAGE = 500
_MOST_DAYS = 90
_LATEST_MS = 32_503_680_000_000  # the year 3000, which nobody asks for
_TYPES = ("SIMPLE", "TEMPLATE", "MULTIPLE", "BROADCAST")
# The names of phones, and each DeliveryType that is only of such phones.
_PLATFORMS = {"ANDROID": ("android", "1"), "IOS": ("ios", "2, 5, 6"), "HARMONYOS": ("harmony", "7")}
_VENDORS = ("ios", "fcm", "huawei", "xiaomi", "oppo", "vivo", "mps", "harmony")
_CHANNELS = {NAMES.get(vendor, vendor).upper(): vendor for vendor in _VENDORS}
_TASKS = (
    "SELECT CAST(seq AS TEXT) AS TaskId, name AS TaskName, CAST(template AS TEXT) AS TemplateId,"
    " json_extract(params, '$.TemplateName') AS TemplateName, kind AS Type,"
    " created_ms AS GmtCreate FROM tasks t"
    f" WHERE app = ? AND workspace = ? AND kind IN ({BATCH}, {BROADCAST})"
)
# The parameter is now (epoch milliseconds). Without messages of phones everything arrives.
_COUNTS = (
    "total(1) AS sent, total(NOT EXISTS (SELECT 1 FROM messages m WHERE m.delivery = d.seq)"
    " OR EXISTS (SELECT 1 FROM messages m WHERE m.delivery = d.seq AND m.ends_ms <= ?"
    " AND m.outcome IN ('shown', 'cut'))) AS arrived"
)
_ON_PHONE = (
    "EXISTS (SELECT 1 FROM messages m JOIN phones p ON p.seq = m.phone WHERE m.delivery = d.seq"
)
_FIRED = " AND EXISTS (SELECT 1 FROM occurrences o WHERE o.task = t.seq AND o.status = 1)"


def task_list(session: Session, params: Params, _version: str, _active: ActiveFaults) -> Result:
    """Returns one page of batches and broadcasts created since StartTime, newest first."""
    knobs = session.knobs
    where = _TASKS + " AND created_ms >= ?"
    scope, start = app_and_workspace(session, params), fields.integer(params, "StartTime")
    values: list[object] = [*scope, start]
    for name in ("TaskId", "TaskName"):
        if wanted := fields.text(params, name):
            where += f" AND {name} = ?"
            values.append(wanted)
    if knobs["analysis_waiting"] == "hide":
        where += _FIRED
    offset, size = fields.page(params, "PageNumber", "PageSize", _DEFAULT_PAGE, knobs)
    page = " ORDER BY seq DESC LIMIT ? OFFSET ?"
    rows = session.db.execute(where + page, (*values, size, offset)).fetchall()
    return {"ResultContent": {"Data": [{**dict(row), "List": []} for row in rows]}}


def task_detail(session: Session, params: Params, _version: str, _active: ActiveFaults) -> Result:
    """Returns what one batch or broadcast delivered; Duration is in seconds."""
    scope = app_and_workspace(session, params)
    task = fields.integer(params, "TaskId")
    if not session.db.execute(f"{_TASKS} AND seq = ?", (*scope, task)).fetchone():
        raise invalid(f"there is no batch or broadcast {task}")
    row = session.db.execute(
        f"SELECT {_COUNTS}, coalesce(min(at_ms), 0), coalesce(max(at_ms), 0) FROM deliveries d"
        " WHERE task = ?",
        (session.now_ms, task),
    ).fetchone()
    sent, arrived, first, last = row
    data = {
        "TaskId": task,
        "PushNum": sent,
        "PushSuccessNum": sent,
        "PushArrivalNum": arrived,
        "StartTime": first,
        "EndTime": last,
        "Duration": str((last - first) // 1000),
    }
    return {"ResultContent": {"Data": data}}


def core_index(session: Session, params: Params, _version: str, _active: ActiveFaults) -> Result:
    """Returns how much was delivered on the days from StartTime to EndTime, both included."""
    where = "t.app = ? AND t.workspace = ? AND d.at_ms >= ? AND d.at_ms < ?"
    values: list[object] = [*app_and_workspace(session, params), *_days_ms(session, params)]
    for condition, *wanted in _conditions(params):
        where += f" AND {condition}"
        values += wanted
    sent, arrived = session.db.execute(
        f"SELECT {_COUNTS} FROM deliveries d JOIN tasks t ON t.seq = d.task WHERE {where}",
        (session.now_ms, *values),
    ).fetchone()
    data = {
        "PushTotalNum": sent,
        "PushNum": sent,
        "ArrivalNum": arrived,
        "ArrivalRate": 100 * arrived / sent if sent else 0.0,
        **dict.fromkeys(("OpenNum", "OpenRate", "IgnoreNum", "IgnoreRate"), 0.0),
    }
    return {"ResultContent": {"Data": data}}


def _days_ms(session: Session, params: Params) -> tuple[int, int]:
    """Returns the first moment of the first day, and that after the last day."""
    zone = session.knobs.zone
    first, last = (_day(fields.integer(params, name), zone) for name in ("StartTime", "EndTime"))
    if not timedelta() <= last - first <= timedelta(days=_MOST_DAYS):
        raise invalid(f"EndTime must be 0 to {_MOST_DAYS} days after StartTime")
    return int(first.timestamp()) * 1000, int((last + timedelta(days=1)).timestamp()) * 1000


def _day(time_ms: int, zone: tzinfo) -> datetime:
    moment = datetime.fromtimestamp(min(max(0, time_ms), _LATEST_MS) / 1000, zone)
    return datetime.combine(moment.date(), time(), zone)


def _conditions(params: Params) -> list[tuple[str, object]]:
    """Returns conditions in SQL, each with its value."""
    found: list[tuple[str, object]] = []
    if task := fields.text(params, "TaskId"):
        found.append(("CAST(t.seq AS TEXT) = ?", task))
    if kind := fields.choice(params, "Type", _TYPES):
        found.append(("t.kind = ?", _TYPES.index(kind)))
    if platform := fields.choice(params, "Platform", _PLATFORMS):
        phones, types = _PLATFORMS[platform]
        on_phone = f"{_ON_PHONE} AND p.platform = ?)"
        found.append((f"(t.delivery_type IN ({types}) OR {on_phone})", phones))
    if channel := fields.choice(params, "Channel", _CHANNELS):
        found.append((f"{_ON_PHONE} AND p.vendor = ?)", _CHANNELS[channel]))
    return found
