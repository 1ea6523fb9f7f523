"""What an exit code says about calls: once one was made, no failure afterwards denies it."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from pushctl.cli.commands import apply as apply_command
from pushctl.cli.planning import git
from pushctl.errors import StateConflictError, StateError
from pushctl.render.text import apply as apply_text
from pushctl.sandbox import Sandbox
from pushctl.state.file import snapshot
from pushctl.state.file.journal import JournalWriter
from pushctl.state.file.lock import HeldLock
from pushctl.state.file.store import FileStateStore
from pushctl.state.interface import LockInfo
from tests.acceptance.cli import Here, Ran
from tests.faults.sandbox_control import SandboxControl

NOW = "2026-12-01T09:00:00+08:00"
MANIFEST = (
    "version: 1\napp: {id: ONEX0000000000000, workspace: test}\ntimezone: Asia/Shanghai\n"
    "defaults: {expires_after: 4h}\npushes:\n"
    '  loop:\n    schedule: {every: day, at: "20:00"}\n    to: {users: [ann]}\n'
    "    message: {title: Loop, body: Text}\n"
)
FULL = OSError(errno.ENOSPC, "No space left on device")


class World:
    """A project, and a service that counts its calls."""

    def __init__(self, folder: Path, url: str) -> None:
        self.here = Here(folder)
        self.here.write(MANIFEST)
        self.book = SandboxControl(url)
        self.env = {"PUSHCTL_ENDPOINT": url, "PUSHCTL_SETTLE_TIME": "0s", "PUSHCTL_NOW": NOW}

    def run(self, *arguments: str) -> Ran:
        return self.here.run(*arguments, env=self.env)

    def scheduled(self) -> int:
        return sum(task["status"] == "waiting" for task in self.book.tasks())


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with Sandbox(now=NOW) as sandbox:
        made = World(tmp_path, sandbox.url)
        yield made
        made.book.close()


def failing(owner: Any, name: str, error: Exception, at: int = 1) -> Any:
    """Let a function fail at its n-th call and at every later one."""
    original, count = getattr(owner, name), 0

    def call(*arguments: Any, **named: Any) -> Any:
        nonlocal count
        count += 1
        if count >= at:
            raise error
        return original(*arguments, **named)

    return mock.patch.object(owner, name, call)


def closing_badly() -> Any:
    """Let the embedded sandbox end with an error."""
    original = Sandbox.close

    def close(sandbox: Sandbox) -> None:
        original(sandbox)
        raise FULL

    return mock.patch.object(Sandbox, "close", close)


BEFORE = {
    "the first event": lambda: failing(JournalWriter, "append", StateError("The journal")),
    "the intent": lambda: failing(JournalWriter, "append", StateError("The journal"), at=2),
    "the commit": lambda: failing(git, "manifest_commit", FULL),
    "the lock, early": lambda: failing(HeldLock, "_check", StateConflictError("The lock")),
}
AFTER = {
    "the outcome": lambda: failing(JournalWriter, "append", StateError("The journal"), at=3),
    "the lock": lambda: failing(HeldLock, "_check", StateConflictError("The lock"), at=4),
    "the snapshot": lambda: failing(snapshot, "write", FULL),
    "the summary": lambda: failing(apply_text, "summary", FULL),
    "the history": lambda: failing(apply_command, "newest", FULL),
    "the sandbox": closing_badly,
}


@pytest.mark.parametrize("what", BEFORE)
def test_what_fails_before_the_first_call_says_that_nothing_was_sent(
    world: World, what: str
) -> None:
    with BEFORE[what]():
        ran = world.run("apply", "--yes")
    assert ran.code in (1, 5), ran
    assert "Calls were made" not in ran.err
    assert world.book.writes() == 0


@pytest.mark.parametrize("what", AFTER)
def test_what_fails_after_a_call_does_not_deny_it(world: World, what: str) -> None:
    if what == "the sandbox":
        world.env = {"PUSHCTL_SETTLE_TIME": "0s"}
    with AFTER[what]():
        ran = world.run("apply", "--yes")
    assert ran.code == 4, ran
    assert "Calls were made before this, and stand" in ran.err
    assert world.run("apply", "--yes").code == 0
    assert world.run("plan", "--detailed-exitcode").code == 0
    assert world.book.writes() == int(what != "the sandbox")


def test_a_call_that_the_service_refused_changed_nothing(world: World) -> None:
    world.book.fault({"op": "PushSimple", "kind": "forbidden"})
    ran = world.run("apply", "--yes")
    assert ran.code == 1, ran
    assert "Calls were made" not in ran.err


# --- stop where nothing can be written ------------------------------------------------------------


def no_lock(folder: Path) -> Any:
    """Let the lock be one that cannot be opened, as in a folder that is read-only."""
    (folder / "pushctl.state.lock").unlink()
    (folder / "pushctl.state.lock").mkdir()
    return mock.MagicMock()


UNWRITABLE = {
    "no lock": no_lock,
    "no journal": lambda folder: failing(JournalWriter, "_begin", FULL),
}


@pytest.mark.parametrize("how", UNWRITABLE)
def test_stop_cancels_where_nothing_can_be_written_if_told_to(world: World, how: str) -> None:
    assert world.run("apply", "--yes").code == 0
    before = (world.here.folder / "pushctl.state.json").read_bytes()
    with UNWRITABLE[how](world.here.folder):
        refused = world.run("stop", "--all")
        assert (refused.code, world.scheduled()) == (1, 1), refused
        assert "--without-record" in refused.err
        ran = world.run("stop", "--all", "--without-record")
    assert (ran.code, world.scheduled()) == (4, 0), ran
    assert "NOT RECORDED: the next apply would create loop again" in ran.err
    assert "before any apply: pushctl stop loop" in ran.err
    assert "stay silent" not in ran.err
    assert (world.here.folder / "pushctl.state.json").read_bytes() == before
    if how == "no lock":
        (world.here.folder / "pushctl.state.lock").rmdir()
    creates = world.book.writes()
    assert world.run("stop", "loop").code == 0
    assert world.run("apply", "--yes").code == 0
    assert world.scheduled() == 0
    assert world.book.writes() == creates + 1  # the cancel, once more


def test_without_record_records_what_can_be_recorded(world: World) -> None:
    assert world.run("apply", "--yes").code == 0
    with failing(snapshot, "write", FULL):  # the journal has it all
        ran = world.run("stop", "--all", "--without-record")
    assert (ran.code, world.scheduled()) == (0, 0), ran
    assert "NOT RECORDED" not in ran.err
    assert world.run("apply", "--yes").code == 0
    assert world.scheduled() == 0


def test_a_disk_that_is_full_in_the_middle_keeps_nothing_from_being_cancelled(
    world: World,
) -> None:
    """The mark that it is stopped was written, the intent to cancel was not."""
    assert world.run("apply", "--yes").code == 0
    with failing(JournalWriter, "append", StateError("The journal"), at=2):
        ran = world.run("stop", "--all", "--without-record")
    assert (ran.code, world.scheduled()) == (0, 0), ran
    assert "NOT RECORDED" not in ran.err
    assert world.run("apply", "--yes").code == 0
    assert world.scheduled() == 0


def test_nothing_is_cancelled_beside_somebody_who_holds_the_lock(world: World) -> None:
    assert world.run("apply", "--yes").code == 0
    with (
        failing(JournalWriter, "_begin", FULL),
        mock.patch.object(FileStateStore, "lock_info", return_value=LockInfo("eve", "h", 7)),
    ):
        ran = world.run("stop", "--all", "--without-record")
    assert (ran.code, world.scheduled()) == (5, 1), ran
    assert "held by eve@h (pid 7" in ran.err
