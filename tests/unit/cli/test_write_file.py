"""Files that a command writes: whole ones, and only those that were meant."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pushctl.cli.write_file import rewrite, write_file
from pushctl.errors import PushctlError
from tests.acceptance.cli import Here


def test_a_file_is_written_whole_as_open_as_the_umask_says(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_file(tmp_path / "new", "今日\n")
        (tmp_path / "old").write_text("something longer")
        write_file(tmp_path / "old", "x")
    finally:
        os.umask(before)
    assert (tmp_path / "new").read_bytes() == "今日\n".encode()
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "old").read_text() == "x"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new", "old"]


def test_what_was_asked_for_is_written_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("there")
    write_file(tmp_path / "link", "x")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "there").read_text() == "x"


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    path = tmp_path / "no" / "plan.md"
    with pytest.raises(PushctlError) as raised:
        write_file(path, "x")
    assert raised.value.detail == f"{path}: No such file or directory"


def test_only_what_was_read_is_rewritten_and_its_permissions_stay(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"before")
    path.chmod(0o604)
    rewrite(tmp_path, "a.yaml", b"before", b"after")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"after", 0o604)
    with pytest.raises(PushctlError, match="not what was read"):
        rewrite(tmp_path, "a.yaml", b"before", b"again")
    assert path.read_bytes() == b"after"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("link.yaml", "link.yaml is a link, or stands in a folder that is one"),
        ("linked/a.yaml", "linked/a.yaml is a link, or stands in a folder that is one"),
        ("folder", "folder is something else"),
        ("gone.yaml", "gone.yaml: No such file or directory"),
    ],
)
def test_nothing_else_is_rewritten(tmp_path: Path, name: str, told: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a.yaml").write_bytes(b"x")
    (tmp_path / "link.yaml").symlink_to("folder/a.yaml")
    (tmp_path / "linked").symlink_to("folder")
    with pytest.raises(PushctlError) as raised:
        rewrite(tmp_path, name, b"x", b"y")
    assert raised.value.detail == told
    assert (tmp_path / "folder" / "a.yaml").read_bytes() == b"x"


def test_a_dash_is_no_file(tmp_path: Path) -> None:
    example = Here(tmp_path)
    assert example.run("init").code == 0
    ran = example.run("plan", "--offline", "--markdown", "-")
    assert ran.code == 1
    assert "for stdout use --format" in ran.err
    assert not (tmp_path / "-").exists()
