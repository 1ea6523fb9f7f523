from __future__ import annotations

import os
from pathlib import Path

import pytest

from pushctl.manifest.files import reader as reading_files
from pushctl.manifest.files.reader import FileProblem, Files
from pushctl.manifest.read import read_manifest
from tests.unit.manifest.project import HEAD, PUSH, codes, project


def test_links_out_of_the_folder_are_refused(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.yaml").write_text("pushes: {}\n")
    (outside / "people.txt").write_text("user1\n")
    root = tmp_path / "root"
    root.mkdir()
    (root / "link.yaml").symlink_to(outside / "secret.yaml")
    (root / "folder").symlink_to(outside)
    text = (
        HEAD
        + "include: [link.yaml, folder/*.yaml, folder/secret.yaml, l*.yaml, /etc/hostname]\n"
        + 'pushes:\n  a:\n    schedule: {every: day, at: "09:45"}\n'
        + "    to: {users_from: folder/people.txt}\n    message: {title: a, body: b}\n"
    )
    reading = project(root, {"pushctl.yaml": text})
    assert set(codes(reading)) == {"PSH106"}
    assert len(reading.diagnostics) == 6
    assert reading.files == ("pushctl.yaml",)


def test_links_inside_the_folder_are_followed_once(tmp_path: Path) -> None:
    files = {
        "pushctl.yaml": HEAD + "include: [teams/*.yaml]\npushes: {}\n",
        "teams/a.yaml": "pushes:\n  x:\n" + PUSH,
    }
    project(tmp_path, files)
    (tmp_path / "teams" / "b.yaml").symlink_to(tmp_path / "teams" / "a.yaml")
    reading = read_manifest(tmp_path)
    assert reading.diagnostics == ()
    assert [push.id for push in reading.pushes] == ["x"]


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


@pytest.mark.parametrize("pattern", ["**x/*.yaml", "[", "a/***/b", "*" * 200, "[!a]*.yaml"])
def test_strange_patterns_are_findings(pattern: str, tmp_path: Path) -> None:
    text = HEAD + f"include: ['{pattern}']\npushes: {{}}\n"
    assert codes(project(tmp_path, {"pushctl.yaml": text})) in (["PSH107"], [])


def test_missing_manifest_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "pushctl.yml").write_text("x")
    reading = read_manifest(tmp_path)
    (found,) = reading.diagnostics
    assert (found.code, reading.manifest, reading.pushes) == ("PSH107", None, ())
    assert found.fix == "did you mean pushctl.yml?"
    assert codes(read_manifest(tmp_path / "nowhere")) == ["PSH107"]


def test_too_many_includes_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pushctl.manifest.files.includes.MAX_INCLUDES", 3)
    files: dict[str, str | bytes] = {f"t/{at}.yaml": "pushes: {}\n" for at in range(6)}
    files["pushctl.yaml"] = HEAD + "include: ['t/*.yaml']\npushes: {}\n"
    assert codes(project(tmp_path, files)) == ["PSH108"]


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


def test_every_file_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    original = reading_files.Files.read

    def counted(self: Files, name: str, *, limit: int) -> bytes:
        read.append(name)
        return original(self, name, limit=limit)

    monkeypatch.setattr(reading_files.Files, "read", counted)
    push = '    schedule: {every: day, at: "09:45"}\n    message: {title: a, body: b}\n'
    project(
        tmp_path,
        {
            "pushctl.yaml": HEAD
            + "pushes:\n  a:\n"
            + push
            + "    to: {users_from: p.csv}\n  b:\n"
            + push
            + "    to: {users_from: {file: ./p.csv, column: b}}\n",
            "p.csv": "id,b\n1,2\n",
        },
    )
    assert read == ["pushctl.yaml", "p.csv"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable_file_is_a_finding(tmp_path: Path) -> None:
    project(tmp_path, {"pushctl.yaml": HEAD})
    (tmp_path / "pushctl.yaml").chmod(0)
    assert codes(read_manifest(tmp_path)) == ["PSH107"]
