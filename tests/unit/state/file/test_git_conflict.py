"""A state that two branches went on from: it is told, and both sides are taken where they are."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from msgspec.structs import replace

from pushctl.errors import ExitCode, IncompleteStateError
from pushctl.state.events import CreateConfirmed, PushForgotten
from pushctl.state.file.git_conflict import first_mark, merged, sides
from pushctl.state.file.store import FileStateStore
from pushctl.state.history import HistoryEntry, newest
from pushctl.state.interface import Recovered
from pushctl.state.state import Phase, State
from tests.builders import NOW, desired, recorded, state, task
from tests.unit.state.file.stores import began, ids, killed, opened

STATE, JOURNAL, HISTORY = (f"pushctl.state.{end}" for end in ("json", "journal", "history"))
BACKUP, BACKUP_JOURNAL = "pushctl.state.backup.json", "pushctl.state.backup.journal"

OURS, THEIRS = b"1\n<<<<<<< HEAD\n2\n", b"=======\n3\n>>>>>>> branch\n4\n"


def applied(folder: Path, *ids: str, drop: str = "") -> None:
    """Record some tasks as an apply does, and tell the history."""
    store = opened(folder)
    with store.lock("apply") as lease:
        for id in ids:
            lease.record(began(id))
            slot = lease.state.pushes[id].tasks[-1].slot
            lease.record(CreateConfirmed(id, slot, f"{folder.name}-{id}", "", NOW))
        if drop:
            lease.record(PushForgotten(drop))
        entry = HistoryEntry(what="apply", pushes={"create": ids}, made=newest(lease.state))
        store.append_history(entry)


def merge(name: str, ours: Path, base: Path, theirs: Path) -> None:
    """Merge a file as git does when branches meet."""
    files = [str(folder / name) for folder in (ours, base, theirs)]
    subprocess.run(["git", "merge-file", "-q", *files], check=False, timeout=60)


@pytest.fixture
def branches(tmp_path: Path) -> tuple[Path, Path, Path]:
    """Three folders with one state: what was applied, and what two branches made of it."""
    base, ours, theirs = (tmp_path / name for name in ("base", "ours", "theirs"))
    base.mkdir()
    applied(base, "b", "c")
    for folder in (ours, theirs):
        shutil.copytree(base, folder)
    return ours, base, theirs


def refused(folder: Path) -> IncompleteStateError:
    with pytest.raises(IncompleteStateError) as caught:
        opened(folder).read()
    assert caught.value.exit_code is ExitCode.CONFLICT
    assert str(caught.value.fix).startswith("pushctl state restore")
    return caught.value


def restored(folder: Path) -> tuple[FileStateStore, Recovered]:
    store = opened(folder)
    found = store.recover()
    assert found is not None
    store.overwrite("state restore", lambda: found.state)
    return store, found


# --- the snapshot ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mine", "others"),
    [(("d",), ("e",)), (("d", "a"), ("z",)), (("d",), ("e", "f", "g"))],
)
def test_both_sides_of_a_conflict_come_back(
    mine: tuple[str, ...], others: tuple[str, ...], branches: tuple[Path, Path, Path]
) -> None:
    ours, _, theirs = branches
    applied(ours, *mine)
    applied(theirs, *others)
    for name in (STATE, HISTORY):
        merge(name, *branches)
    error = refused(ours)
    line = first_mark(ours / STATE)
    assert f"{STATE} (line {line}): two applies followed the same state" in str(error)
    store, found = restored(ours)
    assert ids(store) == sorted({"b", "c", *mine, *others})
    assert not found.complete  # git mixed them, so no checksum proves it
    assert f"{STATE}: snapshot 2, of both sides" in found.found
    read = store.read()
    assert read is not None
    assert {f"theirs-{id}" for id in others} | {f"ours-{id}" for id in mine} <= read.task_ids()


def test_what_both_sides_made_differently_is_named(branches: tuple[Path, Path, Path]) -> None:
    ours, _, theirs = branches
    for folder in (ours, theirs):
        applied(folder, "same")
    merge(STATE, *branches)
    _, found = restored(ours)
    assert "same" in found.state.pushes
    assert f"not sure of: {STATE}, same" in found.found


def test_sides_that_nobody_can_read_are_not_taken_for_all(
    branches: tuple[Path, Path, Path],
) -> None:
    ours, _, theirs = branches
    applied(ours, "d")
    applied(theirs, "e")
    merge(STATE, *branches)
    text = (ours / STATE).read_bytes()
    (ours / STATE).write_bytes(text.replace(b'"phase"', b'"fase"'))
    refused(ours)
    _, found = restored(ours)
    assert sorted(found.state.pushes) == ["b", "c", "d"]  # of the backup
    assert not found.complete


# --- the journals and the history -----------------------------------------------------------------


def test_a_conflict_in_the_journal_loses_no_line(branches: tuple[Path, Path, Path]) -> None:
    ours, base, theirs = branches
    (base / JOURNAL).touch()
    killed(ours, "d")
    killed(theirs, "e")
    merge(JOURNAL, *branches)
    assert f"{JOURNAL} (line " in str(refused(ours))
    store, found = restored(ours)
    assert ids(store) == ["b", "c", "d", "e"]
    assert any(text.startswith(f"{JOURNAL}: 2 events") for text in found.found)


def test_a_journal_that_is_one_conflict_keeps_what_can_be_read(
    branches: tuple[Path, Path, Path],
) -> None:
    ours, _, theirs = branches
    for folder, id in ((ours, "d"), (theirs, "e")):
        killed(folder, id)
    mine, other = ((folder / JOURNAL).read_bytes() for folder in (ours, theirs))
    parts = (b"<<<<<<< HEAD\n", mine, b"=======\n", other, b">>>>>>> branch\n")
    (ours / JOURNAL).write_bytes(b"".join(parts))
    assert f"{JOURNAL} (line 1)" in str(refused(ours))
    store, found = restored(ours)
    assert ids(store) == ["b", "c", "d", "e"]
    assert not found.complete


def test_a_conflict_in_the_history_says_that_the_state_is_one_side(
    branches: tuple[Path, Path, Path],
) -> None:
    ours, _, theirs = branches
    applied(ours, "d")
    applied(theirs, "e")
    merge(HISTORY, *branches)
    (ours / STATE).write_bytes((theirs / STATE).read_bytes())
    assert f"{HISTORY} (line 2)" in str(refused(ours))
    store, found = restored(ours)
    assert "not sure of: d" in found.found
    assert first_mark(ours / HISTORY) is None
    assert [list(entry.pushes["create"]) for entry in store.history()] == [["b", "c"], ["d"], ["e"]]
    assert ids(store) == ["b", "c", "e"]


@pytest.mark.parametrize("mine", [True, False])
def test_a_history_that_tells_of_two_states_with_one_number_is_refused(
    mine: bool, branches: tuple[Path, Path, Path]
) -> None:
    ours, _, theirs = branches
    applied(ours, "d")
    applied(theirs, "e", "f")
    lines = dict.fromkeys(
        line for folder in (ours, theirs) for line in (folder / HISTORY).read_bytes().splitlines()
    )
    (ours / HISTORY).write_bytes(b"".join(line + b"\n" for line in lines))
    if not mine:
        (ours / STATE).write_bytes((theirs / STATE).read_bytes())
    assert refused(ours).summary == "Two applies followed the same state"
    store, found = restored(ours)
    assert f"not sure of: {'e, f' if mine else 'd'}" in found.found
    assert store.read() is not None  # and from here on it goes on
    applied(ours, "g")
    assert "g" in ids(store)


def test_one_command_after_another_is_no_conflict(tmp_path: Path) -> None:
    applied(tmp_path, "a")
    applied(tmp_path)
    applied(tmp_path, "b", drop="a")
    assert ids(opened(tmp_path)) == ["b"]


@pytest.mark.parametrize("name", [BACKUP, BACKUP_JOURNAL])
def test_a_conflict_in_a_copy_is_no_reason_to_refuse(
    name: str, branches: tuple[Path, Path, Path]
) -> None:
    ours, base, theirs = branches
    for folder in (ours, theirs):
        applied(folder, "d")
    (base / name).write_bytes(b"")
    merge(name, *branches)
    assert ids(opened(ours)) == ["b", "c", "d"]


# --- the parts ------------------------------------------------------------------------------------


@pytest.mark.parametrize("base", [b"", b"||||||| base\n0\n"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_each_side_is_what_it_was(base: bytes, end: bytes, tmp_path: Path) -> None:
    raw = (OURS + base + THEIRS).replace(b"\n", end)
    assert sides(raw) == (end.join([b"1", b"2", b"4", b""]), end.join([b"1", b"3", b"4", b""]))
    (tmp_path / "x").write_bytes(raw)
    assert first_mark(tmp_path / "x") == 2


def test_a_text_that_looks_like_it_is_none(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b'{"title": "<<<<<<< now",\n "body": "======="}\n')
    assert first_mark(tmp_path / "x") is None
    assert first_mark(tmp_path / "none") is None


def held(*tasks: Phase, generation: int = 1, stopped: bool = False) -> State:
    push = desired("x")
    made = [task(push, phase=phase, segment=at) for at, phase in enumerate(tasks)]
    record = replace(recorded(push, *made, stopped=stopped), generation=generation)
    return state({"x": record})


@pytest.mark.parametrize(
    ("less", "more"),
    [
        (held(Phase.SCHEDULED), held(Phase.SENT)),
        (held(Phase.SCHEDULED), held(Phase.SCHEDULED, stopped=True)),
        (held(Phase.CANCELLED), held(Phase.CANCELLED, Phase.SCHEDULED)),
        (held(Phase.SENT, Phase.SENT), held(Phase.SCHEDULED, generation=2)),
    ],
)
def test_of_two_records_the_one_that_knows_more_stays(less: State, more: State) -> None:
    for one, other in ((less, more), (more, less)):
        found, differ = merged(one, other)
        assert (found.pushes, differ) == (more.pushes, ["x"])


def test_a_generation_that_left_is_never_used_again() -> None:
    one = replace(held(Phase.SENT), retired={"x": 3, "y": 1}, serial=1)
    other = replace(state({}), retired={"x": 2, "z": 5}, serial=7)
    found, differ = merged(one, other)
    assert (found.retired, found.serial, differ) == ({"x": 3, "y": 1, "z": 5}, 7, [])
    assert merged(one, one) == (one, [])
