"""Copies of everything that a sandbox remembers, each under a name."""

from __future__ import annotations

import os
import re
import sqlite3
import time
from collections.abc import MutableMapping
from contextlib import closing
from pathlib import Path

from pushctl.sandbox.clock import Clock
from pushctl.sandbox.storage.database import DataFileError, check_owner, prepare_file, set_up

_NAME = re.compile("[a-z0-9][a-z0-9_-]{0,49}", re.ASCII)


class SnapshotError(ValueError):
    """A name that cannot be one, or a snapshot that cannot be written or read."""


class Snapshots:
    """The snapshots of a database that is not in a transaction; raises SnapshotError.

    They are files in a folder beside the data file, or in memory if there is none. The clock and
    the knobs are part of them; a clock that runs goes on from what it showed.
    """

    def __init__(
        self,
        live: sqlite3.Connection,
        data: Path | None,
        in_memory: MutableMapping[str, sqlite3.Connection],
    ) -> None:
        self._live, self._data, self._in_memory = live, data, in_memory
        self._folder = data and data.with_name(f"{data.name}.snapshots")
        if self._folder is not None and self._folder.is_symlink():
            raise SnapshotError(f"{self._folder} is a link; delete it")

    def names(self) -> list[str]:
        """Returns their names, sorted."""
        files = () if self._folder is None else self._folder.glob("*.db")
        return sorted(filter(_NAME.fullmatch, [*self._in_memory, *(path.stem for path in files)]))

    def save(self, name: str) -> None:
        """Saves, in the place of one with that name; raises SnapshotError."""
        if not _NAME.fullmatch(name):
            raise SnapshotError("a name is 1 to 50 of a-z, 0-9, - and _, first a letter or digit")
        if self._folder is not None:
            self._write(self._folder / f"{name}.db")
            return
        copy = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self._copy_to(copy)
        self.delete(name)
        self._in_memory[name] = copy

    def _write(self, path: Path) -> None:
        new = path.with_suffix(f".{os.getpid()}")
        try:
            prepare_file(new)
            with closing(sqlite3.connect(new, isolation_level=None)) as copy:
                self._copy_to(copy)
            new.replace(path)
        except OSError as error:
            raise SnapshotError(f"it cannot be written: {error.strerror}") from error
        finally:
            new.unlink(missing_ok=True)

    def _copy_to(self, copy: sqlite3.Connection) -> None:
        self._live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, whole without another beside it
        clock = _clock(copy)
        # It stands still in there, so that nothing is due before it is set going again.
        _set_meta(copy, "clock", clock.with_speed(0.0, time.time()).to_json())
        _set_meta(copy, "speed", str(clock.speed))

    def load(self, name: str) -> None:
        """Makes everything as it was when one was saved; raises SnapshotError."""
        if self._folder is None:
            self._in_memory[name].backup(self._live)
        else:
            self._read(self._folder / f"{name}.db")
        set_up(self._live, self._data)
        speed = float(_meta(self._live, "speed"))
        _set_meta(self._live, "clock", _clock(self._live).with_speed(speed, time.time()).to_json())

    def _read(self, path: Path) -> None:
        uri = f"{path.absolute().as_uri()}?mode=ro"
        try:
            with closing(sqlite3.connect(uri, uri=True)) as copy:
                check_owner(copy, path)
                copy.backup(self._live)
        except (sqlite3.DatabaseError, DataFileError) as error:
            raise SnapshotError(f"{path} cannot be read: {error}") from error

    def delete(self, name: str) -> None:
        """Deletes one, if it is there."""
        if self._folder is not None:
            (self._folder / f"{name}.db").unlink(missing_ok=True)
        elif name in self._in_memory:
            self._in_memory.pop(name).close()


def _clock(connection: sqlite3.Connection) -> Clock:
    return Clock.from_json(_meta(connection, "clock"))


def _meta(connection: sqlite3.Connection, key: str) -> str:
    found = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return str(found[0])


def _set_meta(connection: sqlite3.Connection, key: str, value: str) -> None:
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))
