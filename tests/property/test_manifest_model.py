"""What the schema accepts can be decoded, with all of its fields, and both validators agree.

Null is left out: laying one map over another takes it away, so it never gets as far as the model.
"""

from __future__ import annotations

import copy
from itertools import chain
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pushctl import schemas
from pushctl.diagnostics import Position, Range
from pushctl.manifest.schema import validate
from pushctl.manifest.schema.fields import Model, decode
from pushctl.manifest.schema.models import Manifest, PushEntry
from pushctl.manifest.schema.validate import Kind
from pushctl.manifest.yaml.positions import Provenance
from tests.examples import share

SCHEMA = schemas.manifest()
NOWHERE = Provenance((), Range("pushctl.yaml", Position(1, 1), Position(1, 1)))
VALUES: list[Any] = [
    True, False, 0, 1, -1, 5, 31, 32, 1.0, 0.5, "", " ", "a", "1", "raw:1", "raw: x", "yes",
    "09:45", "9:45", "09:45\n", "24:00", "2026-12-24", "2026-12-24T20:00", "2026-12-24T20:00+08:00",
    "4h", "0s", "90", "1000000000", "mon", "day", "image", "https://a.example/x", "ftp://a",
    "Asia/Tokyo",
    [], ["mon"], ["mon", "mon"], [1, 15], [1, 1], [True], ["mon", 1], ["a"], [1], [""], [None], {},
    {"a": "b"},
    {"a": 1}, {"default": "https://a.example"}, {"url": "a"}, {"url": "a", "intent": "b"},
    {"file": "x"},
    {"file": "x", "column": "y"}, {"column": "y"}, [{"rule": "PSH301", "reason": "x"}],
    [{"rule": "PSH301"}],
    "weekday", "last day", "2 weeks", "1 days", "999 months", "1000 days", "last fri", "6th fri",
    [1, "last day"], ["last day"], ["last day", "last fri"], ["last fri", "1st mon"],
    ["last fri", "mon"], ["09:45"], ["09:45", "18:00"], ["09:45", "09:45"], ["9:45"],
    ["2026-12-24T20:00"], ["2026-12-25"], [{"from": "2027-02-05", "until": "2027-02-11"}],
    [{"from": "2027-02-05"}], ["holidays", "2026-12-25"], ["2-holidays"], "FREQ=DAILY",
    "next", "shift", "skip", "first", "second", "last-day", "soonest", {"off": "days.txt"},
    {"2-off": "days.txt"},
    "marketing", "full", "low", "operational", "im", "end", "fallback", "mps", "big-text", "forbid",
]  # fmt: skip
PUSH: dict[str, Any] = {
    "schedule": {"every": ["mon"], "at": "09:45"},
    "to": {"users": ["a"]},
    "message": {"title": "a", "body": "b"},
}
REPEATED: dict[str, Any] = {
    **PUSH,
    "schedule": {
        "rrule": "FREQ=DAILY",
        "at": ["09:45", "18:00"],
        "from": "2026-12-24",
        "until": "2027-12-24",
        "timezone": "Asia/Tokyo",
        "gap": "skip",
        "fold": "second",
        "skip": ["2026-12-25", {"from": "2027-02-05", "until": "2027-02-11"}, "holidays"],
        "short_months": "last-day",
    },
}
AT_ONCE: dict[str, Any] = {**PUSH, "schedule": {"now": True, "again": 2}}
RICH: dict[str, Any] = {
    **PUSH,
    "schedule": {"at": "2026-12-24T20:00", "timezone": "UTC"},
    "message": {
        "title": "a", "body": "b", "style": "image", "image": {"default": "https://a.example/x"},
        "icon": "https://a.example/x", "open": {"intent": "x"}, "silent": False, "extras": {"a": 1},
        "transparent_payload": {"a": [None]}, "transparent_urgency": "HIGH",
    },
    "vendors": {
        "android": {"channel": "a"}, "huawei": {"category": "marketing", "level": "low"},
        "harmony": {"category": "raw:1"}, "honor": {"category": "raw:1", "level": "raw:2"},
        "oppo": {"category": "raw:1", "level": "full"},
        "vivo": {"class": "system", "category": "im"},
        "xiaomi": {"channel": "1", "category": "raw:1"}, "template": "t",
    },
    "sms": {"mode": "fallback", "sign": "a", "template": "b", "params": {"a": "b"}},
    "live_activity": {"event": "end", "state": {"a": None}, "dismiss_at": "2026-12-24T20:00Z"},
    "raw": {"A": [1]}, "labels": {"a": "b"}, "allow": [{"rule": "PSH301", "reason": "x"}],
    "name": "n", "owner": "o", "description": "", "enabled": True, "protect": False,
    "on_change": "forbid", "on_remove": "forget", "offer_ends": "2026-12-24T20:00",
    "expires_after": "4h", "via": "mps",
}  # fmt: skip
MANIFEST: dict[str, Any] = {
    "version": 1,
    "timezone": "Asia/Shanghai",
    "app": {
        "id": "X", "workspace": "w", "tenant": "t", "region": "r", "endpoint": "e",
        "targets": "hashed",
        "service_timezone": "UTC", "settle_time": 5, "chunking": True,
        "quota": {"limit": 1, "overflow": "soonest", "counts": "deliveries"},
        "sandbox": {"now": "2026-12-24T20:00"},
        "behaviour": {"horizon_days": 1, "cancel_type": 0, "list_slack": "1d"},
    },
    "policy": {
        "danger_window": "1m", "max_cancels": 1, "renew_before": 0, "allow_immediate": True,
        "max_creates": 0, "max_audience": 1, "max_audience_change": 2.5,
        "rules": {"PSH301": "off"}, "min_lead": "1h", "min_gap": 60, "max_per_day": 1,
        "quiet_hours": {"from": "22:00", "until": "08:00"}, "marketing": {"class": "x"},
        "links": {"schemes": ["https"], "hosts": ["a.example"]},
        "freezes": [{"from": "2027-02-05", "until": "2027-02-11", "reason": "x"}],
        "sms": {"price": 0.045, "currency": "CNY", "budget": 100, "max_people": 0},
        "targets": {"users": "u-[0-9]+"}, "suppressed": {"file": "x", "column": "y"},
    },
    "calendars": {"holidays": "days.txt"},
    "moved": [{"from": "a", "to": "b[c]"}],
    "removed": [{"id": "a", "cancel": False}],
    "adopt": [{"id": "a", "task": "t"}],
}  # fmt: skip


def fields(node: dict[str, Any]) -> list[str]:
    found: list[str] = []
    for value in node.values():
        if isinstance(value, dict):
            found += value.get("properties", {})
            found += fields(value)
    return found


NAMES = sorted({*fields(SCHEMA["$defs"]), "unknown"} - {"for_each"})
PUSH_ONLY = {"vars", "defaults", "environments", "include", "pushes"}


def mutate(draw: st.DrawFn, base: dict[str, Any], names: list[str]) -> dict[str, Any]:
    data = copy.deepcopy(base)
    for _ in range(draw(st.integers(1, 3))):
        maps = [data]
        for item in maps:
            inner = [
                *item.values(),
                *(part for v in item.values() if isinstance(v, list) for part in v),
            ]
            maps += [value for value in inner if isinstance(value, dict)]
        where = draw(st.sampled_from(maps))
        key = draw(st.sampled_from(sorted(where) or names) | st.sampled_from(names))
        if draw(st.integers(0, 3)) == 0:
            where.pop(key, None)
        else:
            where[key] = copy.deepcopy(draw(st.sampled_from(VALUES)))
    return data


@st.composite
def pushes(draw: st.DrawFn) -> dict[str, Any]:
    return mutate(draw, draw(st.sampled_from([PUSH, AT_ONCE, REPEATED, RICH])), NAMES)


@st.composite
def manifests(draw: st.DrawFn) -> dict[str, Any]:
    return mutate(draw, MANIFEST, sorted(set(NAMES) - PUSH_ONLY))


def missing(decoded: Any, data: Any) -> list[Any]:
    """Return the keys of data, at any depth, that what was decoded from it does not have."""
    if isinstance(data, dict):
        below = (missing(decoded[key], item) for key, item in data.items() if key in decoded)
        return [*(data.keys() - decoded.keys()), *chain.from_iterable(below)]
    if isinstance(data, list):
        assert len(decoded) == len(data)
        return [*chain.from_iterable(map(missing, decoded, data))]
    return []


def check(kind: Kind, model: type[Model], data: Any) -> None:
    valid = validate.accepts(kind, data)
    assert valid == bool(validate._thorough(kind).is_valid(data))
    assert valid == (not validate.findings(kind, data, NOWHERE))
    if valid:
        assert missing(decode(model, data).data(), data) == []


def test_the_starting_points_are_valid() -> None:
    assert validate.accepts(Kind.MANIFEST, MANIFEST)
    check(Kind.MANIFEST, Manifest, MANIFEST)
    for push in (PUSH, AT_ONCE, REPEATED, RICH):
        assert validate.accepts(Kind.PUSH, push)
        check(Kind.PUSH, PushEntry, push)


@settings(max_examples=share(400), deadline=None, suppress_health_check=list(HealthCheck))
@given(pushes())
def test_a_valid_push_is_decoded(data: dict[str, Any]) -> None:
    check(Kind.PUSH, PushEntry, data)


@settings(max_examples=share(250), deadline=None, suppress_health_check=list(HealthCheck))
@given(manifests())
def test_a_valid_manifest_is_decoded(data: dict[str, Any]) -> None:
    check(Kind.MANIFEST, Manifest, data)
