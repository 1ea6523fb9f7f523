"""A project is checked as `pushctl validate` does, with unsaved texts."""

from __future__ import annotations

from pathlib import Path

import pytest

from pushctl.lsp.project import CheckedProject, Surroundings, check_project
from tests.acceptance.repository import git
from tests.unit.manifest.project import HEAD, PUSH

NOW = 1796086800  # 2026-12-01T09:00:00+08:00


def checked(folder: Path, text: str) -> CheckedProject:
    return check_project(
        folder,
        file="pushctl.yaml",
        environment=None,
        unsaved={"pushctl.yaml": text.encode()},
        surroundings=lambda manifest: Surroundings(NOW),
    )


def test_a_project_is_checked_as_validate_does(tmp_path: Path) -> None:
    found = checked(tmp_path, f"{HEAD}pushes:\n  hello:\n{PUSH.replace('title', 'titel')}")
    assert [item.code for item in found.diagnostics if item.severity == "error"] == ["PSH104"]
    assert found.readable
    assert not checked(tmp_path, "a: [").readable


def test_an_editor_fetches_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUSHCTL_CACHE", str(tmp_path / "cache"))
    (tmp_path / "origin").mkdir()
    git(tmp_path / "origin", "init", "-q")
    address = f"git+file://{tmp_path}/origin//policy.yaml?ref={'0' * 40}"
    (found,) = checked(tmp_path, f"{HEAD}extends: {address}\npushes: {{}}\n").diagnostics
    assert "was not fetched yet" in found.detail
    assert not (tmp_path / "cache").exists()
