"""The union of changes and field-by-field comparison."""

from __future__ import annotations

from typing import get_args

from pushctl.plan.change import ACTIONS, Action, Change, FieldChange, field_changes


def test_action_of_covers_every_kind_once() -> None:
    assert set(ACTIONS) == set(get_args(Change))
    assert sorted(ACTIONS.values()) == sorted(Action)


def test_field_changes_are_dotted_and_sorted() -> None:
    before = {"b": {"x": 1, "y": 2}, "a": 1, "gone": [1]}
    after = {"b": {"x": 1, "y": 3}, "a": 1, "fresh": {}}
    assert field_changes(before, after) == (
        FieldChange("b.y", 2, 3),
        FieldChange("fresh", None, {}),
        FieldChange("gone", [1], None),
    )
