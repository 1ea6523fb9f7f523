"""Entries to a document and back, and every document that is not ours."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pushctl.state.chain.log import Stored
from pushctl.state.decoding import FormatError
from pushctl.state.http.document import Entries, appended, decode, encode


def entry(slot: int, serial: int = 0, lineage: str = "ours") -> Stored:
    return Stored(slot, json.dumps({"slot": slot, "serial": serial, "lineage": lineage}).encode())


THREE = (entry(4), entry(5), entry(6))


def test_entries_come_back_as_they_were() -> None:
    assert decode(encode(THREE)) == THREE
    assert decode(encode(THREE[:1])) == THREE[:1]


def test_the_document_is_an_empty_state_of_terraform() -> None:
    document = json.loads(encode(THREE))
    del document["pushctl"], document["terraform_version"]
    empty: dict[str, Any] = {"outputs": {}, "resources": []}
    assert document == {"version": 4, "serial": 6, "lineage": "ours", **empty}


@pytest.mark.parametrize(
    "change",
    [
        {"serial": 7},
        {"serial": "6"},
        {"serial": None},
        {"lineage": "theirs"},
        {"resources": [{}]},
        {"outputs": {"x": {}}},
        {"pushctl": {"entries": []}},
        {"pushctl": {"entries": [entry(6).body.decode(), entry(6).body.decode()]}},
        {"pushctl": {"entries": [entry(4).body.decode(), entry(6).body.decode()]}},
        {"pushctl": {"entries": ["{}"]}},
        {"pushctl": {"entries": [1]}},
        {"pushctl": {"entries": ["["]}},
        {"pushctl": []},
        {"pushctl": None},
    ],
)
def test_a_document_that_is_not_as_we_wrote_it_is_refused(change: dict[str, Any]) -> None:
    document = {**json.loads(encode(THREE)), **change}
    with pytest.raises(FormatError):
        decode(json.dumps(document).encode())


@pytest.mark.parametrize("missing", ["pushctl", "serial", "lineage", "resources", "outputs"])
def test_a_document_without_one_of_its_keys_is_refused(missing: str) -> None:
    document = json.loads(encode(THREE))
    del document[missing]
    with pytest.raises(FormatError):
        decode(json.dumps(document).encode())


@pytest.mark.parametrize("raw", [b"", b"[]", b"null", b"{", b"\xff", b"<html>", b"[" * 100_000])
def test_what_is_no_document_is_refused(raw: bytes) -> None:
    with pytest.raises(FormatError):
        decode(raw)


def slots(entries: Entries) -> list[int]:
    return [item.slot for item in entries]


def test_an_entry_follows_those_before_it() -> None:
    assert slots(appended((), entry(1))) == [1]
    assert slots(appended(THREE, entry(7))) == [4, 5, 6, 7]
    assert slots(appended(THREE, entry(6))) == [4, 5, 6]


def test_what_is_before_the_newest_snapshot_goes() -> None:
    assert slots(appended(THREE, entry(7, serial=1))) == [6, 7]
    late = (*THREE, entry(7, serial=1))
    assert slots(appended(late, entry(8, serial=1))) == [4, 5, 6, 7, 8]
