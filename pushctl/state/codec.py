"""State and events as plain data, and back: the formats of the state file and of its journal.

Instants are written as ISO 8601 in UTC, because people read these files in a hurry. Decoding is
strict: data of another shape raises `FormatError` with the path of what is wrong, never anything
else. Encoding asks decoding: what could not be read again is not written. The document is described
by `schemas/state.schema.json`.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import ChainMap
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, TypeVar, get_args

from msgspec import to_builtins

from pushctl.errors import StateError
from pushctl.push.identity import digest, has_digest
from pushctl.push.push import Meta, OnRemove, schedule_facts
from pushctl.push.task import Slot
from pushctl.schedule.service_schedule import Every, Immediate, Loop, OneShot, Schedule
from pushctl.state.decoding import (
    LATEST_DAY,
    ODD,
    FormatError,
    NewerFormatError,
    decoded,
    epoch,
    get,
    instant_of,
    iso,
    mapping,
    optional,
    short,
    typed,
)
from pushctl.state.events import Event
from pushctl.state.state import Match, Phase, PushRecord, ServiceSettings, State, TaskRecord

T = TypeVar("T")

VERSION = 1
"""Format version of the state file; a higher one was written by a newer pushctl."""

MOST_DAYS = {Every.DAY: 0, Every.WEEK: 7, Every.MONTH: 31}
"""The highest number in a loop's list of days."""

EVENTS: Mapping[str, type[Any]] = {
    str(kind.__struct_config__.tag): kind for kind in get_args(Event)
}
NAMES: Mapping[type[Any], str] = {kind: name for name, kind in EVENTS.items()}


# --- the whole document ---------------------------------------------------------------------------


def encode_state(state: State) -> dict[str, Any]:
    """Return the document of a state, its own checksum included."""
    body: dict[str, Any] = {
        "version": VERSION,
        "serial": state.serial,
        "lineage": state.lineage,
        "app": state.app,
        "workspace": state.workspace,
        "pushes": {id: _push(record) for id, record in sorted(state.pushes.items())},
        "retired": dict(sorted(state.retired.items())),
    }
    if state.settings is not None:
        body["site"] = _settings(state.settings)
    return {**body, "sha256": digest(body)}


def decode_state(document: Any, *, sealed: bool = True) -> State:
    """Return the state of a document; raises `FormatError`, also unless its checksum fits."""
    data = mapping(document, "the file")
    version = get(data, "version", int)
    if version > VERSION:
        raise NewerFormatError(f"format version {version}, this pushctl knows {VERSION}")
    body = {key: value for key, value in data.items() if key != "sha256"}
    expected = get(data, "sha256", str) if sealed else ""
    if sealed and not decoded("content", lambda it: has_digest(it, expected), body):
        raise FormatError("its checksum does not fit its content")
    return State(
        lineage=get(data, "lineage", str),
        serial=get(data, "serial", int),
        app=get(data, "app", str),
        workspace=get(data, "workspace", str),
        pushes={
            id: decoded(f"pushes.{id}", _read_push, record)
            for id, record in mapping(data.get("pushes"), "pushes").items()
        },
        retired={
            id: typed(value, int, f"retired.{id}")
            for id, value in mapping(data.get("retired", {}), "retired").items()
        },
        settings=decoded("site", _optional(READERS["ServiceSettings"]), data.get("site")),
    )


def encode_event(event: Event) -> dict[str, Any]:
    """Return an event as plain data; its kind is under `event`."""
    data: dict[str, Any] = {"event": NAMES[type(event)]}
    for name in _fields(type(event)):
        value = getattr(event, name)
        match value:
            case TaskRecord():
                data[name] = _task(value)
            case Meta():
                data[name] = _meta(value)
            case ServiceSettings():
                data["site"] = _settings(value)
            case Slot():
                data[name] = list(value)
            case _:
                data[name] = value
    return data


def decode_event(document: Any) -> Event:
    """Return the event of a document; raises `FormatError`."""
    return decoded("event", _read_event, document)


def readable(
    value: T, encode: Callable[[T], Any], decode: Callable[[Any], T], **layout: Any
) -> bytes:
    """Return a value as JSON, laid out as `json.dumps` can; `StateError` if it reads as another."""
    try:
        data = json.dumps(encode(value), **layout).encode("utf-8", "surrogatepass")
        if decode(json.loads(data)) == value:
            return data
        why = "it would be read as something else"
    except ODD as error:
        why = short(str(error))
    detail = f"{getattr(value, 'id', 'the state')}: {why}"
    fix = "correct what the manifest says there; no call is made that is not recorded"
    raise StateError("This cannot be recorded", detail, fix=fix)


def _read_event(document: Any) -> Event:
    data = dict(mapping(document, "the event"))
    name = data.pop("event", None)
    if name not in EVENTS:
        raise FormatError(f"unknown event {name!r}")
    if "site" in data:
        data["settings"] = data.pop("site")
    kind: Any = EVENTS[name]
    known = _fields(kind)
    if not {key for key, (_, needed) in known.items() if needed} <= data.keys() <= known.keys():
        raise FormatError(f"{name} has {sorted(data)}, expected {sorted(known)}")
    event: Event = read_fields(kind, data)
    return event


# --- parts ----------------------------------------------------------------------------------------


def _settings(settings: ServiceSettings) -> dict[str, Any]:
    added = ("gone_statuses", "manifest", "time_zone_data")  # later, left out while empty
    said = to_builtins(settings)
    return {name: value for name, value in said.items() if value or name not in added}


def _push(record: PushRecord) -> dict[str, Any]:
    data: dict[str, Any] = {
        "generation": record.generation,
        "fingerprint": record.fingerprint,
        "spec": dict(record.spec),
        **_meta(record.meta),
        "tasks": [_task(task) for task in record.tasks],
    }
    if record.stopped_at is not None:
        data["stopped"] = True
        data["stopped_at"] = iso(record.stopped_at)
        data["stopped_as"] = record.stopped_as
    return data


def _read_push(document: Any) -> PushRecord:
    data = mapping(document, "the entry")
    return PushRecord(
        generation=get(data, "generation", int),
        fingerprint=get(data, "fingerprint", str),
        spec=mapping(data.get("spec"), "spec"),
        meta=_read_meta(data),
        tasks=tuple(_read_task(task) for task in get(data, "tasks", list)),
        stopped_at=_read_stopped(data),
        stopped_as=optional(data, "stopped_as", str),
    )


def _read_stopped(data: Mapping[str, Any]) -> int | None:
    """Read when an entry was stopped; `stopped` alone, as a person may write it, is long ago."""
    if not typed(data.get("stopped", False), bool, "stopped"):
        return None
    return epoch(data.get("stopped_at")) or 0


def _meta(meta: Meta) -> dict[str, Any]:
    data = {
        "owner": meta.owner,
        "description": meta.description,
        "labels": dict(meta.labels) or None,
        "protect": meta.protect or None,
        "on_remove": None if meta.on_remove is OnRemove.CANCEL else str(meta.on_remove),
    }
    return _without_none(data)


def _without_none(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value is not None}


def _read_meta(document: Any) -> Meta:
    data = mapping(document, "meta")
    return Meta(
        owner=optional(data, "owner", str),
        description=optional(data, "description", str),
        labels=mapping(data.get("labels", {}), "labels"),
        protect=typed(data.get("protect", False), bool, "protect"),
        on_remove=OnRemove(data.get("on_remove", OnRemove.CANCEL)),
    )


def _task(task: TaskRecord) -> dict[str, Any]:
    match = task.match
    data: dict[str, Any] = {
        "chunk": task.chunk,
        "segment": task.segment,
        "generation": task.generation,
        "phase": str(task.phase),
        "task_id": task.task_id,
        "fingerprint": task.fingerprint,
        "targets": dict(task.targets),
        "schedule": schedule_facts(task.schedule),
        "window": {"first": iso(task.first), "last": iso(task.last)},
        "began_at": iso(task.began_at),
        "created_at": iso(task.created_at),
        "request_id": task.request_id,
    }
    optional_data = {
        "over_at": iso(task.over_at),
        "covers": iso(task.covers),
        "match": None if match is None else {**to_builtins(match), "known": [*match.known]},
        "doubt": task.doubt,
    }
    return {**data, **_without_none(optional_data)}


def _read_task(document: Any) -> TaskRecord:
    data = mapping(document, "the task")
    window = mapping(data.get("window"), "window")
    match, began_at = data.get("match"), epoch(data.get("began_at"))
    if began_at is None:
        raise FormatError("began_at is missing")
    return TaskRecord(
        chunk=get(data, "chunk", int),
        segment=get(data, "segment", int),
        generation=get(data, "generation", int),
        phase=Phase(get(data, "phase", str)),
        task_id=get(data, "task_id", str),
        fingerprint=get(data, "fingerprint", str),
        targets={
            target: typed(key, str, "targets")
            for target, key in mapping(data.get("targets"), "targets").items()
        },
        schedule=read_schedule(mapping(data.get("schedule"), "schedule")),
        first=epoch(window.get("first")),
        last=epoch(window.get("last")),
        began_at=began_at,
        created_at=epoch(data.get("created_at")),
        over_at=epoch(data.get("over_at")),
        covers=epoch(data.get("covers")),
        request_id=get(data, "request_id", str),
        match=None if match is None else read_fields(Match, mapping(match, "match")),
        doubt=optional(data, "doubt", str),
    )


def read_schedule(data: Mapping[str, Any]) -> Schedule:
    """Turn the facts of a schedule as sent back into one; raises `FormatError` or ValueError."""
    match data.get("type"):
        case "now":
            return Immediate(optional(data, "again", str))
        case "once":
            return OneShot(instant_of(get(data, "at", int), "at"))
        case "loop":
            return _read_loop(data)
        case other:
            raise FormatError(f"unknown schedule {other!r}")


def _read_loop(data: Mapping[str, Any]) -> Loop:
    first = dt.date.fromisoformat(get(data, "first", str))
    last = dt.date.fromisoformat(get(data, "last", str))
    time = dt.time.fromisoformat(get(data, "time", str))
    if not dt.date(1970, 1, 2) <= first or last > LATEST_DAY:
        raise FormatError(f"first is {first} and last {last}, which are no days of this age")
    if time.tzinfo is not None or time.microsecond:
        raise FormatError(f"time is {time}, expected HH:MM:SS")
    every = Every(get(data, "every", int))
    on = tuple(typed(day, int, "on") for day in get(data, "on", list))
    if not all(1 <= day <= MOST_DAYS[every] for day in on):
        raise FormatError(f"on is {list(on)}, which are no days for such a loop")
    return Loop(every, on, time, first, last)


# --- records whose fields are written under their own names ---------------------------------------


def read_fields(kind: Callable[..., T], data: Mapping[str, Any]) -> T:
    """Read a record by the types of its fields, which `READERS` must have."""
    return kind(
        **{
            name: decoded(name, READERS[type], data.get(name))
            for name, (type, needed) in _fields(kind).items()
            if needed or name in data
        }
    )


@lru_cache(None)
def _fields(kind: Any) -> Mapping[str, tuple[str, bool]]:
    """Return the type of each field as it is written, and whether the field has no default."""
    types = ChainMap(*(vars(base).get("__annotations__", {}) for base in kind.__mro__))
    names, defaults = kind.__struct_fields__, len(kind.__struct_defaults__)
    return {name: (types[name], at < len(names) - defaults) for at, name in enumerate(names)}


def _of(kind: type[T]) -> Callable[[Any], T]:
    return lambda value: typed(value, kind, "it")


def _optional(reader: Callable[[Any], T]) -> Callable[[Any], T | None]:
    return lambda value: None if value is None else reader(value)


READERS: Mapping[str, Callable[[Any], Any]] = {
    "str": _of(str),
    "int": _of(int),
    "Instant": lambda value: instant_of(typed(value, int, "it"), str(value)),
    "bool": _of(bool),
    "str | None": _optional(_of(str)),
    "int | None": _optional(_of(int)),
    "tuple[str, ...]": lambda value: tuple(typed(item, str, "it") for item in _of(list)(value)),
    "Mapping[str, Any]": lambda value: mapping(value, "it"),
    "Phase": Phase,
    "Slot": lambda value: Slot(*(typed(number, int, "it") for number in value)),
    "TaskRecord": _read_task,
    "Meta": _read_meta,
    "ServiceSettings": lambda value: read_fields(ServiceSettings, mapping(value, "site")),
}
