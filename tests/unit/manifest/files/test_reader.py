"""Reading files of one folder, and nothing else."""

from __future__ import annotations

import ntpath
import os
from functools import partial
from pathlib import Path

import pytest

from pushctl.manifest.files import reader
from pushctl.manifest.files.reader import FileProblem, Files, name_of
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


@pytest.mark.parametrize(
    ("path", "beside", "expected"),
    [
        (r"more\a.yaml", "", "more/a.yaml"),
        ("../lists/./x.csv", "more/a.yaml", "lists/x.csv"),
        (r"C:\work\pushes\more\a.yaml", "b.yaml", "more/a.yaml"),
        ("c:/Work/Pushes/a.yaml", "", "a.yaml"),
        (r"..\x.yaml", "", "../x.yaml"),
        (r"C:\work\x.yaml", "", "../x.yaml"),
        (r"D:\x.yaml", "", "D:/x.yaml"),
    ],
)
def test_a_name_is_the_same_on_windows(path: str, beside: str, expected: str) -> None:
    assert name_of(path, beside, r"C:\work\pushes", ntpath) == expected


@pytest.mark.parametrize(
    "path", [r"\\other\share\x.yaml", "//other/share/x.yaml", r"D:\x.yaml", "D:x"]
)
@pytest.mark.parametrize("shared", [True, False])
def test_another_drive_is_not_even_looked_at(
    path: str, shared: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = Files(tmp_path)
    named = partial(name_of, system=ntpath)
    monkeypatch.setattr(reader, "name_of", lambda path, beside, root: named(path, beside, "C:/a"))
    monkeypatch.setattr(os.path, "splitdrive", ntpath.splitdrive)
    with pytest.raises(FileProblem, match="leads outside"):
        files.name(path, shared=shared)


def test_capitals_count_in_the_name_of_an_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where they do not count to the system, `--env PROD` would be another state of `prod`."""
    project(tmp_path, {"pushctl.yaml": HEAD + "pushes: {}\n", "environments/prod.yaml": "{}\n"})
    monkeypatch.setattr(Path, "is_file", lambda path: True)
    found = read_manifest(tmp_path, environment="PROD")
    assert codes(found) == ["PSH116"]
    assert found.diagnostics[0].fix == "use one of: prod"
    assert codes(read_manifest(tmp_path, environment="prod")) == []


def test_backslashes_in_a_path_are_explained(tmp_path: Path) -> None:
    found = project(tmp_path, {"pushctl.yaml": HEAD + "include: ['more\\a.yaml']\npushes: {}\n"})
    assert "write / between folders" in str(found.diagnostics[0].fix)


@pytest.mark.parametrize("beside_open_folders", [True, False])
def test_what_became_a_link_after_it_was_looked_at_is_not_read(
    tmp_path: Path, beside_open_folders: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not beside_open_folders:
        monkeypatch.setattr(reader, "NO_FOLLOW", 0)  # as on Windows
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "a").write_bytes(b"x")
    (tmp_path / "link").symlink_to("there")
    files = Files(tmp_path)
    os.close(files._opened(tmp_path / "there" / "a"))
    with pytest.raises(OSError, match=r"symbolic links|Not a directory"):
        files._opened(tmp_path / "link" / "a")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable_file_is_a_finding(tmp_path: Path) -> None:
    project(tmp_path, {"pushctl.yaml": HEAD})
    (tmp_path / "pushctl.yaml").chmod(0)
    assert codes(read_manifest(tmp_path)) == ["PSH107"]
