"""From a resolved entry to what PushSimple gets. Pure.

Parameter names, types and numbers are those of the vendor's PushSimple page; TenantId, ChannelId,
VendorTemplate and the two TransparentMessage parameters are known only from its client libraries.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pushctl.diagnostics import Diagnostic, Severity, about
from pushctl.manifest import redaction
from pushctl.manifest.checks.schedule import (
    DEFAULT_EXPIRY,
    CompileContext,
    Problem,
    finding,
    schedule_of,
    warnings_of,
)
from pushctl.manifest.resolved import Reading, ResolvedPush
from pushctl.manifest.schedule.timezones import TimeError, instant_of, zone
from pushctl.push.identity import canonical_json
from pushctl.push.push import (
    DELIVERY_TYPES,
    DesiredPush,
    Meta,
    OnChange,
    OnRemove,
    Parameter,
    Source,
)
from pushctl.schedule.recurrence import Declared
from pushctl.schedule.service_schedule import Horizon

if TYPE_CHECKING:
    from pushctl.manifest.schema.models import Message, Open, PushEntry, Vendors

PUSH_STYLES = {"default": 0, "big-text": 1, "image": 2}
NOTIFY_TYPES = {"default": "notify", "mps": "transparent"}
SMS_STRATEGIES = {"fallback": 1, "concurrent": 2}
VIVO_CLASSES = {"operational": "0", "system": "1"}
PICTURE_KEYS = {
    "default": "defaultUrl",
    "oppo": "oppoUrl",
    "xiaomi": "miuiUrl",
    "fcm": "fcmUrl",
    "ios": "iosUrl",
    "huawei": "hmsUrl",
}
HUAWEI_CATEGORIES = (
    "im",
    "voip",
    "subscription",
    "travel",
    "health",
    "work",
    "account",
    "express",
    "finance",
    "device-reminder",
    "system-reminder",
    "mail",
    "play-voice",
    "marketing",
)
CATEGORIES = {
    "huawei": {name: str(number) for number, name in enumerate(HUAWEI_CATEGORIES, start=1)},
    "vivo": {"im": "1"},
}
LEVELS = {
    "huawei": {"low": "1", "normal": "2"},
    "oppo": {"bar": "1", "lock-screen": "2", "full": "3"},
}
CHANNEL_KEYS = {
    "huawei": "hms",
    "harmony": "harmonyos",
    "honor": "honor",
    "oppo": "oppo",
    "vivo": "vivo",
    "xiaomi": "xiaomi",
}
"""How ThirdChannelCategory and NotifyLevel name the channels. `hms`, `oppo` and `vivo` are on the
vendor's page; the others follow its pattern and are not confirmed."""

RAW = "raw:"


@dataclass(frozen=True, slots=True)
class Compiled:
    """The entries as the service will get them, and what is wrong with the others."""

    pushes: tuple[DesiredPush, ...]
    diagnostics: tuple[Diagnostic, ...]


def compile_manifest(
    reading: Reading, *, now: int, recorded: frozenset[str] = frozenset(), send_late: bool = False
) -> Compiled:
    """Compile every entry that could be read; findings are collected, never raised.

    `now` is in epoch seconds, `recorded` the ids that were applied before.
    """
    manifest = reading.manifest
    if manifest is None:
        return Compiled((), ())
    zones = {}
    for path in (("timezone",), ("app", "service_timezone")):
        name = manifest.timezone if len(path) == 1 else manifest.app.service_timezone
        try:
            zones[path] = zone(name)
        except TimeError as error:
            assert reading.provenance is not None  # there is a manifest
            return Compiled((), (finding(error, reading.provenance, path),))
    renamed = _renamed({item.from_: item.to for item in manifest.moved}, recorded)
    moment = CompileContext(
        now=now,
        zone=zones["timezone",],
        horizon=Horizon(zones["app", "service_timezone"], manifest.app.behaviour.horizon_days),
        recorded=recorded | renamed,
        send_late=send_late,
        calendars=reading.calendars,
        min_lead=int(manifest.policy.min_lead),
    )
    compiled = _compiled(reading.pushes, moment)
    found = compiled.diagnostics
    hashed = manifest.app.targets == "hashed"
    return Compiled(compiled.pushes, redaction.without_lines(found) if hashed else found)


def _renamed(moved: Mapping[str, str], recorded: frozenset[str]) -> frozenset[str]:
    """Return every id that a recorded entry may have got, through any number of moves."""
    found: set[str] = set()
    waiting = [moved[id] for id in moved if id in recorded]
    while waiting:
        id = waiting.pop()
        if id not in found:
            found.add(id)
            waiting += [moved[id]] if id in moved else []
    return frozenset(found)


def _compiled(resolved: tuple[ResolvedPush, ...], moment: CompileContext) -> Compiled:
    pushes: list[DesiredPush] = []
    findings: list[Diagnostic] = []
    for item in resolved:
        schedule, before = None, len(findings)
        try:
            schedule = schedule_of(item, moment)
            rules = {allow.rule for allow in item.entry.allow}
            found = warnings_of(item, schedule, moment)
            findings += [
                one for one in found if one.severity is Severity.ERROR or one.code not in rules
            ]
        except Problem as problem:
            findings.append(problem.finding)
        try:
            made = parameters(item, moment)
        except Problem as problem:
            findings.append(problem.finding)
        else:
            if schedule is not None:
                pushes.append(desired(item, schedule, made))
        findings[before:] = about(item.id, findings[before:])
    return Compiled(tuple(pushes), tuple(findings))


def desired(
    item: ResolvedPush, schedule: Declared, parameters: Mapping[str, Parameter]
) -> DesiredPush:
    """Put one entry together."""
    entry = item.entry
    return DesiredPush(
        id=item.id,
        parameters=parameters,
        schedule=schedule,
        targets=item.targets,
        spec=spec(item),
        source=Source(item.source.filename, item.source.start.line),
        meta=Meta(
            owner=entry.owner,
            description=entry.description,
            labels=dict(sorted(entry.labels.items())),
            protect=entry.protect,
            on_remove=OnRemove(entry.on_remove),
        ),
        enabled=entry.enabled,
        on_change=OnChange(entry.on_change),
        zone=zone(entry.schedule.timezone) if entry.schedule.timezone else None,
    )


BESIDES = {
    "allow",
    "description",
    "enabled",
    "labels",
    "offer_ends",
    "on_change",
    "on_remove",
    "owner",
    "protect",
    "to",
}


def spec(item: ResolvedPush) -> Mapping[str, Any]:
    """Return the entry as people read it in a diff: what was said, without the targets."""
    said: dict[str, Any] = item.entry.model_dump(
        mode="json", by_alias=True, exclude_defaults=True, exclude=BESIDES
    )
    return {**said, "to": item.dimension}


def parameters(item: ResolvedPush, moment: CompileContext) -> dict[str, Parameter]:
    """Return PushSimple's parameters, except those of the single task and of the app.

    Raises `Problem`.
    """
    entry = item.entry
    expiry = entry.expires_after if entry.expires_after is not None else DEFAULT_EXPIRY
    found: dict[str, Parameter | None] = {
        "TaskName": entry.name or item.id,
        "DeliveryType": DELIVERY_TYPES[item.dimension],
        "ExpiredSeconds": expiry,
        "NotifyType": NOTIFY_TYPES[entry.via] if entry.via else None,
        **_message(entry.message),
        **_vendors(entry.vendors),
        **_sms(entry),
        **_activity(item, moment),
        **{name: _raw(value) for name, value in entry.raw.items()},
    }
    return {name: value for name, value in sorted(found.items()) if value is not None}


def _message(message: Message) -> dict[str, Parameter | None]:
    payload = message.transparent_payload
    return {
        "Title": message.title,
        "Content": message.body,
        "PushStyle": PUSH_STYLES[message.style],
        "ImageUrls": _pictures(message.image),
        "IconUrls": _pictures(message.icon),
        "Silent": None if message.silent is None else int(message.silent),
        "ExtendedParams": canonical_json(message.extras) if message.extras else None,
        "TransparentMessagePayload": None if payload is None else _raw(payload),
        "TransparentMessageUrgency": message.transparent_urgency,
        **_open(message.open),
    }


def _pictures(value: Any) -> str | None:
    """Encode one picture for all channels, or one for each."""
    if value is None:
        return None
    if isinstance(value, str):
        return canonical_json({"defaultUrl": value})
    urls = value.model_dump(exclude_none=True)
    return (
        canonical_json({PICTURE_KEYS[channel]: url for channel, url in urls.items()})
        if urls
        else None
    )


def _open(value: str | Open | None) -> dict[str, Parameter | None]:
    if value is None:
        return {}
    if isinstance(value, str):
        return {"PushAction": 0, "Uri": value}
    if value.url is not None:
        return {"PushAction": 0, "Uri": value.url}
    return {"PushAction": 1, "Uri": value.intent}


def _vendors(vendors: Vendors) -> dict[str, Parameter | None]:
    categories: dict[str, str] = {}
    levels: dict[str, str] = {}
    for vendor, key in CHANNEL_KEYS.items():
        settings = getattr(vendors, vendor)
        category = getattr(settings, "category", None)
        if category is not None:
            categories[key] = _word(category, CATEGORIES.get(vendor, {}))
        level = getattr(settings, "level", None)
        if level is not None:
            levels[key] = _word(level, LEVELS.get(vendor, {}))
    vivo = vendors.vivo.class_
    return {
        "ThirdChannelCategory": canonical_json(categories) if categories else None,
        "NotifyLevel": canonical_json(levels) if levels else None,
        "Classification": VIVO_CLASSES[vivo] if vivo else None,
        "MiChannelId": vendors.xiaomi.channel,
        "ChannelId": vendors.android.channel,
        "VendorTemplate": vendors.template,
    }


def _word(value: str, words: Mapping[str, str]) -> str:
    """Translate a word, or pass on what `raw:` introduces."""
    return value.removeprefix(RAW) if value.startswith(RAW) else words[value]


def _sms(entry: PushEntry) -> dict[str, Parameter | None]:
    sms = entry.sms
    if sms is None:
        return {}
    return {
        "SmsStrategy": SMS_STRATEGIES[sms.mode],
        "SmsSignName": sms.sign,
        "SmsTemplateCode": sms.template,
        "SmsTemplateParam": canonical_json(sms.params),
    }


def _activity(item: ResolvedPush, moment: CompileContext) -> dict[str, Parameter | None]:
    """Live Activity; `DismissalDate` is in seconds, unlike every other time of this operation."""
    activity = item.entry.live_activity
    if activity is None:
        return {}
    dismissal = None
    if activity.dismiss_at is not None:
        try:
            dismissal = instant_of(activity.dismiss_at, moment.zone)
        except TimeError as error:
            path = ("live_activity", "dismiss_at")
            raise Problem(finding(error, item.provenance, path)) from error
    return {
        "ActivityEvent": activity.event,
        "ActivityContentState": canonical_json(activity.state),
        "DismissalDate": dismissal,
    }


def _raw(value: Any) -> Parameter:
    """Pass text and whole numbers on as they are, everything else as JSON."""
    if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    return canonical_json(value)
