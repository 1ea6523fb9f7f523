"""Findings that name nobody, where targets are hashed."""

from __future__ import annotations

from pathlib import Path

from pushctl.manifest.redaction import targets
from pushctl.masking import HIDDEN
from tests.unit.manifest.project import HEAD, project

HASHED = HEAD.replace("prod}", "prod, targets: hashed}")


def test_targets_are_what_stands_under_to() -> None:
    data = {"to": {"users": ["ann", 7], "users_from": "a.csv"}, "message": {"title": "Ben"}}
    assert set(targets([data, {"pushes": {"x": {"to": {"ios": ["t"]}}}}])) == {"ann", "7", "t"}


def test_findings_name_no_target_and_show_no_line(tmp_path: Path) -> None:
    rest = "    schedule: {now: true}\n    message: {title: a, body: b}\n"
    text = (
        f"{HASHED}pushes:\n  a:\n    to: {{users: [ann, ann, ' ben ']}}\n{rest}"
        f"  b:\n    to: {{users_from: a.txt}}\n{rest}"
    )
    found = project(tmp_path, {"pushctl.yaml": text, "a.txt": "carl\nda\tn\n"}).diagnostics
    assert [item.code for item in found] == ["PSH514", "PSH503", "PSH514"]
    for item in found:
        assert item.snippet == ""
        assert not any(name in f"{item.detail}{item.fix}" for name in ("ann", "ben", "da\\tn"))
    assert HIDDEN in found[1].detail
    assert found[0].detail.startswith("Look at line 2 of a.txt.")
