"""`moved`, `removed` and `adopt` against the entries that exist."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.manifest.project import HEAD, PUSH, project


@pytest.mark.parametrize(
    ("line", "details"),
    [
        ("moved: [{from: old, to: here}]", []),
        ("moved: [{from: a, to: b}, {from: b, to: here}]", []),
        ("moved: [{from: here, to: away}]", ["is still there", "There is no push `away`"]),
        ("moved: [{from: a, to: here}, {from: a, to: here}]", ["renamed twice", "Two entries"]),
        ("moved: [{from: a, to: b}, {from: b, to: a}]", ["in a circle", "in a circle"]),
        (
            "moved: [{from: c, to: a}, {from: a, to: b}, {from: b, to: a}]",
            ["Two entries would become `a`", "in a circle", "in a circle"],
        ),
        ("removed: [{id: old}, {id: old}]", ["is removed twice"]),
        ("removed: [{id: here}]", ["has not been removed"]),
        ("adopt: [{id: here, task: t}]", []),
        ("adopt: [{id: heer, task: t}]", ["There is no push `heer`"]),
        ("adopt: [{id: here, task: t}, {id: here, task: t}]", ["two tasks", "adopted twice"]),
    ],
)
def test_what_is_wrong(line: str, details: list[str], tmp_path: Path) -> None:
    text = f"{HEAD}{line}\npushes:\n  here:\n{PUSH}"
    found = project(tmp_path, {"pushctl.yaml": text}).diagnostics
    assert [item.code for item in found] == ["PSH117"] * len(details)
    for detail in details:
        assert any(detail in item.detail for item in found), detail
