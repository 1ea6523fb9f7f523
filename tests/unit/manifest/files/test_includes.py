from __future__ import annotations

from pathlib import Path

import pytest

from pushctl.manifest.files import reader as reading_files
from pushctl.manifest.files.reader import Files
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


@pytest.mark.parametrize("pattern", ["**x/*.yaml", "[", "a/***/b", "*" * 200, "[!a]*.yaml"])
def test_strange_patterns_are_findings(pattern: str, tmp_path: Path) -> None:
    text = HEAD + f"include: ['{pattern}']\npushes: {{}}\n"
    assert codes(project(tmp_path, {"pushctl.yaml": text})) in (["PSH107"], [])


def test_too_many_includes_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pushctl.manifest.files.includes.MAX_INCLUDES", 3)
    files: dict[str, str | bytes] = {f"t/{at}.yaml": "pushes: {}\n" for at in range(6)}
    files["pushctl.yaml"] = HEAD + "include: ['t/*.yaml']\npushes: {}\n"
    assert codes(project(tmp_path, files)) == ["PSH108"]


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


@pytest.mark.parametrize(
    ("text", "line", "fix"),
    [
        ("", None, "add prd under `environments`, or leave out --env"),
        ("environments: {prod: {}, test: {}}\n", 4, "did you mean prod? There is: prod, test"),
    ],
)
def test_an_environment_that_does_not_exist_is_on_no_line_of_the_file(
    text: str, line: int | None, fix: str, tmp_path: Path
) -> None:
    (found,) = project(tmp_path, {"pushctl.yaml": HEAD + text}, env="prd").diagnostics
    assert found.fix == fix
    assert (found.range.start.line if found.range else None) == line


def test_environments_may_be_files_alone(tmp_path: Path) -> None:
    files = {"pushctl.yaml": HEAD, "environments/prod.yaml": "{}\n"}
    (found,) = project(tmp_path, files, env="nope").diagnostics
    assert (found.range, found.fix) == (None, "use one of: prod")
