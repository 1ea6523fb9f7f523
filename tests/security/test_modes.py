"""Who may read what a command leaves, whatever the umask; and links where files are expected."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pushctl.cli import main

NOW = "2026-12-01T09:00:00+08:00"
MANIFEST = f"""\
version: 1
app: {{id: ONEX0000000000000, workspace: test, sandbox: {{now: "{NOW}"}}}}
timezone: Asia/Shanghai
defaults: {{expires_after: 4h}}
pushes:
  hello:
    schedule: {{every: day, at: "09:45"}}
    to: {{users: [user1024]}}
    message: {{title: Hello, body: World}}
"""
OWN = {"pushctl.state.json", "pushctl.state.backup.json", "pushctl.state.lock",
       "pushctl.state.history", "pushctl.state.journal"}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "project"
    path.mkdir()
    (path / "pushctl.yaml").write_text(MANIFEST)
    return path


@pytest.fixture(params=[0o000, 0o022, 0o077, 0o777], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def run(folder: Path, *arguments: str) -> int:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["pushctl", "-C", str(folder), *arguments])
        return main._guarded()


def modes(folder: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.lstat().st_mode) for path in folder.iterdir()}


def edit(folder: Path, before: str, after: str) -> None:
    path = folder / "pushctl.yaml"
    path.write_text(path.read_text().replace(before, after))


@pytest.mark.skipif(os.geteuid() != 0, reason="a umask of 777 stops everybody but root")
def test_the_state_is_for_its_owner_only_whatever_the_umask(folder: Path, umask: int) -> None:
    (folder / ".pushctl").mkdir(mode=0o700)
    os.chmod(folder / ".pushctl", 0o700)
    assert run(folder, "apply", "--yes") == 0
    edit(folder, "World", "there")
    assert run(folder, "apply", "--yes") == 0
    left = {name: mode for name, mode in modes(folder).items() if name in OWN}
    assert len(left) >= 4
    assert not any(mode & 0o077 for mode in left.values()), left
    assert left["pushctl.state.json"] == left["pushctl.state.backup.json"] == 0o600


def test_a_state_that_was_opened_to_everybody_is_closed_by_the_next_change(folder: Path) -> None:
    assert run(folder, "apply", "--yes") == 0
    (folder / "pushctl.state.json").chmod(0o666)
    edit(folder, "World", "there")
    assert run(folder, "apply", "--yes") == 0
    assert modes(folder)["pushctl.state.json"] == 0o600
    assert modes(folder)["pushctl.state.backup.json"] == 0o600


def test_a_crash_leaves_a_journal_for_its_owner_only(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pushctl.state.file.store import FileStateStore

    def fail(*arguments: object, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(FileStateStore, "save", fail)
    before = os.umask(0)
    try:
        assert run(folder, "apply", "--yes") == 130
    finally:
        os.umask(before)
    assert modes(folder)["pushctl.state.journal"] == 0o600


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_a_plan_file_is_as_open_as_the_users_other_files(
    mask: int, mode: int, folder: Path
) -> None:
    """It holds texts and counts, neither targets nor secrets, and CI systems pass it on."""
    before = os.umask(mask)
    try:
        plan, document = folder / "plan.json", folder / "more.json"
        assert run(folder, "plan", "--out", str(plan), "--json", str(document)) == 0
        assert os.umask(mask) == mask, "the umask is as it was"
    finally:
        os.umask(before)
    assert (modes(folder)["plan.json"], modes(folder)["more.json"]) == (mode, mode)
    assert "user1024" not in plan.read_text() + document.read_text()


@pytest.mark.parametrize("name", ["pushctl.state.journal", "pushctl.state.lock"])
def test_no_link_makes_a_command_write_elsewhere(name: str, folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("mine")
    (folder / name).symlink_to(outside)
    assert run(folder, "apply", "--yes") == 1
    assert outside.read_text() == "mine"
    assert not (folder / "pushctl.state.json").exists()


@pytest.mark.parametrize("name", ["pushctl.state.history", "pushctl.state.backup.json"])
def test_a_link_for_what_is_beside_the_state_is_not_followed(
    name: str, folder: Path, tmp_path: Path
) -> None:
    """Neither is read to decide anything, so the command goes on; what it leads to stays."""
    outside = tmp_path / "outside"
    outside.write_text("mine")
    assert run(folder, "apply", "--yes") == 0
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to(outside)
    edit(folder, "World", "there")
    assert run(folder, "apply", "--yes") == 0
    assert outside.read_text() == "mine"


@pytest.mark.parametrize("name", ["pushctl.yaml", "manifest.schema.json", ".gitignore"])
def test_init_writes_through_no_link(name: str, tmp_path: Path) -> None:
    """A folder that somebody else made may have links where a newcomer's first files go."""
    folder, outside = tmp_path / "new", tmp_path / "outside"
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).symlink_to(outside)
    assert run(folder, "init") == 1
    assert not outside.exists()
    outside.write_text("mine")
    assert run(folder, "init") == 1
    assert outside.read_text() == "mine"


@pytest.mark.parametrize("name", [".pushctl", ".pushctl/sandbox.db"])
def test_the_sandbox_writes_through_no_link(name: str, folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).symlink_to(outside if name == ".pushctl" else outside / "mine.db")
    assert run(folder, "plan") == 1
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("name", ["../escape", "a/b", "..", "a\0b", "a/../../x"])
def test_no_name_of_an_environment_is_a_path(name: str, folder: Path, tmp_path: Path) -> None:
    (folder / "environments" / "a").mkdir(parents=True)
    (folder / "environments" / "a" / "b.yaml").write_text("app: {workspace: other}\n")
    (folder / "pushctl.a").mkdir()
    before = sorted(path.name for path in tmp_path.rglob("*"))
    assert run(folder, "--env", name, "apply", "--yes") in (1, 64)
    assert sorted(path.name for path in tmp_path.rglob("*")) == before
