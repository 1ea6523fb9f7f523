"""Reads what a push says to whom, for every kind of push."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from pushctl.sandbox.errors import RefusedError, invalid
from pushctl.sandbox.service import fields, templates
from pushctl.sandbox.service.fields import Params
from pushctl.sandbox.storage.store import Session
from pushctl.sandbox.storage.task import BATCH, BROADCAST, SIMPLE, TEMPLATE

_MAX_TARGETS, _MAX_BATCH = 10, 100
_MAX_EXTENDED, _MAX_INNER_EXTENDED = 20, 9
_RESERVED_EXTENDED = frozenset(
    ("notifyType", "action", "silent", "pushType", "templateCode", "channel", "taskId")
)
_USER = 3
_BOUND, _EVERYBODY, _UNBOUND = range(3)


class Message(NamedTuple):
    """What is sent: `params` with the template's; the fields that `Task` has mean the same."""

    title: str
    content: str
    params: Params
    targets: Mapping[str, str]
    keys: tuple[str, ...]
    template: int | None = None
    texts: Mapping[str, Mapping[str, object]] = {}

    @property
    def payloads(self) -> list[Params]:
        """The parameters as they are for each text."""
        return [{**self.params, **own} for own in self.texts.values()] or [self.params]


def _simple(_session: Session, params: Params, delivery_type: int) -> Message:
    targets = _target_keys(params, delivery_type)
    title = fields.required(params, "Title", "3024")
    content = fields.required(params, "Content", "3024")
    _extended(params)
    return Message(title, content, params, targets, tuple(targets.values()))


def _template(session: Session, params: Params, delivery_type: int) -> Message:
    targets = _target_keys(params, delivery_type)
    return _filled(session, params, targets, tuple(targets.values()))


def _broadcast(session: Session, params: Params, _delivery_type: int) -> Message:
    key = fields.required(params, "Msgkey")
    _check_audience(session, params)
    return _filled(session, params, {}, (key,))


def _filled(
    session: Session, params: Params, targets: Mapping[str, str], keys: tuple[str, ...]
) -> Message:
    template = templates.wanted(session, params)
    text = templates.fill(template.fields, fields.mapping(params, "TemplateKeyValue"))
    _extended(params)
    whole = {**template.push_params, **params, **text}
    return Message(text["Title"], text["Content"], whole, targets, keys, template.seq)


def _batch(session: Session, params: Params, delivery_type: int) -> Message:
    items = _target_messages(params)
    template = templates.wanted(session, params)
    common = _extended(params)
    targets: dict[str, str] = {}
    texts: dict[str, Mapping[str, object]] = {}
    for item in items:
        target = fields.text(item, "Target")
        if target in targets:
            raise invalid("the targets of one call must differ")
        targets[target] = fields.text(item, "MsgKey")
        text = templates.fill(template.fields, fields.mapping(item, "TemplateKeyValue"))
        extended = {**common, **_inner_extended(item)}
        texts[target] = {**text, "ExtendedParams": extended} if extended else text
    _check_targets(targets, delivery_type)
    own = template.fields
    rest = {name: value for name, value in params.items() if name != "TargetMsg"}
    whole = {**template.push_params, **rest, "Title": own["Title"], "Content": own["Content"]}
    keys = tuple(targets.values())
    return Message(own["Title"], own["Content"], whole, targets, keys, template.seq, texts)


READ: Mapping[int, Callable[[Session, Params, int], Message]] = {
    SIMPLE: _simple,
    TEMPLATE: _template,
    BATCH: _batch,
    BROADCAST: _broadcast,
}
"""By kind of push: from its parameters and its DeliveryType; raises RefusedError."""


def _target_keys(params: Params, delivery_type: int) -> Mapping[str, str]:
    value = params.get("TargetMsgkey")
    if value in (None, "", {}):
        raise RefusedError("3021", "TargetMsgkey is mandatory")
    if not isinstance(value, Mapping):
        raise invalid("TargetMsgkey must be a JSON object of target to message key")
    if len(value) > _MAX_TARGETS:
        raise RefusedError("3029", f"{len(value)} targets; at most {_MAX_TARGETS}")
    _check_targets(value, delivery_type)
    return dict(value)


def _target_messages(params: Params) -> list[Params]:
    items = params.get("TargetMsg")
    if items in (None, "", [], {}):
        raise RefusedError("3021", "TargetMsg is mandatory")
    if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
        raise invalid(
            "targets go into TargetMsg.1.Target, TargetMsg.1.MsgKey, TargetMsg.2.Target …"
        )
    if len(items) > _MAX_BATCH:
        raise RefusedError("3029", f"{len(items)} targets; at most {_MAX_BATCH}")
    return items


def _check_targets(targets: Mapping[str, object], delivery_type: int) -> None:
    for target, key in targets.items():
        if not target.strip():
            code = "3012" if delivery_type == _USER else "3021"
            raise RefusedError(code, "a target is empty")
        if not isinstance(key, str) or not key:
            raise invalid("every message key must be a non-empty text")
    if len(set(targets.values())) != len(targets):
        raise invalid("the message keys of one call must differ")


def _extended(params: Params) -> Params:
    extended = fields.mapping(params, "ExtendedParams", "3044")
    if len(extended) > _MAX_EXTENDED:
        raise RefusedError("3035", f"{len(extended)} extended params; at most {_MAX_EXTENDED}")
    reserved = sorted(_RESERVED_EXTENDED.intersection(extended))
    if reserved:
        raise RefusedError("3044", f"reserved extended params: {', '.join(reserved)}")
    return extended


def _inner_extended(item: Params) -> Params:
    extended = _extended(item)
    if len(extended) > _MAX_INNER_EXTENDED:
        count = f"{len(extended)} extended params of one target"
        raise RefusedError("3049", f"{count}; at most {_MAX_INNER_EXTENDED}")
    return extended


def _check_audience(session: Session, params: Params) -> None:
    if params.get("TimeMode") not in (None, ""):
        raise invalid("nobody knows what TimeMode means; use BindPeriod and UnBindPeriod")
    status = fields.one_of(params, "PushStatus", (_BOUND, _EVERYBODY, _UNBOUND), _BOUND)
    fields.one_of(params, "AndroidChannel", (1, 2), 2)
    for name in ("BindPeriod", "UnBindPeriod"):
        fields.one_of(params, name, (1, 2, 3, 4), 4)
    wanted = "BindPeriod" if status == _BOUND else "UnBindPeriod"
    if session.knobs.on("require_bind_period") and not params.get(wanted):
        raise invalid(f"{wanted} is mandatory when PushStatus is {status}")
