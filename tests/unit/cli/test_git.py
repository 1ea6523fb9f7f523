"""Where a folder is in its repository."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from pushctl.cli.git import from_root, path_of, place_of, prefix_of
from pushctl.diagnostics import Diagnostic, Position, Range, Severity


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    made = tmp_path / "a b"
    made.mkdir()
    return made


def test_a_manifest_is_known_by_its_place_in_the_repository(folder: Path) -> None:
    assert path_of(folder.parent, "pushctl.yaml") == ""
    assert path_of(folder.parent, "./pushctl.yaml") == ""
    assert path_of(folder, "pushctl.yaml") == "a b"
    assert path_of(folder, "other.yaml") == "a b/other.yaml"


def test_a_folder_outside_of_any_repository_has_no_place(tmp_path: Path) -> None:
    assert place_of(tmp_path) is None
    assert prefix_of(tmp_path) == PurePosixPath()


def test_findings_are_named_from_the_root_of_the_repository(folder: Path) -> None:
    place = Range("x.yaml", Position(1, 1), Position(1, 2))
    found = Diagnostic(Severity.INFO, "PSH612", "", "", place)
    nowhere = Diagnostic(Severity.INFO, "PSH612", "", "")
    moved, same = from_root([found, nowhere], folder)
    assert (moved.range and moved.range.filename, same) == ("a b/x.yaml", nowhere)
