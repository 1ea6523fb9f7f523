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

from pushctl.errors import StateConflictError, StateError, StateFormatError
from pushctl.state.codec import encode_state
from pushctl.state.events import CreateBegan, Event, PushForgotten, advance
from pushctl.state.file import journal as journal_module
from pushctl.state.file.store import FileStateStore
from pushctl.state.state import Phase, State
from tests.builders import desired, state, task


def opened(folder: Path, app: str = "app") -> FileStateStore:
    return FileStateStore(folder, app=app, workspace="workspace")


def began(id: str) -> CreateBegan:
    push = desired(id, title="Tïtle\n\u2028")
    record = task(push, phase=Phase.CREATING)
    return CreateBegan(id, record, push.fingerprint, push.spec, push.meta)


def filled(folder: Path, *ids: str) -> FileStateStore:
    store = opened(folder)
    with store.lock("test") as lease:
        for id in ids or ("a",):
            lease.record(began(id))
    return store


def killed(folder: Path, *ids: str) -> FileStateStore:
    """A store whose last command died before it could fold."""
    with opened(folder).lock("test") as lease:
        for id in ids:
            lease.record(began(id))
        left = {path: path.read_bytes() for path in folder.glob("pushctl.state.*")}
    for path in folder.glob("pushctl.state.*"):
        path.unlink()
    for path, content in left.items():
        path.write_bytes(content)
        path.chmod(0o600)
    return opened(folder)


def ids(store: FileStateStore) -> list[str]:
    found = store.read()
    return sorted(found.pushes) if found else []


# --- the journal ----------------------------------------------------------------------------------


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    killed(tmp_path, "a", "b")
    return tmp_path / "pushctl.state.journal"


def test_read_ignores_a_torn_tail_of_any_length(journal: Path, tmp_path: Path) -> None:
    raw = journal.read_bytes()
    ends = [number + 1 for number, byte in enumerate(raw) if byte == ord("\n")]
    for length in range(0, len(raw) + 1, 7):
        journal.write_bytes(raw[:length])
        whole = sum(end <= length for end in ends)
        assert ids(opened(tmp_path)) == ["a", "b"][: max(0, whole - 1)]


def test_lock_goes_on_after_a_torn_tail(journal: Path, tmp_path: Path) -> None:
    journal.write_bytes(journal.read_bytes()[:-5])
    with opened(tmp_path).lock("test") as lease:
        lease.record(began("c"))
    assert ids(opened(tmp_path)) == ["a", "c"]
    assert not journal.exists()


@pytest.mark.parametrize("line", [0, 1])
@pytest.mark.parametrize(
    "damage",
    [
        lambda line: line.replace(b"a", b"b", 3),
        lambda line: b"\n",
        lambda line: b"garbage\n",
        lambda line: line[: len(line) // 2] + b"\n",
        lambda line: b"\xff\xfe" + line,
    ],
)
def test_read_refuses_a_damaged_line_before_the_last(
    journal: Path, tmp_path: Path, line: int, damage: Callable[[bytes], bytes]
) -> None:
    lines = journal.read_bytes().splitlines(keepends=True)
    lines[line] = damage(lines[line])
    journal.write_bytes(b"".join(lines))
    with pytest.raises(StateFormatError, match="The journal is damaged"):
        opened(tmp_path).read()
    with (
        pytest.raises(StateFormatError, match="The journal is damaged"),
        opened(tmp_path).lock("test"),
    ):
        pass
    assert journal.read_bytes() == b"".join(lines)


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


def test_record_never_writes_into_a_journal_that_is_not_its_own(tmp_path: Path) -> None:
    path = tmp_path / "pushctl.state.journal"
    with opened(tmp_path).lock("test") as lease:
        path.write_bytes(b"somebody else's\n")
        with pytest.raises(StateConflictError):
            lease.record(began("a"))
        assert path.read_bytes() == b"somebody else's\n"


def test_record_after_close_is_refused(tmp_path: Path) -> None:
    with opened(tmp_path).lock("test") as lease:
        lease.record(began("a"))
        lease.close()
        with pytest.raises(StateError):
            lease.record(began("b"))
    assert ids(opened(tmp_path)) == ["a"]


# --- the snapshot ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: raw[:-20],
        lambda raw: b"",
        lambda raw: b"[]",
        lambda raw: b"\xff\xfe\x00",
        lambda raw: raw.replace(b'"serial": 1', b'"serial": 2'),
        lambda raw: b"[" * 100_000,
        lambda raw: b'{"version": 1e999}',
    ],
)
def test_read_refuses_a_damaged_state(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    store = filled(tmp_path)
    spoiled = damage(store.path.read_bytes())
    store.path.write_bytes(spoiled)
    with pytest.raises(StateFormatError, match="damaged") as caught:
        store.read()
    assert caught.value.fix is not None
    with pytest.raises(StateFormatError, match="damaged"), store.lock("test"):
        pass
    assert store.path.read_bytes() == spoiled


def test_read_refuses_a_newer_format(tmp_path: Path) -> None:
    store = filled(tmp_path)
    store.path.write_text('{"version": 2}')
    with pytest.raises(StateFormatError, match="newer pushctl"):
        store.read()


def test_read_refuses_another_app(tmp_path: Path) -> None:
    filled(tmp_path)
    with pytest.raises(StateConflictError, match="another app"):
        opened(tmp_path, app="other").read()


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
    with pytest.raises(StateFormatError, match="older than its journal"):
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


def test_linked_journal_is_refused(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    killed(elsewhere, "a")
    (tmp_path / "pushctl.state.journal").symlink_to(elsewhere / "pushctl.state.journal")
    with pytest.raises(StateError):
        opened(tmp_path).read()
    with pytest.raises(StateError), opened(tmp_path).lock("test"):
        pass


def test_journal_that_becomes_a_link_is_refused(tmp_path: Path) -> None:
    with opened(tmp_path).lock("test") as lease:
        (tmp_path / "pushctl.state.journal").symlink_to(tmp_path / "victim")
        with pytest.raises(StateError):
            lease.record(began("a"))
    assert not (tmp_path / "victim").exists()


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


def test_record_writes_nothing_more_after_a_failed_sync(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path).lock("test") as lease:
        lease.record(began("a"))
        with monkeypatch.context() as patched:
            patched.setattr(os, "fsync", failing)
            with pytest.raises(StateError, match="cannot be written"):
                lease.record(began("b"))
        with pytest.raises(StateError, match="half-way"):
            lease.record(began("c"))
        assert list(lease.state.pushes) == ["a"]
    assert ids(opened(tmp_path)) == ["a"]


def failing(*_: object) -> None:
    raise OSError(errno.EIO, "Input/output error")


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


def test_read_takes_a_whole_last_line_that_lost_its_end(journal: Path, tmp_path: Path) -> None:
    before = opened(tmp_path).read()
    journal.write_bytes(journal.read_bytes().rstrip(b"\n"))
    assert opened(tmp_path).read() == before


@pytest.mark.parametrize("damage", [b"garbage\n", b"x"])
def test_read_refuses_a_last_line_that_was_changed(
    damage: bytes, journal: Path, tmp_path: Path
) -> None:
    raw = journal.read_bytes()
    journal.write_bytes(raw + damage if damage.endswith(b"\n") else raw[:-9] + damage + raw[-8:])
    with pytest.raises(StateFormatError, match="not what was written"):
        opened(tmp_path).read()


def test_a_linked_state_lives_where_the_link_leads(tmp_path: Path) -> None:
    volume, here = tmp_path / "volume", tmp_path / "here"
    volume.mkdir()
    here.mkdir()
    filled(volume, "a")
    (here / "pushctl.state.json").symlink_to(volume / "pushctl.state.json")
    filled(here, "b")
    assert ids(opened(volume)) == ["a", "b"]
    assert [path.name for path in here.iterdir()] == ["pushctl.state.json"]
    assert (here / "pushctl.state.json").is_symlink()


def test_a_link_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pushctl.state.json").symlink_to(tmp_path / "gone" / "pushctl.state.json")
    with pytest.raises(StateFormatError, match="leads nowhere"):
        opened(tmp_path).read()
