"""A process whose output nobody takes any more goes on to its end."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.acceptance.cli import Project

MANIFEST = (
    "version: 1\n"
    "app: {id: ONEX0000000000000, workspace: test, sandbox: {now: 2026-12-01T09:00:00+08:00}}\n"
    "timezone: Asia/Shanghai\ndefaults: {expires_after: 4h}\npushes:\n"
    '  loop:\n    schedule: {every: day, at: "20:00"}\n    to: {users: [ann]}\n'
    "    message: {title: Loop, body: Text}\n"
)
LATER = MANIFEST.replace("Text", "Other")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project(tmp_path)
    made.write(MANIFEST)
    return made


def closed_pipe() -> int:
    """Return the end of a pipe that nobody reads."""
    reader, writer = os.pipe()
    os.close(reader)
    return writer


def full_disk() -> int:
    return os.open("/dev/full", os.O_WRONLY)


def unread(project: Project, out: Callable[[], int], err: int | None, *arguments: str) -> int:
    """Run a command with an end for its results; its talk goes there, too, unless it has one."""
    end = out()
    try:
        return subprocess.run(
            [sys.executable, "-m", "pushctl", *arguments],
            cwd=project.folder,
            env={**os.environ, "PUSHCTL_FORCE": "1"},
            stdin=subprocess.DEVNULL,
            stdout=end,
            stderr=end if err is None else err,
            check=False,
        ).returncode
    finally:
        os.close(end)


def test_what_changes_something_goes_on_without_a_reader(project: Project) -> None:
    assert unread(project, closed_pipe, None, "apply", "--yes") == 0
    project.write(LATER)
    assert unread(project, closed_pipe, None, "apply", "--yes", "--format", "jsonl") == 0
    assert unread(project, closed_pipe, None, "stop", "--all") == 0
    assert unread(project, closed_pipe, None, "resume", "--all") == 0
    told = [line.split("  ")[-1] for line in project.run("history").out.splitlines()]
    assert [line.partition(":")[0].split()[0] for line in told] == [
        "apply",
        "apply",
        "stop",
        "resume",
    ]


@pytest.mark.parametrize("command", ["plan", "validate", "version"])
def test_what_only_reads_ends_quietly(project: Project, command: str) -> None:
    with open(project.folder / "err", "w+b") as err:
        assert unread(project, closed_pipe, err.fileno(), command) == 0
    assert (project.folder / "err").read_bytes() == b""


def test_results_that_found_no_room_are_not_called_written(project: Project) -> None:
    """What was done was done; but whoever wanted the plan in a file has not got it."""
    with open(project.folder / "err", "w+b") as err:
        assert unread(project, full_disk, err.fileno(), "plan", "--format", "json") == 1
        assert unread(project, full_disk, err.fileno(), "apply", "--yes") == 4
    told = (project.folder / "err").read_text()
    assert told.count("Error: the output could not be written: No space left on device") == 2
    assert project.run("plan", "--detailed-exitcode").code == 0
