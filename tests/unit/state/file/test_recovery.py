"""A damaged or missing file is put together again from the others, or the loss is said."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from pushctl.errors import StateFormatError
from pushctl.state.file.store import FileStateStore
from pushctl.state.state import State
from tests.unit.state.file.test_store import began, filled, ids, killed, opened


def restored(store: FileStateStore) -> State:
    def make() -> State:
        found = store.recover()
        assert found is not None
        return found.state

    return store.overwrite("test", make)


def same(one: State | None, other: State | None) -> bool:
    """Tell whether two states differ only in how often they were written."""
    return (
        one is not None and other is not None and replace(one, serial=0) == replace(other, serial=0)
    )


def spoil(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-30] + b"0" * 30)


def remove(path: Path) -> None:
    path.unlink()


HISTORIES: dict[str, Callable[[Path], FileStateStore]] = {
    "first run": lambda folder: filled(folder, "a"),
    "second run": lambda folder: filled(filled(folder, "a").path.parent, "b", "c"),
    "killed run": lambda folder: killed(filled(folder, "a").path.parent, "b"),
    "killed third run": lambda folder: killed(
        filled(filled(folder, "a").path.parent, "b").path.parent, "c"
    ),
}


@pytest.mark.parametrize("loss", [spoil, remove])
@pytest.mark.parametrize("history", HISTORIES.values(), ids=HISTORIES.keys())
def test_a_lost_snapshot_comes_back_whole(
    history: Callable[[Path], FileStateStore], loss: Callable[[Path], None], tmp_path: Path
) -> None:
    store = history(tmp_path)
    before = store.read()
    loss(store.path)
    with pytest.raises(StateFormatError) as caught:
        store.read()
    assert "pushctl state restore" in str(caught.value.fix)
    found = store.recover()
    assert found is not None
    assert found.complete, found
    assert same(found.state, before)
    assert same(restored(store), before)
    assert same(store.read(), before)
    with store.lock("test") as lease:
        lease.record(began("z"))
    assert "z" in ids(store)


def test_restoring_keeps_copies_of_everything(tmp_path: Path) -> None:
    store = HISTORIES["killed third run"](tmp_path)
    spoil(store.path)
    before = {path.name: path.read_bytes() for path in tmp_path.glob("pushctl.state.*j*")}
    restored(store)
    for name, content in before.items():
        assert content in [path.read_bytes() for path in tmp_path.glob(f"{name}.aside-*")]


class Died(BaseException):
    pass


def dying(monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    """Let the process die at the step with a number."""
    steps = iter(range(1000))

    def counted(call: Callable[..., object]) -> Callable[..., object]:
        def step(*args: object, **more: object) -> object:
            if next(steps) >= at:
                raise Died
            return call(*args, **more)

        return step

    for name in ("replace", "unlink", "fsync", "write"):
        monkeypatch.setattr(os, name, counted(getattr(os, name)))


def test_a_crash_anywhere_in_restoring_can_be_restored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for at in range(60):
        folder = tmp_path / str(at)
        folder.mkdir()
        store = HISTORIES["killed third run"](folder)
        before = store.read()
        spoil(store.path)
        try:
            with monkeypatch.context() as patched:
                dying(patched, at)
                restored(store)
        except Died:
            restored(store)
            assert same(store.read(), before), at
            continue
        assert same(store.read(), before)
        assert at > 10
        return
    raise AssertionError("it never finished")


@pytest.mark.parametrize("line", [1, 2])
def test_a_damaged_journal_loses_only_its_damaged_line(line: int, tmp_path: Path) -> None:
    store = killed(filled(tmp_path, "a").path.parent, "b", "c")
    journal = tmp_path / "pushctl.state.journal"
    lines = journal.read_bytes().splitlines(keepends=True)
    lines[line] = b"garbage\n"
    journal.write_bytes(b"".join(lines))
    found = store.recover()
    assert found is not None
    assert not found.complete
    assert sorted(found.state.pushes) == ["a", "c" if line == 1 else "b"]
    assert any("1 damaged" in text for text in found.found)
    restored(store)
    assert ids(store) == sorted(found.state.pushes)


def test_an_old_backup_alone_is_not_called_complete(tmp_path: Path) -> None:
    store = HISTORIES["second run"](tmp_path)
    spoil(store.path)
    store.paths.backup_journal.unlink()
    found = store.recover()
    assert found is not None
    assert not found.complete
    assert sorted(found.state.pushes) == ["a"]


def test_nothing_comes_of_nothing(tmp_path: Path) -> None:
    assert opened(tmp_path).recover() is None


def test_a_foreign_journal_is_left_out_and_a_good_snapshot_kept(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    store = filled(one, "a")
    killed(two, "b")
    (one / "pushctl.state.journal").write_bytes((two / "pushctl.state.journal").read_bytes())
    before = store.recover()
    assert before is not None
    assert list(before.state.pushes) == ["a"]
    assert any("does not follow" in text for text in before.found)
    restored(store)
    assert ids(store) == ["a"]


def test_a_newer_file_is_never_overwritten(tmp_path: Path) -> None:
    store = filled(tmp_path, "a")
    store.path.write_text(json.dumps({"version": 2}))
    with pytest.raises(StateFormatError, match="newer"):
        restored(store)
    assert json.loads(store.path.read_text()) == {"version": 2}
