"""The format of entries: what is written is read, and nothing else."""

from __future__ import annotations

import json

import pytest

from pushctl.errors import StateError
from pushctl.state.chain.entry import (
    Claim,
    Entry,
    Moved,
    Record,
    Release,
    Snapshot,
    TakeOver,
    checksum,
    decode,
    encode,
)
from pushctl.state.decoding import FormatError, NewerFormatError
from pushctl.state.events import PushForgotten
from pushctl.state.history import HistoryEntry
from pushctl.state.interface import LockInfo
from tests.builders import desired, scheduled, state

ME = LockInfo("ann", "host", 7, "apply", "2026-12-01T08:00:00Z", "https://ci.example/1")
CLAIM = Claim(ME, 90.0, over=3)


class Rot:
    """A seal that anybody can open who knows how far it turns."""

    def __init__(self, by: int = 1) -> None:
        self.by = by

    def close(self, data: bytes) -> bytes:
        return bytes((byte + self.by) % 256 for byte in data)

    def open(self, data: bytes) -> bytes:
        opened = bytes((byte - self.by) % 256 for byte in data)
        if b"lineage" not in opened:
            raise StateError("wrong key")
        return opened


def entry(*records: Record, slot: int = 4) -> Entry:
    at = "2026-12-01T08:00:00Z"
    return Entry(slot, "the lineage", 2, checksum(b"before"), "00ff", at, 3, records)


@pytest.mark.parametrize(
    "record",
    [
        CLAIM,
        Claim(ME, 0.5),
        Release(),
        TakeOver(3, ME),
        Moved("gitlab:shop"),
        HistoryEntry("2026-12-01T08:00:00Z", "ann", "host", "apply", exit=0, made=(1, 2)),
        PushForgotten("双十一"),
        Snapshot(scheduled(desired("a")), CLAIM, (HistoryEntry(what="x"),)),
        Snapshot(state()),
    ],
    ids=lambda record: type(record).__name__,
)
@pytest.mark.parametrize("seal", [None, Rot()], ids=["clear", "sealed"])
def test_a_record_is_read_as_it_was_written(record: Record, seal: Rot | None) -> None:
    one = entry(record, record)
    body = encode(one, seal)
    assert decode(body, seal) == one
    assert b"\n" not in body
    body.decode("ascii")


def test_an_entry_without_records_is_one() -> None:
    assert decode(encode(entry())) == entry()


def test_slot_lineage_and_serial_are_readable_though_it_is_sealed() -> None:
    document = json.loads(encode(entry(PushForgotten("who")), Rot()))
    assert (document["slot"], document["lineage"], document["serial"]) == (4, "the lineage", 2)
    assert b"who" not in encode(entry(PushForgotten("who")), Rot())


def test_what_is_sealed_needs_the_right_key() -> None:
    body = encode(entry(Release()), Rot(1))
    with pytest.raises(StateError, match="sealed"):
        decode(body)
    with pytest.raises(StateError, match="wrong key"):
        decode(body, Rot(2))


def test_what_is_sealed_cannot_be_put_under_another_slot() -> None:
    one, other = (json.loads(encode(entry(slot=slot), Rot())) for slot in (4, 5))
    other.pop("sha256")
    moved = {**other, "sealed": one["sealed"]}
    from pushctl.push.identity import digest

    with pytest.raises(FormatError, match="another place"):
        decode(json.dumps({**moved, "sha256": digest(moved)}).encode(), Rot())


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: raw[:-2],
        lambda raw: raw.replace(b'"slot":4', b'"slot":5'),
        lambda raw: raw.replace(b"forgotten", b"resumed"),
        lambda raw: b"",
        lambda raw: b"[]",
        lambda raw: b"\xff\xfe",
        lambda raw: b"[" * 100_000,
    ],
)
def test_damage_is_noticed(damage: object) -> None:
    assert callable(damage)
    with pytest.raises(FormatError):
        decode(damage(encode(entry(PushForgotten("a")))))


def test_a_newer_version_says_so() -> None:
    with pytest.raises(NewerFormatError):
        decode(encode(entry()).replace(b'"version":1', b'"version":2'))
