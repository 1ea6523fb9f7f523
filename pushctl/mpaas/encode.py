"""The parameters of PushSimple that say what a push says: the only place that knows their names.

Names, types and numbers are those of the vendor's PushSimple page; TenantId, ChannelId,
VendorTemplate and the two TransparentMessage parameters are known only from its client libraries.
Maps are encoded as JSON here, because the vendor's client would flatten them into dotted names.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pushctl.push.identity import canonical_json
from pushctl.push.message import LiveActivity, Message, Sms, VendorOptions
from pushctl.push.push import Parameter, Push
from pushctl.push.task import NewTask, strategy_type
from pushctl.schedule.service_schedule import Immediate, Loop, OneShot, Schedule, instant

MIDNIGHT = dt.time(0, 0)
RAW = "raw:"
"""Introduces a channel's own code where the manifest has words."""

_CODES: dict[str, Any] = tomllib.loads(Path(__file__).with_name("codes.toml").read_text("utf-8"))
CATEGORIES: Mapping[str, Mapping[str, str]] = _CODES["categories"]
CHANNEL_KEYS: Mapping[str, str] = _CODES["channels"]

Parameters = dict[str, Parameter]
_Optional = dict[str, Parameter | None]


def parameters(push: Push, task: NewTask, *, zone: dt.tzinfo) -> Parameters:
    """Return everything that PushSimple gets for a task, except which app it is for.

    `zone` is the service's.
    """
    targets = canonical_json(dict(task.message_keys))
    return {**shared_parameters(push), **task_parameters(task, zone=zone, targets=targets)}


def task_parameters(task: NewTask, *, zone: dt.tzinfo, targets: str) -> Parameters:
    """Return what one task has for itself, with a text in the place of targets and their keys."""
    found: Parameters = {"TargetMsgkey": targets, "StrategyType": strategy_type(task.schedule)}
    content = strategy_content(task.schedule, zone)
    if content is not None:
        found["StrategyContent"] = canonical_json(content)
    return found


def strategy_content(schedule: Schedule, zone: dt.tzinfo) -> dict[str, Any] | None:
    """Return the StrategyContent object of a schedule; None for an immediate push.

    `fixedTime` in milliseconds, whole seconds. `startTime` and `endTime` are the midnights that
    open the first and the last day in the service's zone; the last day is included.
    """
    match schedule:
        case Immediate():
            return None
        case OneShot(at=at):
            return {"fixedTime": at * 1000}
        case Loop(first=first, last=last):
            content: dict[str, Any] = {
                "startTime": instant(first, MIDNIGHT, zone) * 1000,
                "endTime": instant(last, MIDNIGHT, zone) * 1000,
                "circleType": int(schedule.every),
            }
            if schedule.on:
                content["circleValue"] = list(schedule.on)
            content["time"] = schedule.time.strftime("%H:%M:%S")
            return content


def encoded(push: Push) -> str:
    """Return the canonical JSON of a push's shared parameters, which its fingerprint is made of.

    Without the console's name of it if that is only the id: a rename touches no task.
    """
    shared = shared_parameters(push)
    if shared["TaskName"] == push.id:
        del shared["TaskName"]
    return canonical_json(shared)


def shared_parameters(push: Push) -> Parameters:
    """Return what all tasks of a push have in common; what `raw` names wins over the rest."""
    found: _Optional = {
        "TaskName": push.name,
        "DeliveryType": int(push.audience.kind),
        "ExpiredSeconds": push.expires_after,
        "NotifyType": _CODES["notify_types"][push.via] if push.via else None,
        **_message(push.message),
        **_vendors(push.vendors),
        **_sms(push.sms),
        **_activity(push.live_activity),
        **push.raw,
    }
    return {name: value for name, value in sorted(found.items()) if value is not None}


def raw_parameter(value: Any) -> Parameter:
    """Pass text and whole numbers on as they are, everything else as JSON."""
    if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    return canonical_json(value)


def level(options: VendorOptions, vendor: str) -> str | None:
    """Return the code that NotifyLevel holds for a channel; None if nothing is said."""
    return _code(options.levels.get(vendor), _CODES["levels"].get(vendor, {}))


def category(options: VendorOptions, vendor: str) -> str | None:
    """Return the code that ThirdChannelCategory holds for a channel; None if nothing is said."""
    return _code(options.categories.get(vendor), CATEGORIES.get(vendor, {}))


def _code(value: str | None, words: Mapping[str, str]) -> str | None:
    if value is None:
        return None
    return value.removeprefix(RAW) if value.startswith(RAW) else words[value]


def _message(message: Message) -> _Optional:
    payload = message.transparent_payload
    return {
        "Title": message.title,
        "Content": message.body,
        "PushStyle": _CODES["styles"][message.style],
        "ImageUrls": _pictures(message.image),
        "IconUrls": _pictures(message.icon),
        "Silent": None if message.silent is None else int(message.silent),
        "ExtendedParams": canonical_json(dict(message.extras)) if message.extras else None,
        "TransparentMessagePayload": None if payload is None else raw_parameter(payload),
        "TransparentMessageUrgency": message.transparent_urgency,
        "PushAction": None if message.link is None else int(message.url is None),
        "Uri": message.link,
    }


def _pictures(urls: Mapping[str, str]) -> str | None:
    return _map({_CODES["pictures"][channel]: url for channel, url in urls.items()})


def _vendors(options: VendorOptions) -> _Optional:
    if options == VendorOptions():
        return {}
    categories = {key: category(options, name) for name, key in CHANNEL_KEYS.items()}
    levels = {key: level(options, name) for name, key in CHANNEL_KEYS.items()}
    return {
        "ThirdChannelCategory": _map(categories),
        "NotifyLevel": _map(levels),
        "Classification": _CODES["vivo"][options.vivo_class] if options.vivo_class else None,
        "MiChannelId": options.xiaomi_channel,
        "ChannelId": options.android_channel,
        "VendorTemplate": options.template,
    }


def _sms(sms: Sms | None) -> _Optional:
    if sms is None:
        return {}
    return {
        "SmsStrategy": _CODES["sms_strategies"][sms.mode],
        "SmsSignName": sms.sign,
        "SmsTemplateCode": sms.template,
        "SmsTemplateParam": canonical_json(dict(sms.params)),
    }


def _activity(activity: LiveActivity | None) -> _Optional:
    """Live Activity; `DismissalDate` is in seconds, unlike every other time of this operation."""
    if activity is None:
        return {}
    return {
        "ActivityEvent": activity.event,
        "ActivityContentState": canonical_json(dict(activity.state)),
        "DismissalDate": activity.dismiss_at,
    }


def _map(values: Mapping[str, Any]) -> str | None:
    """Encode what is known of a map; None if that is nothing."""
    known = {key: value for key, value in values.items() if value is not None}
    return canonical_json(known) if known else None
