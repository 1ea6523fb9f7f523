"""Entries of the history: their format, and whether the last apply is known to have ended well."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pushctl.state.decoding import FormatError
from pushctl.state.history import HistoryEntry, decode_entry, encode_entry, is_whole, newest
from pushctl.state.state import Phase, State
from tests import builders
from tests.builders import desired, people, recorded, task

AT = 1_796_086_800
OLD = {"at": "2026-11-01T00:00:00Z", "who": "lin", "host": "h", "what": "state rm old", "run": ""}


def test_an_entry_is_read_back() -> None:
    pushes = {"create": ("a",), "failed": ("b",)}
    more = {"env": "prod", "commit": "abc-dirty", "plan": "abc", "calls": ("R1", "R2")}
    entry = HistoryEntry(**OLD, **more, exit=4, pushes=pushes, made=(AT, 1))
    assert decode_entry(json.loads(json.dumps(encode_entry(entry)))) == entry
    assert (entry.done_to("a"), entry.is_about("a"), entry.is_about("c")) == (
        *(("create",), True, False),
    )


def test_a_document_says_only_what_is_known() -> None:
    assert encode_entry(HistoryEntry(**OLD)) == OLD


def test_entries_of_earlier_versions_are_about_what_they_name() -> None:
    entry = decode_entry(OLD)
    assert entry == HistoryEntry(**OLD)
    assert entry.is_about("old")
    assert not entry.is_about("ol")


def test_what_a_later_version_adds_is_left_out() -> None:
    assert decode_entry({**OLD, "mood": ["good"]}) == HistoryEntry(**OLD)


@pytest.mark.parametrize(
    "document",
    [
        *([], 7, "text", None, {}),
        {**OLD, "who": 7},
        {**OLD, "pushes": []},
        {**OLD, "pushes": {"create": [7]}},
        {**OLD, "commit": {}},
        {**OLD, "calls": "R1"},
        {**OLD, "calls": [1]},
    ],
)
def test_what_is_no_entry_is_refused(document: Any) -> None:
    with pytest.raises(FormatError):
        decode_entry(document)


def state(*begun: int, gone: int = 0) -> State:
    push = desired(targets=people(5))
    live = [task(push, chunk=index, began_at=at) for index, at in enumerate(begun)]
    over = [
        task(push, chunk=100 + index, phase=Phase.SENT, began_at=AT + 99) for index in range(gone)
    ]
    return builders.state({push.id: recorded(push, *live, *over)})


def line(made: tuple[int, int] | None, exit: int = 0) -> HistoryEntry:
    return HistoryEntry("2026-12-01T01:00:00Z", "lin", "host", "apply", exit=exit, made=made)


def test_only_what_is_scheduled_counts() -> None:
    assert newest(state()) == (0, 0)
    assert newest(state(AT, AT + 5, AT + 5, gone=2)) == (AT + 5, 2)


@pytest.mark.parametrize(
    ("begun", "entries", "whole"),
    [
        ((AT, AT), [line((AT, 2))], True),
        ((AT,), [line((AT, 2))], True),
        ((AT, AT, AT), [line((AT, 2))], False),
        ((AT, AT + 1), [line((AT, 1))], False),
        ((AT, AT), [line((AT, 2), exit=4)], False),
        ((AT, AT), [line((AT, 2), exit=4), line((AT, 2))], True),
        ((AT, AT), [line((AT, 2)), line(None)], True),
        ((AT, AT), [line(None)], False),
        ((AT, AT), [], False),
    ],
    ids=[
        "as it was left",
        "one was delivered since",
        "one more at the same moment, by an apply that left no line",
        "one more later",
        "the apply failed",
        "failed, and completed",
        "something else since",
        "a line of an earlier version",
        "no history",
    ],
)
def test_an_apply_is_known_to_be_whole(
    begun: tuple[int, ...], entries: list[HistoryEntry], whole: bool
) -> None:
    assert is_whole(state(*begun), entries) is whole
