"""The entries of a chain, and their format: JSON, described in `docs/state.md`."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from msgspec import Struct, to_builtins
from msgspec.structs import asdict, replace

from pushctl.errors import StateError
from pushctl.push.identity import digest
from pushctl.state import codec
from pushctl.state.decoding import (
    FormatError,
    NewerFormatError,
    decoded,
    get,
    mapping,
    optional,
    typed,
)
from pushctl.state.events import Event
from pushctl.state.history import HistoryEntry, decode_entry, encode_entry
from pushctl.state.interface import LockInfo
from pushctl.state.state import State

VERSION = 1
"""Format version of an entry; a higher one was written by a newer pushctl."""


# --- records --------------------------------------------------------------------------------------


class Claim(Struct, frozen=True):
    """The lock is taken. It is lost after `seconds` without an entry of its holder; `over` is the
    slot of a claim that was lost so, None if the lock was free."""

    holder: LockInfo
    seconds: float
    over: int | None = None


class Release(Struct, frozen=True):
    """The holder gives the lock back."""


class TakeOver(Struct, frozen=True):
    """Somebody takes the lock away from the claim in a slot; then nobody has it."""

    claim: int
    by: LockInfo


class Snapshot(Struct, frozen=True):
    """The whole state, in the place of all entries before. `claim` is the one in force, at the
    slot that the entry names; `history` is the newest part of what commands did."""

    state: State
    claim: Claim | None = None
    history: tuple[HistoryEntry, ...] = ()


class Moved(Struct, frozen=True):
    """The state lives at another address now; nothing follows."""

    to: str


Record = Claim | Release | TakeOver | Snapshot | Moved | HistoryEntry | Event


class Entry(Struct, frozen=True):
    """What is stored in one slot.

    `serial` is the one of the newest snapshot. `previous` is the SHA-256 (hex) of the body before,
    empty in the first. `claim` is the slot of the claim that its writer holds; None for what needs
    no lock. `nonce` is random and tells an entry from any other. `at` is ISO 8601 in UTC, by the
    writer's clock. An entry without records only shows that its writer is alive.
    """

    slot: int
    lineage: str
    serial: int
    previous: str
    nonce: str
    at: str
    claim: int | None
    records: tuple[Record, ...] = ()


# --- format ---------------------------------------------------------------------------------------


class Seal(Protocol):
    """What makes the records of an entry unreadable to whoever has no key."""

    def close(self, data: bytes) -> bytes:
        """Return bytes that only the holders of a key can open."""

    def open(self, data: bytes) -> bytes:
        """Return what `close` was given; raises `StateError` without the right key."""


def encode(entry: Entry, seal: Seal | None = None) -> bytes:
    """Return an entry as one line of JSON; raises `StateError` if it could not be read again.

    Slot, lineage and serial stay readable whether it is sealed or not.
    """
    records = codec.readable(entry.records, _records, _read_records, separators=(",", ":"))
    body: dict[str, Any] = {"version": VERSION, **asdict(entry)}
    del body["records"]
    if seal is None:
        body["records"] = json.loads(records)
    else:
        body["sealed"] = base64.b64encode(seal.close(_inside(body) + records)).decode("ascii")
    text = json.dumps({**body, "sha256": digest(body)}, separators=(",", ":"), allow_nan=False)
    return text.encode("ascii")


def decode(raw: bytes, seal: Seal | None = None) -> Entry:
    """Return the entry of a body; raises `FormatError`, and `StateError` if it cannot be opened."""
    document = decoded("the entry", json.loads, raw)
    data = mapping(document, "the entry")
    version = get(data, "version", int)
    if version > VERSION:
        raise NewerFormatError(f"format version {version}, this pushctl knows {VERSION}")
    body = {key: value for key, value in data.items() if key != "sha256"}
    if get(data, "sha256", str) != decoded("content", digest, body):
        raise FormatError("its checksum does not fit its content")
    records = data.get("records")
    if "sealed" in data:
        records = _opened(data, seal)
    entry = codec.read_fields(Entry, {key: data[key] for key in data if key != "records"})
    return replace(entry, records=decoded("records", _read_records, records))


def checksum(body: bytes) -> str:
    """Return what the next entry says under `previous`."""
    return hashlib.sha256(body).hexdigest()


def _inside(body: Mapping[str, Any]) -> bytes:
    """Return what ties sealed records to their place: nobody can put them under another slot."""
    return f"{body['lineage']} {body['slot']}\n".encode("utf-8", "surrogatepass")


def _opened(data: Mapping[str, Any], seal: Seal | None) -> Any:
    if seal is None:
        detail = f"entry {data['slot']} cannot be opened without a key"
        raise StateError("The state is sealed", detail, fix="set PUSHCTL_AGE_KEY")
    sealed = decoded("sealed", base64.b64decode, get(data, "sealed", str))
    place, _, records = seal.open(sealed).partition(b"\n")
    if place + b"\n" != _inside(data):
        raise FormatError("what is sealed in it belongs to another place")
    return decoded("sealed", json.loads, records)


# --- records as data ------------------------------------------------------------------------------


def _records(records: tuple[Record, ...]) -> list[dict[str, Any]]:
    return [_encoded(record) for record in records]


def _encoded(record: Record) -> dict[str, Any]:
    match record:
        case Claim():
            return {"claim": to_builtins(record)}
        case Release():
            return {"release": {}}
        case TakeOver():
            return {"take_over": to_builtins(record)}
        case Snapshot():
            return {
                "snapshot": {
                    "state": codec.encode_state(record.state),
                    "claim": record.claim and to_builtins(record.claim),
                    "history": [encode_entry(entry) for entry in record.history],
                }
            }
        case Moved():
            return {"moved": to_builtins(record)}
        case HistoryEntry():
            return {"history": encode_entry(record)}
        case _:
            return {"event": codec.encode_event(record)}


def _read_records(document: Any) -> tuple[Record, ...]:
    return tuple(_read_record(item) for item in typed(document, list, "records"))


def _read_record(document: Any) -> Record:
    [(kind, data)] = mapping(document, "the record").items()
    if kind not in READERS:
        raise FormatError(f"unknown record {kind!r}")
    return READERS[kind](data)


def _read_claim(document: Any) -> Claim:
    data = mapping(document, "claim")
    return Claim(_holder(data["holder"]), float(data["seconds"]), optional(data, "over", int))


def _read_snapshot(document: Any) -> Snapshot:
    data = mapping(document, "snapshot")
    return Snapshot(
        codec.decode_state(data["state"]),
        _read_claim(data["claim"]) if data.get("claim") else None,
        tuple(decode_entry(item) for item in typed(data["history"], list, "history")),
    )


def _holder(document: Any) -> LockInfo:
    return LockInfo(**mapping(document, "holder"))


READERS: Mapping[str, Callable[[Any], Record]] = {
    "claim": _read_claim,
    "release": lambda data: Release(),
    "take_over": lambda data: TakeOver(get(data, "claim", int), _holder(data["by"])),
    "snapshot": _read_snapshot,
    "moved": lambda data: Moved(get(data, "to", str)),
    "history": decode_entry,
    "event": codec.decode_event,
}
