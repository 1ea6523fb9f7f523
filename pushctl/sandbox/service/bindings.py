"""Who is logged in on which phone, as phones report it and as it can be asked for."""

from __future__ import annotations

from pushctl.sandbox.devices.hours import next_within
from pushctl.sandbox.errors import RefusedError, invalid
from pushctl.sandbox.faults import ActiveFaults
from pushctl.sandbox.service import fields
from pushctl.sandbox.service.apps import app_and_workspace
from pushctl.sandbox.service.fields import Params, Result
from pushctl.sandbox.storage.store import Session

_PLATFORMS = {1: "android", 2: "ios", 7: "harmony"}  # by OsType
_VENDORS = {2: "ios", 4: "xiaomi", 5: "huawei", 6: "fcm", 7: "oppo", 8: "vivo"}  # by ThirdChannel
# What the service calls vendors and platforms that the sandbox calls otherwise.
NAMES = {"xiaomi": "miui", "huawei": "hms", "harmony": "harmonyos", "mps": "android"}


def bind(session: Session, params: Params, _version: str, _active: ActiveFaults) -> Result:
    """Logs a user in on a phone, which may be new."""
    app_and_workspace(session, params)
    token, user = _token(params), fields.required(params, "UserId", "3012")
    number = fields.text(params, "PhoneNumber")
    facts = {"user": user, "platform": _platform(params), **({"number": number} if number else {})}
    session.register_phone(token, **facts)
    return dict(fields.DONE)


def unbind(session: Session, params: Params, _version: str, _active: ActiveFaults) -> Result:
    """Logs a user out of a phone."""
    app_and_workspace(session, params)
    token, user = _token(params), fields.required(params, "UserId", "3012")
    if not session.phones.unbind(token, user):
        raise invalid(f"{user} is not logged in on the phone {token}")
    return dict(fields.DONE)


def report(session: Session, params: Params, _version: str, _active: ActiveFaults) -> Result:
    """Makes a phone known, with the vendor that ThirdChannel tells."""
    app_and_workspace(session, params)
    token = _token(params)
    facts: dict[str, object] = {"platform": _platform(params)}
    if params.get("ThirdChannel") not in (None, ""):
        channel = fields.one_of(params, "ThirdChannel", tuple(_VENDORS), 0)
        facts["vendor"] = _VENDORS[channel]
    if model := fields.text(params, "Model"):
        facts["system"] = model
    session.register_phone(token, **facts)
    return dict(fields.DONE)


def _token(params: Params) -> str:
    return fields.required(params, "DeliveryToken", "3001")


def _platform(params: Params) -> str:
    number = fields.required_integer(params, "OsType", "3008")
    if number not in _PLATFORMS:
        raise RefusedError("3008", f"OsType must be one of {tuple(_PLATFORMS)}")
    return _PLATFORMS[number]


def device_state(session: Session, params: Params, _version: str, _active: ActiveFaults) -> Result:
    """Returns what is known of a phone, or of the last known phone of a user."""
    app_and_workspace(session, params)
    target = fields.required(params, "Target")
    column = {1: "token", 2: "user"}[fields.one_of(params, "TargetType", (1, 2), 0)]
    row = session.db.execute(
        "SELECT user, coalesce(token, name) AS token, platform, vendor, online FROM phones"
        f" WHERE {column} = ? ORDER BY seq DESC LIMIT 1",
        (target,),
    ).fetchone()
    if row is None:
        raise invalid(f"no phone of {target} is known: PushBind, PushReport or a seed names one")
    online = next_within(row["online"], session.now_ms, session.knobs.zone) == session.now_ms
    data = {
        "UserId": row["user"] or "",
        "DeviceId": row["token"],
        "DeliveryToken": row["token"],
        "ThirdToken": "",
        "Platform": NAMES.get(row["platform"], row["platform"]),
        "Manufacturer": NAMES.get(row["vendor"], row["vendor"] or "unknown"),
        "Statue": "UNKNOW" if row["platform"] != "android" else "ONLINE" if online else "OFFLINE",
    }
    return {"Success": True, "Code": "100", "Message": "SUCCESS", "Data": data}
