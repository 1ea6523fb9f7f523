"""What is proposed while something is typed."""

from __future__ import annotations

import pytest

from pushctl.diagnostics import Position
from pushctl.lsp.completion import proposals


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("moved:\n  - {from: a, to: ", "here"),
        ("moved:\n  - from: a\n    to: he", "here"),
        ("moved:\n- from: a\n  to: ", "here"),
        ("moved:\n  - {from: ", "gone"),
        ("removed:\n  - {id: ", "gone"),
        ("removed:\n  # old ones\n\n  - id: g", "gone"),
        ("adopt: [{id: ", "here"),
        ("environments:\n  live:\n    moved:\n      - {from: a, to: ", "here"),
        ("pushes:\n  a:\n    to: ", None),
        ("moved: []\npushes:\n  a:\n    to: ", None),
        ("vars: {id: ", None),
        ("moved:\n  - {from: a, to: b, ", None),
    ],
)
def test_ids_are_proposed_where_they_are_meant(text: str, expected: str | None) -> None:
    lines = tuple(text.split("\n"))
    at = Position(len(lines), len(lines[-1]) + 1)
    found = proposals(lines, at, ids=["here"], gone=["gone"])
    assert [item.text for item in found] == ([] if expected is None else [expected])
    assert all(lines[-1][item.start.column - 1 :] in ("", "he", "g") for item in found)


def test_rules_are_proposed_with_their_titles() -> None:
    lines = ("    allow:", "      - rule: PSH")
    found = proposals(lines, Position(2, 18), ids=[], gone=[])
    assert "PSH301" in [item.text for item in found]
    assert all(item.detail for item in found)
