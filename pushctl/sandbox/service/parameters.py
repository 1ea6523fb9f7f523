"""Checks the parameters of PushSimple and makes a task of them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from pushctl.sandbox.errors import GatewayError, RefusedError, invalid
from pushctl.sandbox.knobs import Knobs
from pushctl.sandbox.service import schedule
from pushctl.sandbox.storage.task import Task

Params = Mapping[str, object]

API_CREATED, CONSOLE_CREATED = 0, 1
FIRST_VERSION = "2019-08-21"
_INTEGER = re.compile("-?[0-9]+")
_MAX_TARGETS = 10
_MAX_EXTENDED = 20
_RESERVED_EXTENDED = frozenset(
    ("notifyType", "action", "silent", "pushType", "templateCode", "channel", "taskId")
)
_DELIVERY_TYPES = (1, 2, 3, 5, 6, 7)
_USER, _LIVE_ACTIVITY = 3, (5, 6)
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


def parse_task(params: Params, version: str, now_ms: int, knobs: Knobs) -> Task:
    """Returns the task that a PushSimple asks for; raises RefusedError or GatewayError.

    `now_ms` is epoch milliseconds of the sandbox's clock.
    """
    if version == FIRST_VERSION:
        if asks_for_strategy(params, version) and knobs["old_version_strategy"] == "refuse":
            raise invalid(_OLD_STRATEGY)
        params = {key: value for key, value in params.items() if key not in _NEWER_PARAMS}
    app, workspace = app_and_workspace(params, knobs)
    name = _text(params, "TaskName")
    if not name and knobs.on("require_task_name"):
        raise missing("TaskName", "3019", knobs)
    delivery_type = _delivery_type(params, knobs)
    targets = _targets(params, delivery_type, knobs)
    title = _required(params, "Title", "3024", knobs)
    content = _required(params, "Content", "3024", knobs)
    _check_expiry(params, knobs)
    _check_choices(params, version, knobs)
    _check_maps(params, knobs)
    _check_sms(params, knobs)
    _check_live_activity(params, delivery_type, knobs)
    _check_size(params, title, content, knobs)
    strategy_type = integer(params, "StrategyType", 0)
    if strategy_type not in (0, 1, 2):
        raise invalid("StrategyType must be 0, 1 or 2")
    times_ms: tuple[int, ...] = (now_ms,)
    if strategy_type:
        times_ms = schedule.expand(strategy_type, params.get("StrategyContent"), now_ms, knobs)
    return Task(
        app=app,
        workspace=workspace,
        name=name,
        title=title,
        content=content,
        delivery_type=delivery_type,
        strategy_type=strategy_type,
        targets=targets,
        params=params,
        fire_times_ms=times_ms,
    )


def asks_for_strategy(params: Params, version: str) -> bool:
    """Tells whether a call asks for a time in the version that has no parameter for it."""
    return version == FIRST_VERSION and params.get("StrategyType") not in (None, "", "0")


def app_and_workspace(params: Params, knobs: Knobs) -> tuple[str, str]:
    """Returns AppId and WorkspaceId; raises what `missing` returns."""
    app = _required(params, "AppId", "3003", knobs)
    return app, _required(params, "WorkspaceId", "3003", knobs)


def missing(name: str, code: str, knobs: Knobs) -> Exception:
    """Returns the refusal of an absent parameter, as the knob missing_params wants it."""
    if knobs["missing_params"] == "gateway":
        return GatewayError(400, "MissingParameter", f"The parameter {name} is mandatory.")
    return RefusedError(code, f"{name} is mandatory")


def integer(params: Params, name: str, default: int | None = None) -> int:
    """Returns a whole number, sent as text; raises RefusedError, also if absent with no default."""
    value = params.get(name)
    if value is None or value == "":
        if default is None:
            raise invalid(f"{name} is mandatory")
        return default
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or len(value) > 18 or not _INTEGER.fullmatch(value):
        raise invalid(f"{name} must be a whole number")
    return int(value)


def _text(params: Params, name: str) -> str:
    value = params.get(name)
    if value is None:
        return ""
    if isinstance(value, str):
        return value if value.strip() else ""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise invalid(f"{name} must be a text")


def _required(params: Params, name: str, code: str, knobs: Knobs) -> str:
    text = _text(params, name)
    if not text:
        raise missing(name, code, knobs)
    return text


def _required_integer(params: Params, name: str, code: str, knobs: Knobs) -> int:
    _required(params, name, code, knobs)
    try:
        return integer(params, name)
    except RefusedError as error:
        raise RefusedError(code, error.detail) from error


def _delivery_type(params: Params, knobs: Knobs) -> int:
    value = _required_integer(params, "DeliveryType", "3009", knobs)
    if value not in _DELIVERY_TYPES:
        raise RefusedError("3009", f"DeliveryType must be one of {_DELIVERY_TYPES}")
    return value


def _targets(params: Params, delivery_type: int, knobs: Knobs) -> Mapping[str, str]:
    value = params.get("TargetMsgkey")
    if value in (None, "", {}):
        raise missing("TargetMsgkey", "3021", knobs)
    if not isinstance(value, Mapping):
        raise invalid("TargetMsgkey must be a JSON object of target to message key")
    if len(value) > _MAX_TARGETS:
        raise RefusedError("3029", f"{len(value)} targets; at most {_MAX_TARGETS}")
    for target, key in value.items():
        if not target.strip():
            code = "3012" if delivery_type == _USER else "3021"
            raise RefusedError(code, "TargetMsgkey holds an empty target")
        if not isinstance(key, str) or not key:
            raise invalid("every message key must be a non-empty text")
    if len(set(value.values())) != len(value):
        raise invalid("the message keys of one call must differ")
    return dict(value)


def _check_expiry(params: Params, knobs: Knobs) -> None:
    seconds = _required_integer(params, "ExpiredSeconds", "3020", knobs)
    if seconds <= 0:
        raise RefusedError("3020", "ExpiredSeconds must be positive")
    longest = knobs.number("expired_seconds_max")
    if longest and seconds > longest:
        raise RefusedError("3026", f"ExpiredSeconds is more than {longest}")


def _check_choices(params: Params, version: str, knobs: Knobs) -> None:
    if knobs.on("require_push_style") and version != FIRST_VERSION:
        _required(params, "PushStyle", "3028", knobs)
    for name, numbers in _NUMBER_CHOICES:
        if integer(params, name, 0) not in numbers:
            raise invalid(f"{name} must be one of {numbers}")
    for name, texts in _TEXT_CHOICES:
        text = _text(params, name)
        if text and text not in texts:
            raise invalid(f"{name} must be one of {', '.join(texts)}")
    integer(params, "DismissalDate", 0)


def _check_maps(params: Params, knobs: Knobs) -> None:
    extended = params.get("ExtendedParams")
    if extended not in (None, ""):
        if not isinstance(extended, Mapping):
            raise RefusedError("3044", "ExtendedParams must be a JSON object")
        if len(extended) > _MAX_EXTENDED:
            raise RefusedError("3035", f"{len(extended)} extended params; at most {_MAX_EXTENDED}")
        reserved = sorted(_RESERVED_EXTENDED.intersection(extended))
        if reserved:
            raise RefusedError("3044", f"reserved extended params: {', '.join(reserved)}")
    for name in _TEXT_MAPS:
        value = params.get(name)
        if value in (None, ""):
            continue
        if not isinstance(value, Mapping):
            raise invalid(f"{name} must be a JSON object")
        if not all(isinstance(item, str) and item for item in value.values()):
            raise invalid(f"{name} must hold non-empty texts only")


def _check_sms(params: Params, knobs: Knobs) -> None:
    if not integer(params, "SmsStrategy", 0):
        return
    for name in ("SmsSignName", "SmsTemplateCode", "SmsTemplateParam"):
        if params.get(name) in (None, ""):
            raise missing(name, "3028", knobs)


def _check_live_activity(params: Params, delivery_type: int, knobs: Knobs) -> None:
    if delivery_type not in _LIVE_ACTIVITY:
        return
    _required(params, "ActivityEvent", "3028", knobs)
    state = params.get("ActivityContentState")
    if not isinstance(state, Mapping) or not state:
        raise invalid("ActivityContentState must be a non-empty JSON object")


def _check_size(params: Params, title: str, content: str, knobs: Knobs) -> None:
    limit = knobs.number("payload_bytes")
    if not limit:
        return
    extended = params.get("ExtendedParams") or ""
    if not isinstance(extended, str):
        extended = json.dumps(extended, ensure_ascii=False, separators=(",", ":"))
    parts = (title, content, extended, _text(params, "Uri"))
    size = sum(len(part.encode("utf-8", "replace")) for part in parts)
    if size > limit:
        raise RefusedError("3050", f"the payload is {size} bytes; at most {limit}")
