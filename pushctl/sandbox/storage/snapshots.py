"""Copies of everything that a sandbox remembers, each under a name."""

from __future__ import annotations

import os
import re
import sqlite3
import tempfile
import time
from collections.abc import Iterator, MutableMapping
from contextlib import closing, contextmanager
from pathlib import Path

from pushctl.sandbox.clock import Clock
from pushctl.sandbox.storage.database import DataFileError, check_owner, set_up

_NAME = re.compile("[a-z0-9][a-z0-9_-]{0,49}", re.ASCII)


class SnapshotError(ValueError):
    """A name that cannot be one, or a snapshot that cannot be written or read."""


class Snapshots:
    """The snapshots of one database, which is not in a transaction.

    They are files in a folder beside the data file, or kept in memory if there is none. The clock
    and the knobs are part of them; a clock that runs goes on from what it showed.
    """

    def __init__(
        self,
        live: sqlite3.Connection,
        data: Path | None,
        in_memory: MutableMapping[str, sqlite3.Connection],
    ) -> None:
        self._live = live
        self._data = data
        self._folder = data and data.with_name(f"{data.name}.snapshots")
        self._in_memory = in_memory

    def names(self) -> list[str]:
        """Returns their names, sorted."""
        found = self._in_memory if self._folder is None else map(_stem, self._folder.glob("*.db"))
        return sorted(filter(_NAME.fullmatch, found))

    def save(self, name: str) -> None:
        """Saves, instead of one with that name if there is one; raises SnapshotError."""
        _check(name)
        if self._folder is None:
            copy = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
            self._copy_to(copy)
            self.delete(name)
            self._in_memory[name] = copy
            return
        try:
            self._write(self._folder, name)
        except OSError as error:
            raise SnapshotError(f"it cannot be written: {error.strerror}") from error

    def _write(self, folder: Path, name: str) -> None:
        if folder.is_symlink():
            raise SnapshotError(f"{folder} is a link; delete it")
        folder.mkdir(exist_ok=True)
        descriptor, written = tempfile.mkstemp(dir=folder)
        os.close(descriptor)
        try:
            with closing(sqlite3.connect(written, isolation_level=None)) as copy:
                self._copy_to(copy)
            os.replace(written, folder / f"{name}.db")
        except BaseException:
            os.unlink(written)
            raise

    def _copy_to(self, copy: sqlite3.Connection) -> None:
        self._live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, whole without another beside it
        real, clock = time.time(), _clock(copy)
        # It stands still in there, so that nothing is due before it is set going again.
        _set_meta(copy, "clock", clock.with_speed(0.0, real).to_json())
        _set_meta(copy, "speed", str(clock.speed))

    def load(self, name: str) -> None:
        """Makes everything as it was when it was saved; raises SnapshotError."""
        with self._opened(name) as copy:
            copy.backup(self._live)
        set_up(self._live, self._data)
        speed = float(_meta(self._live, "speed"))
        _set_meta(self._live, "clock", _clock(self._live).with_speed(speed, time.time()).to_json())

    def delete(self, name: str) -> None:
        """Deletes one if it is there; raises SnapshotError."""
        _check(name)
        if self._folder is not None:
            (self._folder / f"{name}.db").unlink(missing_ok=True)
        elif name in self._in_memory:
            self._in_memory.pop(name).close()

    @contextmanager
    def _opened(self, name: str) -> Iterator[sqlite3.Connection]:
        _check(name)
        if self._folder is None:
            yield self._in_memory[name]
            return
        path = self._folder / f"{name}.db"
        if self._folder.is_symlink() or path.is_symlink():
            raise SnapshotError(f"{path} is behind a link; delete the link")
        try:
            with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as copy:
                check_owner(copy, path)
                yield copy
        except (sqlite3.DatabaseError, DataFileError) as error:
            raise SnapshotError(f"{path} cannot be read: {error}") from error


def _stem(path: Path) -> str:
    return path.stem


def _check(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise SnapshotError("a name is 1 to 50 of a-z, 0-9, - and _, the first a letter or digit")


def _clock(connection: sqlite3.Connection) -> Clock:
    return Clock.from_json(_meta(connection, "clock"))


def _meta(connection: sqlite3.Connection, key: str) -> str:
    found = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return str(found[0])


def _set_meta(connection: sqlite3.Connection, key: str, value: str) -> None:
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))
