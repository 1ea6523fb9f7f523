"""A state file that is put back beside newer files is refused, and the newer one offered."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from pushctl.errors import ExitCode, IncompleteStateError, StateError, StateFormatError
from pushctl.state.file import journal, snapshot
from pushctl.state.file.store import FileStateStore
from pushctl.state.history import HistoryEntry
from pushctl.state.state import State
from tests.unit.state.file.stores import began, ids, killed, opened

Call = Callable[..., object]
STATE = "pushctl.state.json"
BACKUP = "pushctl.state.backup.json"
JOURNAL = "pushctl.state.journal"
BACKUP_JOURNAL = "pushctl.state.backup.journal"
HISTORY = "pushctl.state.history"


def applied(folder: Path, *ids: str) -> bytes:
    """Run a command as commands do: record, tell the history, fold. Returns the snapshot."""
    store = opened(folder)
    with store.lock("apply") as lease:
        for id in ids:
            lease.record(began(id))
        store.append_history(HistoryEntry(what=f"apply: {len(ids)} created"))
    return store.path.read_bytes()


@pytest.fixture
def copies(tmp_path: Path) -> list[bytes]:
    """The snapshots 1, 2 and 3, the last of which is in place."""
    return [applied(tmp_path, id) for id in "abc"]


def keep(folder: Path, *names: str) -> None:
    """Remove every file but some."""
    for path in folder.iterdir():
        if path.name not in names:
            path.unlink()


def restored(store: FileStateStore) -> State:
    def make() -> State:
        found = store.recover()
        assert found is not None
        return found.state

    return store.overwrite("state restore", make)


PROOFS = [
    *((number, BACKUP_JOURNAL) for number in (1, 2)),
    *((number, HISTORY) for number in (1, 2)),
    (1, BACKUP),  # it is the second snapshot itself
]


@pytest.mark.parametrize(("number", "name"), PROOFS)
def test_any_file_beside_it_proves_an_older_copy_to_be_one(
    number: int, name: str, copies: list[bytes], tmp_path: Path
) -> None:
    keep(tmp_path, name)
    (tmp_path / STATE).write_bytes(copies[number - 1])
    store = opened(tmp_path)
    with pytest.raises(
        IncompleteStateError, match=f"is snapshot {number}, {name} tells of"
    ) as refused:
        store.read()
    assert refused.value.exit_code == ExitCode.CONFLICT
    assert "pushctl state restore" in str(refused.value.fix)
    with pytest.raises(IncompleteStateError), store.lock("apply"):
        pass
    assert (tmp_path / STATE).read_bytes() == copies[number - 1]


def test_the_open_journal_proves_it_too(copies: list[bytes], tmp_path: Path) -> None:
    killed(tmp_path, "d")
    keep(tmp_path, JOURNAL)
    (tmp_path / STATE).write_bytes(copies[1])
    with pytest.raises(IncompleteStateError, match="tells of 3"):
        opened(tmp_path).read()


def test_an_older_pair_of_snapshot_and_journal_is_refused(tmp_path: Path) -> None:
    """Its journal would take it to the same serial as the newest, by another way."""
    applied(tmp_path, "a")
    killed(tmp_path, "b")
    pair = {name: (tmp_path / name).read_bytes() for name in (STATE, JOURNAL)}
    applied(tmp_path, "c")
    for name, content in pair.items():
        (tmp_path / name).write_bytes(content)
    with pytest.raises(IncompleteStateError):
        opened(tmp_path).read()


@pytest.mark.parametrize("number", [1, 2])
def test_restore_brings_the_newest_back(number: int, copies: list[bytes], tmp_path: Path) -> None:
    newest = opened(tmp_path).read()
    assert newest is not None
    (tmp_path / STATE).write_bytes(copies[number - 1])
    store = opened(tmp_path)
    found = store.recover()
    assert found is not None
    assert found.complete, found
    assert restored(store) == replace(newest, serial=4)
    assert ids(opened(tmp_path)) == ["a", "b", "c"]
    applied(tmp_path, "d")
    assert ids(opened(tmp_path)) == ["a", "b", "c", "d"]


@pytest.mark.parametrize("number", [1, 2])
def test_an_older_copy_is_taken_on_request_if_nothing_newer_is_left(
    number: int, copies: list[bytes], tmp_path: Path
) -> None:
    keep(tmp_path, HISTORY)
    (tmp_path / STATE).write_bytes(copies[number - 1])
    store = opened(tmp_path)
    found = store.recover()
    assert found is not None
    assert not found.complete
    assert "snapshot 3: was there, and is gone" in found.found
    assert restored(store).serial == 4
    assert len(ids(opened(tmp_path))) == number
    applied(tmp_path, "d")
    assert "d" in ids(opened(tmp_path))


@pytest.mark.parametrize("name", [BACKUP, BACKUP_JOURNAL, HISTORY])
def test_a_lost_snapshot_is_never_taken_for_none(
    name: str, copies: list[bytes], tmp_path: Path
) -> None:
    keep(tmp_path, name)
    with pytest.raises(StateFormatError, match="missing"):
        opened(tmp_path).read()


def test_a_state_of_before_a_rebuild_is_an_older_copy(copies: list[bytes], tmp_path: Path) -> None:
    (tmp_path / STATE).write_bytes(b"rubbish")
    store = opened(tmp_path)
    store.overwrite("state rebuild", store.new_state)
    assert ids(store) == []
    (tmp_path / STATE).write_bytes(copies[2])
    with pytest.raises(IncompleteStateError):
        opened(tmp_path).read()


# --- what proves nothing --------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_copy_in_a_folder_of_its_own_is_read(
    number: int, copies: list[bytes], tmp_path: Path
) -> None:
    keep(tmp_path)
    (tmp_path / STATE).write_bytes(copies[number - 1])
    assert len(ids(opened(tmp_path))) == number


def test_another_environment_beside_it_proves_nothing(copies: list[bytes], tmp_path: Path) -> None:
    other = FileStateStore(tmp_path, app="app", workspace="workspace", name="pushctl.pilot")
    other.path.write_bytes(copies[0])
    assert ids(other) == ["a"]


@pytest.mark.parametrize("name", [BACKUP, BACKUP_JOURNAL, HISTORY])
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"rubbish\n",
        b'{"serial": 9}\n',
        b'{"version": 1, "serial": 9e9, "lineage": "x"}',
        b'{"at": "", "who": "", "host": "", "what": "state mv \\"serial\\": 9 a"}\n',
        b'{"at": "", "who": "", "host": "", "what": "", "serial": -9}\n',
        b'{"at": "", "who": "", "host": "", "what": "", "serial": "9"}\n',
    ],
)
def test_what_is_damaged_beside_it_proves_nothing(
    name: str, content: bytes, copies: list[bytes], tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    assert ids(opened(tmp_path)) == ["a", "b", "c"]


def test_a_backup_with_a_wrong_checksum_proves_nothing(copies: list[bytes], tmp_path: Path) -> None:
    backup = tmp_path / BACKUP
    backup.write_bytes(backup.read_bytes().replace(b'"serial": 2', b'"serial": 9'))
    assert ids(opened(tmp_path)) == ["a", "b", "c"]


def test_the_history_of_earlier_versions_proves_nothing(
    copies: list[bytes], tmp_path: Path
) -> None:
    keep(tmp_path, STATE)
    old = '{"at": "2026-01-01T00:00:00Z", "who": "x", "host": "y", "what": "apply"}\n'
    (tmp_path / HISTORY).write_text(old * 9)
    assert ids(opened(tmp_path)) == ["a", "b", "c"]
    assert len(opened(tmp_path).history()) == 9


def test_a_command_that_recorded_nothing_tells_of_no_snapshot_to_come(tmp_path: Path) -> None:
    applied(tmp_path, "a")
    applied(tmp_path)
    assert [entry.serial for entry in opened(tmp_path).history()] == [1, 1]
    assert ids(opened(tmp_path)) == ["a"]


def test_whoever_holds_no_lock_tells_of_no_snapshot(copies: list[bytes], tmp_path: Path) -> None:
    opened(tmp_path).append_history(HistoryEntry(what="state unlock --force"))
    assert [entry.serial for entry in opened(tmp_path).history()] == [1, 2, 3, None]
    (tmp_path / STATE).write_bytes(copies[1])
    keep(tmp_path, STATE, HISTORY)
    with pytest.raises(IncompleteStateError, match="tells of 3"):
        opened(tmp_path).read()


# --- crashes --------------------------------------------------------------------------------------


class Died(BaseException):
    pass


def deaths(monkeypatch: pytest.MonkeyPatch, run: Callable[[int], object]) -> Iterator[int]:
    """Let a run die before each of its steps on files, one after another; yields after each."""

    def counted(call: Call, at: int, steps: Iterator[int]) -> Call:
        def step(*args: object, **more: object) -> object:
            if next(steps) >= at:
                raise Died
            return call(*args, **more)

        return step

    for at in range(100):
        with monkeypatch.context() as patched:
            steps = iter(range(10_000))
            for name in ("replace", "unlink", "fsync", "write", "pwrite"):
                patched.setattr(os, name, counted(getattr(os, name), at, steps))
            try:
                run(at)
            except Died:
                pass
            else:
                return
        yield at
    raise AssertionError("it never finished")


def test_no_crash_of_a_command_makes_its_state_look_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = tmp_path / "start"
    start.mkdir()
    applied(start, "a")
    applied(start, "b")

    def run(at: int) -> None:
        shutil.copytree(start, tmp_path / str(at))
        applied(tmp_path / str(at), "c", "d")

    seen = 0
    for at in deaths(monkeypatch, run):
        found = ids(opened(tmp_path / str(at)))
        assert found[:2] == ["a", "b"]
        applied(tmp_path / str(at), "z")
        assert "z" in ids(opened(tmp_path / str(at)))
        seen += 1
    assert seen > 15


def test_no_crash_of_a_restore_makes_its_state_look_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = tmp_path / "start"
    start.mkdir()
    older, *_ = [applied(start, id) for id in "abc"]
    (start / STATE).write_bytes(older)

    def run(at: int) -> None:
        shutil.copytree(start, tmp_path / str(at))
        restored(opened(tmp_path / str(at)))

    for at in deaths(monkeypatch, run):
        store = opened(tmp_path / str(at))
        try:
            found = ids(store)
        except IncompleteStateError:
            restored(store)
            found = ids(store)
        assert found == ["a", "b", "c"]


def test_a_reader_is_not_misled_by_a_command_that_is_at_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The history tells of the snapshot to come while the journal is read, or just before."""
    applied(tmp_path, "a")
    real = journal.read
    with opened(tmp_path).lock("other") as lease, monkeypatch.context() as patched:

        def read(path: Path) -> journal.Journal | None:
            found = real(path)
            lease.record(began("b"))
            writer.append_history(HistoryEntry(what="apply"))
            return found

        writer = opened(tmp_path)
        writer.reached = 2
        patched.setattr(journal, "read", read)
        assert ids(opened(tmp_path)) == ["a"]
        patched.setattr(journal, "read", real)
        assert ids(opened(tmp_path)) == ["a", "b"]


def test_what_was_put_together_is_read_again_before_it_is_called_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    applied(tmp_path, "a")
    store, other = opened(tmp_path), (tmp_path / STATE).read_bytes()
    monkeypatch.setattr(snapshot, "write", lambda path, _: path.write_bytes(other))
    with pytest.raises(StateError, match="reads as something else") as refused:
        store.overwrite("state restore", store.new_state)
    assert "aside" in refused.value.detail
