"""Carrying records over to new ids."""

from __future__ import annotations

import pytest

from pushctl.plan.change import Blocked, BlockReason, NoOp, Rename, creates_of
from pushctl.plan.diff.diff import diff
from pushctl.plan.diff.renames import apply_renames
from pushctl.state.state import PushRecord
from tests.builders import context, desired, people, recorded, state, task


def held(*ids: str) -> dict[str, PushRecord]:
    return {id: recorded(desired(id), task(desired(id))) for id in ids}


def moves(recorded_: str, moved: dict[str, str], wanted: str) -> list[str]:
    _, changes = apply_renames(held(*recorded_), moved, set(wanted))
    return [
        f"{change.before}>{change.id}" if isinstance(change, Rename) else f"!{change.id}"
        for change in changes
    ]


@pytest.mark.parametrize(
    ("recorded_", "moved", "wanted", "result"),
    [
        ("a", {"a": "b"}, "b", ["a>b"]),
        ("b", {"a": "b"}, "b", []),
        ("", {"a": "b"}, "b", []),
        ("a", {"a": "b"}, "c", []),
        ("ab", {"a": "b"}, "b", ["!b"]),
        ("ab", {"a": "c", "b": "c"}, "c", ["a>c", "!c"]),
        ("a", {"a": "b", "b": "c"}, "c", ["a>c"]),
        ("b", {"a": "b", "b": "c"}, "c", ["b>c"]),
        ("a", {"a": "b"}, "ab", ["!b"]),
        ("ab", {"a": "b", "b": "a"}, "ab", ["!b", "!a"]),
        ("a", {"a": "b", "b": "a"}, "c", []),
        ("a", {"a": "a"}, "a", ["!a"]),
    ],
)
def test_renamed(recorded_: str, moved: dict[str, str], wanted: str, result: list[str]) -> None:
    assert moves(recorded_, moved, wanted) == result


def test_diff_continues_a_renamed_entry() -> None:
    changes = diff((desired("b"),), state(held("a")), context(moved={"a": "b"}))
    assert [type(change) for change in changes] == [Rename, NoOp]


def test_diff_refuses_a_rename_onto_another() -> None:
    changes = diff((desired("b"),), state(held("a", "b")), context(moved={"a": "b"}))
    assert isinstance(changes[0], Blocked)
    assert changes[0].cause is BlockReason.RENAME


def test_diff_uses_no_key_again_that_the_new_id_had_before() -> None:
    current = state(held("a"), retired={"b": 1})
    changes = diff((desired("b", targets=people(1)),), current, context(moved={"a": "b"}))
    assert [new.slot.generation for new in creates_of(changes[1])] == [2]
