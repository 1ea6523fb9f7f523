"""A journal after a crash, a full disk or a stray hand."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import asdict

from pushctl.errors import StateConflictError, StateError, StateFormatError
from pushctl.state.file.journal import Base, Journal, JournalWriter, read, remains
from tests.unit.state.file.stores import began, failing, ids, killed, opened


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


# --- the file by itself ---------------------------------------------------------------------------

BASE = Base("lineage", 3, "app", "workspace")


def written(folder: Path, *ids: str) -> Path:
    path = folder / "x.journal"
    writer = JournalWriter(path, BASE)
    for id in ids:
        writer.append(began(id))
    writer.close()
    return path


def test_what_was_appended_is_read_back(tmp_path: Path) -> None:
    path = written(tmp_path, "a", "b")
    assert read(path) == remains(path) == Journal(BASE, (began("a"), began("b")))
    assert path.read_bytes().isascii()
    assert path.read_bytes().count(b"\n") == 3


def test_a_writer_without_an_event_leaves_no_file(tmp_path: Path) -> None:
    path = written(tmp_path)
    assert not path.exists()
    assert read(path) is remains(path) is None


def test_what_remains_of_a_damaged_journal_is_every_whole_line(tmp_path: Path) -> None:
    path = written(tmp_path, "a", "b", "c", "d")
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:2], b"garbage\n", *lines[3:], lines[1][:-9]]))
    assert remains(path) == Journal(BASE, (began("a"), began("c"), began("d")), lost=1)
    path.write_bytes(b"".join([b"garbage\n", *lines[1:]]))
    assert remains(path) is None


@pytest.mark.parametrize("document", [{"lineage": "x"}, {**asdict(BASE), "serial": "3"}])
def test_a_first_line_that_names_no_snapshot_is_damage(
    tmp_path: Path, document: dict[str, object]
) -> None:
    text = json.dumps(document).encode()
    line = hashlib.sha256(text).hexdigest()[:16].encode() + b" " + text + b"\n"
    path = tmp_path / "x.journal"
    path.write_bytes(line)
    with pytest.raises(StateFormatError, match="The journal is damaged"):
        read(path)
