"""Reading files of one folder, and nothing else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pushctl.manifest.files.reader import FileProblem, Files
from pushctl.manifest.read import read_manifest
from tests.unit.manifest.project import HEAD, codes, project


def test_special_files_are_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "folder.yaml").mkdir()
    text = HEAD + "include: [pipe.yaml, folder.yaml]\npushes: {}\n"
    assert codes(project(tmp_path, {"pushctl.yaml": text})) == ["PSH107", "PSH107"]


@pytest.mark.parametrize("path", ["a\0b", "a\nb", "x" * 5000, "a/" * 3000 + "b"])
def test_strange_paths_are_findings(path: str, tmp_path: Path) -> None:
    files = Files(tmp_path)
    with pytest.raises(FileProblem):
        files.read(files.name(path), limit=10)


def test_missing_manifest_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "pushctl.yml").write_text("x")
    reading = read_manifest(tmp_path)
    (found,) = reading.diagnostics
    assert (found.code, reading.manifest, reading.pushes) == ("PSH107", None, ())
    assert found.fix == "did you mean pushctl.yml?"
    assert codes(read_manifest(tmp_path / "nowhere")) == ["PSH107"]


def test_too_large_files_are_refused_unread(tmp_path: Path) -> None:
    (tmp_path / "pushctl.yaml").touch()
    os.truncate(tmp_path / "pushctl.yaml", 50_000_000)
    (found,) = read_manifest(tmp_path).diagnostics
    assert found.code == "PSH108"
    assert "50.0 MB" in found.detail


def test_digest_is_of_names_and_contents_of_all_files(tmp_path: Path) -> None:
    push = '    schedule: {every: day, at: "09:45"}\n    message: {title: a, body: b}\n'
    files: dict[str, str | bytes] = {
        "pushctl.yaml": HEAD + "include: [t/*.yaml]\npushes:\n  a:\n" + push
        + "    to: {users_from: people.txt}\n  b:\n" + push + "    to: {users_from: people.txt}\n",
        "t/x.yaml": "pushes: {}\n",
        "people.txt": "user1\n",
    }  # fmt: skip
    first = project(tmp_path, files)
    assert first.diagnostics == ()
    assert first.files == ("people.txt", "pushctl.yaml", "t/x.yaml")
    assert first.digest == read_manifest(tmp_path).digest
    changed = project(tmp_path, {"people.txt": "user2\n"})
    assert changed.digest != first.digest
    (tmp_path / "t" / "x.yaml").rename(tmp_path / "t" / "y.yaml")
    assert read_manifest(tmp_path).digest != changed.digest


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable_file_is_a_finding(tmp_path: Path) -> None:
    project(tmp_path, {"pushctl.yaml": HEAD})
    (tmp_path / "pushctl.yaml").chmod(0)
    assert codes(read_manifest(tmp_path)) == ["PSH107"]
