"""The lock: who holds it, who may not write any more, and what the dead leave behind."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pushctl.errors import StateConflictError, StateError, StateLockedError
from pushctl.state.events import PushForgotten
from pushctl.state.file import lock as lock_module
from pushctl.state.file.lock import FileLock
from pushctl.state.file.store import FileStateStore
from pushctl.state.interface import LockInfo
from pushctl.state.whoami import lock_info
from tests.unit.state.file.test_store import began, ids, opened


def test_lock_waits_for_its_turn(tmp_path: Path) -> None:
    store, entered = opened(tmp_path), threading.Event()

    def wait_for_it() -> None:
        entered.set()
        with opened(tmp_path).lock("second", timeout=20) as lease:
            lease.record(began("b"))

    with store.lock("first") as lease:
        second = threading.Thread(target=wait_for_it)
        second.start()
        assert entered.wait(20)
        lease.record(began("a"))
    second.join(20)
    assert ids(store) == ["a", "b"]


def test_lock_is_not_refused_because_somebody_asks_who_holds_it(tmp_path: Path) -> None:
    store = opened(tmp_path)
    with store.lock("first"):
        pass
    asking = os.open(tmp_path / "pushctl.state.lock", os.O_RDONLY)
    fcntl.flock(asking, fcntl.LOCK_SH)
    released = threading.Timer(0.05, lambda: os.close(asking))
    released.start()
    with store.lock("second"):
        pass
    released.join()


def test_broken_lock_fences_its_former_holder(tmp_path: Path) -> None:
    store = opened(tmp_path)

    def run() -> None:
        with store.lock("first") as first:
            first.record(began("a"))
            store.unlock()
            with opened(tmp_path).lock("second") as second:
                assert list(second.state.pushes) == ["a"]
                with pytest.raises(StateConflictError):
                    first.record(began("lost"))
                second.record(PushForgotten("a"))
                second.record(began("b"))
            assert ids(store) == ["b"]

    with pytest.raises(StateConflictError):
        run()  # the former holder must not fold either
    assert ids(store) == ["b"]


def test_broken_lock_of_a_holder_that_wrote_nothing_yet(tmp_path: Path) -> None:
    store = opened(tmp_path)
    with store.lock("first") as first:
        store.unlock()
        with opened(tmp_path).lock("second") as second:
            second.record(began("b"))
            with pytest.raises(StateConflictError):
                first.record(began("a"))
    assert ids(store) == ["b"]


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock_module, "PATIENCE", 0.02)


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("step", ["fsync", "pwrite"])
def test_a_lock_is_never_taken_away_in_the_middle_of_an_event(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has the lock afterwards would not see what was written, and its call would leave."""
    store, real = opened(tmp_path), getattr(os, step)
    refused = []

    def meanwhile(*args: Any) -> Any:
        with pytest.raises(StateLockedError, match="middle of a write"):
            opened(tmp_path).unlock()
        refused.append(step)
        return real(*args)

    with store.lock("first") as lease:
        with monkeypatch.context() as patched:
            patched.setattr(os, step, meanwhile)
            lease.record(began("a"))
        assert refused
        opened(tmp_path).unlock()
        with opened(tmp_path).lock("second") as second:
            assert list(second.state.pushes) == ["a"]
        lease.close = lambda: None  # type: ignore[method-assign]  # (it may not fold any more)


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("step", ["fchmod", "replace", "fsync"])
def test_a_lock_is_never_taken_away_while_the_snapshot_is_written(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An older snapshot must not win over what was written after the lock was broken."""
    store, real = opened(tmp_path), getattr(os, step)
    refused = []

    def meanwhile(*args: Any, **more: Any) -> Any:
        with pytest.raises(StateLockedError, match="middle of a write"):
            opened(tmp_path).unlock()
        refused.append(step)
        return real(*args, **more)

    with store.lock("first") as lease:
        lease.record(began("a"))
        with monkeypatch.context() as patched:
            patched.setattr(os, step, meanwhile)
            lease.close()
    assert refused
    assert ids(opened(tmp_path)) == ["a"]


def test_a_journal_is_never_begun_beside_the_state_of_others(tmp_path: Path) -> None:
    """Broken before anything was recorded, by somebody who then records all of it."""
    store = opened(tmp_path)

    def run() -> None:
        with store.lock("first") as lease:
            store.unlock()
            with opened(tmp_path).lock("second") as second:
                second.record(began("b"))
            lease.record(began("a"))

    with pytest.raises(StateConflictError):
        run()
    assert ids(opened(tmp_path)) == ["b"]
    assert not (tmp_path / "pushctl.state.journal").exists()


def test_unlock_of_nothing_is_harmless(tmp_path: Path) -> None:
    opened(tmp_path).unlock()
    with opened(tmp_path).lock("first"):
        pass


def test_linked_lock_is_refused(tmp_path: Path) -> None:
    (tmp_path / "victim").write_text("precious")
    (tmp_path / "pushctl.state.lock").symlink_to(tmp_path / "victim")
    with pytest.raises(StateError, match="lock file"), opened(tmp_path).lock("first"):
        pass
    assert (tmp_path / "victim").read_text() == "precious"


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_read_only_folder_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(StateError, match="cannot be opened"), opened(tmp_path).lock("first"):
            pass
    finally:
        tmp_path.chmod(0o700)


def test_a_lock_that_is_held_tells_since_when_in_its_zone(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / "lock", tmp_path / "gate", ZoneInfo("Asia/Shanghai"))
    with (
        lock.hold(lock_info("x", {}), timeout=0),
        pytest.raises(StateLockedError, match=r"since \w+ \d+ \w+ \d+ [\d:]+ Asia/Shanghai"),
        lock.hold(lock_info("y", {}), timeout=0),
    ):
        pass


def test_holder_tolerates_a_nameless_lock(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / "lock", tmp_path / "gate")
    with lock.hold(lock_info("x", {}), timeout=0):
        (tmp_path / "lock").write_text("not json")
        assert lock.holder() == LockInfo()
        with (
            pytest.raises(StateLockedError, match="another process"),
            lock.hold(lock_info("y", {}), timeout=0),
        ):
            pass


HOLDER = """
import sys, pathlib
from pushctl.state.file.store import FileStateStore
from tests.unit.state.file.test_store import began
store = FileStateStore(pathlib.Path(sys.argv[1]), app="app", workspace="workspace")
with store.lock("doomed") as lease:
    lease.record(began("a"))
    print("ready", flush=True)
    sys.stdin.read()
"""


def test_killed_holder_blocks_nobody_and_loses_nothing(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[4],
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        store = FileStateStore(tmp_path, app="app", workspace="workspace")
        with pytest.raises(StateLockedError, match="doomed"), store.lock("next"):
            pass
        assert ids(store) == ["a"]
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert store.lock_info() is None
    with store.lock("next") as lease:
        assert list(lease.state.pushes) == ["a"]
        lease.record(began("b"))
    assert ids(store) == ["a", "b"]


def test_broken_lock_lets_nothing_more_be_written(tmp_path: Path) -> None:
    store = opened(tmp_path)

    def run() -> None:
        with store.lock("first") as lease:
            lease.record(began("a"))
            store.unlock()
            with pytest.raises(StateConflictError):
                lease.record(began("b"))

    with pytest.raises(StateConflictError):
        run()
    assert ids(store) == ["a"]
