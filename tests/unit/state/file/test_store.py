"""Snapshot and journal as files: what a crash, a full disk or a stray hand may leave behind."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pushctl.errors import IncompleteStateError, StateConflictError, StateError, StateFormatError
from pushctl.state.codec import encode_state
from pushctl.state.events import Event, PushForgotten, advance
from pushctl.state.file import journal as journal_module
from pushctl.state.file.store import FileStateStore
from pushctl.state.state import State
from tests.builders import state
from tests.unit.state.file.stores import began, failing, filled, ids, killed, opened

# --- the journal ----------------------------------------------------------------------------------


def test_read_refuses_events_that_do_not_fit(tmp_path: Path) -> None:
    store = filled(tmp_path, "a")
    raw = store.path.read_bytes()
    with opened(tmp_path).lock("test") as lease:
        lease.record(PushForgotten("a"))
        left = (tmp_path / "pushctl.state.journal").read_bytes()
    document = state(serial=1)
    empty = State(json.loads(raw)["lineage"], "app", "workspace", document.serial)
    store.path.write_text(json.dumps(encode_state(empty)), "utf-8")
    (tmp_path / "pushctl.state.journal").write_bytes(left)
    with pytest.raises(StateFormatError, match="does not fit"):
        opened(tmp_path).read()


def test_a_folded_journal_is_never_applied_twice(tmp_path: Path) -> None:
    """A crash between the new snapshot and the removal of its journal."""
    filled(tmp_path, "a")
    path = tmp_path / "pushctl.state.journal"
    with opened(tmp_path).lock("test") as lease:
        lease.record(PushForgotten("a"))
        left = path.read_bytes()
    folded = opened(tmp_path).read()
    path.write_bytes(left)
    assert opened(tmp_path).read() == folded
    with opened(tmp_path).lock("test") as lease:
        assert lease.state == folded
        assert not path.exists()
        lease.record(began("b"))
    assert ids(opened(tmp_path)) == ["b"]


def test_lock_folds_what_was_left_and_keeps_the_snapshot_before(tmp_path: Path) -> None:
    filled(tmp_path, "a")
    killed(tmp_path, "b")
    assert ids(opened(tmp_path)) == ["a", "b"]
    before = opened(tmp_path).read()
    with opened(tmp_path).lock("test") as lease:
        assert lease.state == before
    assert opened(tmp_path).read() == before
    assert sorted(json.loads((tmp_path / "pushctl.state.backup.json").read_text())["pushes"]) == [
        "a"
    ]


def test_lock_does_not_lose_the_snapshot_before_to_a_stale_journal(tmp_path: Path) -> None:
    killed(filled(tmp_path, "a").path.parent, "b")
    left = (tmp_path / "pushctl.state.journal").read_bytes()
    with opened(tmp_path).lock("test"):
        pass
    backup = (tmp_path / "pushctl.state.backup.json").read_bytes()
    (tmp_path / "pushctl.state.journal").write_bytes(left)
    with opened(tmp_path).lock("test"):
        pass
    assert (tmp_path / "pushctl.state.backup.json").read_bytes() == backup


def test_read_recovers_a_first_run_that_never_folded(tmp_path: Path) -> None:
    store = killed(tmp_path, "a")
    first = store.read()
    assert first is not None
    assert (first.serial, list(first.pushes)) == (1, ["a"])
    with opened(tmp_path).lock("test") as lease:
        assert lease.state == first


# --- the snapshot ---------------------------------------------------------------------------------


def test_a_state_that_is_not_the_one_meant_is_neither_read_nor_locked(tmp_path: Path) -> None:
    """What a killed command recorded last is looked at, too."""
    killed(tmp_path, "a")

    def check(state: State) -> None:
        raise StateConflictError("another", " ".join(state.pushes))

    store = FileStateStore(tmp_path, check=check)
    with pytest.raises(StateConflictError, match="another: a"):
        store.read()
    with pytest.raises(StateConflictError, match="another: a"), store.lock("test"):
        pass


def test_read_refuses_a_lost_state_whose_backup_is_there(tmp_path: Path) -> None:
    filled(tmp_path, "a")
    store = filled(tmp_path, "b")
    store.path.unlink()
    with pytest.raises(StateFormatError, match="missing"):
        store.read()
    with pytest.raises(StateFormatError, match="missing"), store.lock("test"):
        pass


def test_read_refuses_a_journal_without_its_state(tmp_path: Path) -> None:
    filled(tmp_path, "a")
    killed(tmp_path, "b").path.unlink()
    with pytest.raises(StateFormatError, match="missing"):
        opened(tmp_path).read()


def test_read_refuses_a_state_that_is_older_than_its_journal(tmp_path: Path) -> None:
    store = filled(tmp_path, "a")
    older = store.path.read_bytes()
    filled(tmp_path, "b")
    killed(tmp_path, "c")
    store.path.write_bytes(older)
    with pytest.raises(IncompleteStateError, match="journal tells of 2"):
        store.read()


def test_read_refuses_the_journal_of_another_state(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    filled(one)
    killed(two, "b")
    shutil.copy(two / "pushctl.state.journal", one)
    with pytest.raises(StateFormatError, match="another state"):
        opened(one).read()


def test_files_are_for_their_owner_only(tmp_path: Path) -> None:
    mask = os.umask(0)
    try:
        filled(tmp_path, "a")
        with opened(tmp_path).lock("test") as lease:
            lease.record(began("b"))
            modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
        modes |= {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    finally:
        os.umask(mask)
    assert set(modes.values()) == {0o600}
    assert len(modes) == 6


def test_folder_that_is_not_there(tmp_path: Path) -> None:
    store = opened(tmp_path / "nowhere")
    assert store.read() is None
    with pytest.raises(StateError), store.lock("test"):
        pass


# --- a full disk ----------------------------------------------------------------------------------

CALLS = ("pwrite", "fsync", "replace", "ftruncate", "unlink")


class Full:
    """Fail the call with a number, and with `for_good` all that follow."""

    def __init__(self, at: int | None, *, short: bool = False, for_good: bool = False) -> None:
        self.at, self.short, self.for_good = at, short, for_good
        self.count = 0
        self.real: dict[str, Any] = {name: getattr(os, name) for name in CALLS}

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in CALLS:
            monkeypatch.setattr(os, name, self._failing(name))

    def _failing(self, name: str) -> Callable[..., Any]:
        def call(*args: Any, **more: Any) -> Any:
            number, self.count = self.count, self.count + 1
            hit = self.at is not None and (
                number == self.at or (self.for_good and number > self.at)
            )
            if not hit:
                return self.real[name](*args, **more)
            if self.short and name == "pwrite":
                descriptor, data, offset = args
                self.real[name](descriptor, data[: len(data) // 2], offset)
            raise OSError(errno.ENOSPC, "No space left on device")

        return call


def folded(events: list[Event]) -> State:
    found = state()
    for event in events:
        found = advance(found, event)
    return found


HISTORY: tuple[Event, ...] = (began("a"), began("b"), PushForgotten("a"), began("c"))


@pytest.mark.parametrize("for_good", [False, True])
@pytest.mark.parametrize("short", [False, True])
def test_a_full_disk_at_every_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, short: bool, for_good: bool
) -> None:
    failed: list[Event] = []

    def run(folder: Path, full: Full) -> list[Event]:
        """Record what can be recorded; returns the events for which `record` returned."""
        done: list[Event] = []
        failed.clear()
        with monkeypatch.context() as patched:
            full.install(patched)
            try:
                with opened(folder).lock("test") as lease:
                    for event in HISTORY:
                        try:
                            lease.record(event)
                        except (StateError, KeyError):
                            failed.append(event)
                            continue
                        done.append(event)
            except StateError:
                pass
        return done

    clean = Full(None)
    (tmp_path / "clean").mkdir()
    assert run(tmp_path / "clean", clean) == list(HISTORY)
    assert clean.count > 12
    for at in range(clean.count):
        folder = tmp_path / str(at)
        folder.mkdir()
        done = run(folder, Full(at, short=short, for_good=for_good))
        expected = folded(done)
        found = opened(folder).read() or state()
        if for_good and found.pushes != expected.pushes:
            # The line could not be taken back either: it is there, as a crash would have left it.
            expected = folded([*done, failed[0]])
        there = (found.pushes, found.retired)
        assert there == (expected.pushes, expected.retired), f"call {at}"
        with opened(folder).lock("test") as lease:
            lease.record(began("z"))
        again = opened(folder).read()
        assert again is not None
        assert sorted(again.pushes) == sorted([*expected.pushes, "z"])


def test_close_that_cannot_write_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run() -> None:
        with monkeypatch.context() as patched, opened(tmp_path).lock("test") as lease:
            lease.record(began("a"))
            patched.setattr(os, "replace", failing)
            lease.close()

    with pytest.raises(StateError, match="nothing is lost"):
        run()
    assert ids(opened(tmp_path)) == ["a"]
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".tmp"] == []


def test_record_syncs_before_it_returns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    for name in ("pwrite", "fsync", "replace", "unlink"):
        real = getattr(os, name)

        def noted(*args: Any, name: str = name, real: Any = real) -> Any:
            order.append(name)
            return real(*args)

        monkeypatch.setattr(os, name, noted)
    with opened(tmp_path).lock("test") as lease:
        order.clear()
        lease.record(began("a"))
        assert order == ["pwrite", "fsync", "fsync", "pwrite", "fsync"]  # header, folder, event
        order.clear()
        lease.record(began("b"))
        assert order == ["pwrite", "fsync"]
        order.clear()
    # The new snapshot and its name are durable before the journal that it contains goes.
    assert order == ["fsync", "replace", "fsync", "replace", "fsync"]


def test_read_sees_one_moment_though_a_lease_ends_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed(filled(tmp_path, "a").path.parent, "b")
    real, between = journal_module.read, [True]

    def read(path: Path) -> journal_module.Journal | None:
        if between.pop() if between else False:
            with opened(tmp_path).lock("meanwhile") as lease:
                lease.record(began("c"))
        return real(path)

    monkeypatch.setattr(journal_module, "read", read)
    assert ids(opened(tmp_path)) == ["a", "b", "c"]
