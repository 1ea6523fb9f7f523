"""Checks the parameters of a push and makes a task of them."""

from __future__ import annotations

import json

from pushctl.sandbox.errors import RefusedError, invalid
from pushctl.sandbox.knobs import Knobs
from pushctl.sandbox.service import fields, messages, schedule
from pushctl.sandbox.service.apps import app_and_workspace
from pushctl.sandbox.service.fields import Params
from pushctl.sandbox.storage.store import Session
from pushctl.sandbox.storage.task import BATCH, BROADCAST, SIMPLE, Task

API_CREATED, CONSOLE_CREATED = 0, 1
FIRST_VERSION = "2019-08-21"
_DELIVERY_TYPES = (1, 2, 3, 5, 6, 7)
_BATCH_TYPES = (1, 2, 3, 7)
_BROADCAST_TYPES = (1, 2, 7)
_LIVE_ACTIVITY = (5, 6)
_MAX_SECONDS = 10**9
_NUMBER_CHOICES = (
    ("PushStyle", (0, 1, 2)),
    ("PushAction", (0, 1)),
    ("Silent", (0, 1)),
    ("SmsStrategy", (0, 1, 2)),
)
_TEXT_CHOICES = (
    ("NotifyType", ("transparent", "notify")),
    ("Classification", ("0", "1")),
    ("ActivityEvent", ("update", "end")),
)
_TEXT_MAPS = ("ThirdChannelCategory", "NotifyLevel", "ImageUrls", "IconUrls")
_OLD_STRATEGY = (
    f"nobody knows what StrategyType does in {FIRST_VERSION}, which does not have it: use "
    "2020-10-28, or set the knob old_version_strategy"
)
# What the first API version does not know, it ignores.
_NEWER_PARAMS = ("StrategyType", "StrategyContent", "PushStyle")


def parse_task(session: Session, params: Params, version: str, kind: int = SIMPLE) -> Task:
    """Returns the task that a push asks for; raises RefusedError."""
    knobs = session.knobs
    if version == FIRST_VERSION:
        if asks_for_strategy(params, version) and knobs["old_version_strategy"] == "refuse":
            raise invalid(_OLD_STRATEGY)
        params = {key: value for key, value in params.items() if key not in _NEWER_PARAMS}
    app, workspace = app_and_workspace(session, params)
    name = fields.text(params, "TaskName")
    if not name and knobs.on("require_task_name"):
        raise RefusedError("3019", "TaskName is mandatory")
    delivery_type = _delivery_type(params, kind)
    message = messages.READ[kind](session, params, delivery_type)
    _check_expiry(params, knobs)
    _check_choices(params)
    _check_maps(params)
    _check_sms(params)
    _check_live_activity(params, delivery_type)
    for payload in message.payloads:
        _check_size(payload, knobs.number("payload_bytes"))
    strategy_type = fields.one_of(params, "StrategyType", (0, 1, 2), 0)
    times_ms: tuple[int, ...] = (session.now_ms,)
    if strategy_type:
        content = params.get("StrategyContent")
        times_ms = schedule.expand(strategy_type, content, session.now_ms, knobs)
    return Task(
        app=app,
        workspace=workspace,
        name=name,
        title=message.title,
        content=message.content,
        delivery_type=delivery_type,
        strategy_type=strategy_type,
        targets=message.targets,
        params=message.params,
        fire_times_ms=times_ms,
        message_keys=message.keys,
        kind=kind,
        template=message.template,
        texts=message.texts,
    )


def asks_for_strategy(params: Params, version: str) -> bool:
    """Tells whether a call asks for a time in the version that has no parameter for it."""
    return version == FIRST_VERSION and params.get("StrategyType") not in (None, "", "0")


def _delivery_type(params: Params, kind: int) -> int:
    value = fields.required_integer(params, "DeliveryType", "3009")
    known = _BATCH_TYPES if kind == BATCH else _DELIVERY_TYPES
    if value not in known:
        raise RefusedError("3009", f"DeliveryType must be one of {known}")
    if kind == BROADCAST and value not in _BROADCAST_TYPES:
        raise RefusedError("3030", f"DeliveryType of a broadcast must be one of {_BROADCAST_TYPES}")
    return value


def _check_expiry(params: Params, knobs: Knobs) -> None:
    seconds = fields.required_integer(params, "ExpiredSeconds", "3020")
    if seconds <= 0:
        raise RefusedError("3020", "ExpiredSeconds must be positive")
    longest = knobs.number("expired_seconds_max") or _MAX_SECONDS
    if seconds > longest:
        raise RefusedError("3026", f"ExpiredSeconds is more than {longest}")


def _check_choices(params: Params) -> None:
    for name, numbers in _NUMBER_CHOICES:
        if name in params:
            fields.one_of(params, name, numbers, 0)
    for name, texts in _TEXT_CHOICES:
        if name in params:
            fields.choice(params, name, texts)
    fields.integer(params, "DismissalDate", 0)


def _check_maps(params: Params) -> None:
    for name in [name for name in _TEXT_MAPS if name in params]:
        value = fields.mapping(params, name)
        if not all(isinstance(item, str) and item for item in value.values()):
            raise invalid(f"{name} must hold non-empty texts only")


def _check_sms(params: Params) -> None:
    if not fields.integer(params, "SmsStrategy", 0):
        return
    for name in ("SmsSignName", "SmsTemplateCode", "SmsTemplateParam"):
        if params.get(name) in (None, ""):
            raise invalid(f"{name} is mandatory")


def _check_live_activity(params: Params, delivery_type: int) -> None:
    if delivery_type not in _LIVE_ACTIVITY:
        return
    fields.required(params, "ActivityEvent")
    if not fields.mapping(params, "ActivityContentState"):
        raise invalid("ActivityContentState must be a non-empty JSON object")


def _check_size(payload: Params, limit: int) -> None:
    extended = payload.get("ExtendedParams") or ""
    if not isinstance(extended, str):
        extended = json.dumps(extended, ensure_ascii=False, separators=(",", ":"))
    parts = (extended, *(fields.text(payload, name) for name in ("Title", "Content", "Uri")))
    size = len("".join(parts).encode("utf-8", "replace"))
    if limit and size > limit:
        raise RefusedError("3050", f"the payload is {size} bytes; at most {limit}")
