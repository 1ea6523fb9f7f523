"""The SQLite data file, safe for any number of threads and processes."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_APPLICATION_ID = 0x70736278
_SCHEMA_VERSION = 2
_BUSY_SECONDS = 30.0
_COUNTED = (
    "INSERT INTO waiting SELECT app, workspace, count(*), total(pending) FROM tasks"
    " WHERE pending > 0 AND strategy_type > 0 GROUP BY app, workspace"
)

_ADDED_IN_2 = (
    "ALTER TABLE tasks ADD COLUMN kind INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE tasks ADD COLUMN template INTEGER",
    "ALTER TABLE tasks ADD COLUMN texts TEXT",
    "ALTER TABLE deliveries ADD COLUMN title TEXT",
    "ALTER TABLE deliveries ADD COLUMN content TEXT",
)


class DataFileError(ValueError):
    """A data file that belongs to something else, or to another version of the sandbox."""


class DatabaseClosedError(RuntimeError):
    """The sandbox was closed while a call was on its way."""


class Database:
    """One connection, shared by the threads of this process behind a lock.

    Every transaction takes SQLite's write lock at its start, so that what it has read cannot
    change before it writes, whichever process asks.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = _open(path)

    @contextmanager
    def idle(self) -> Iterator[sqlite3.Connection]:
        """Yields the connection, which no other thread uses then; raises DatabaseClosedError."""
        with self._lock:
            yield self._connected()

    def _connected(self) -> sqlite3.Connection:
        if self._connection is None:
            raise DatabaseClosedError
        return self._connection

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Yields the connection in a transaction; an exception rolls it back.

        Raises DatabaseClosedError.
        """
        with self._lock, self._connected() as connection:  # which commits or rolls back
            connection.execute("BEGIN IMMEDIATE")
            yield connection

    def close(self) -> None:
        """Waits for the transaction in flight; later ones raise DatabaseClosedError."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            self._connection = None


def _open(path: Path | None) -> sqlite3.Connection:
    if path is not None:
        prepare_file(path)
    try:
        return _connect(path)
    except sqlite3.DatabaseError as error:
        raise DataFileError(f"cannot use {path} as sandbox data: {error}") from error


def _connect(path: Path | None) -> sqlite3.Connection:
    connection = sqlite3.connect(
        ":memory:" if path is None else path,
        timeout=_BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=256,
    )
    try:
        if path is None:  # a transaction copies each page that it changes: small ones
            connection.execute("PRAGMA page_size=2048")
        set_up(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def prepare_file(path: Path) -> None:
    """Makes an empty file that only its owner can read, if there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # The file holds user ids and message texts, so nobody else gets to read it.
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def set_up(connection: sqlite3.Connection, path: Path | None) -> None:
    """Makes what a sandbox needs, where it is not there yet; raises DataFileError."""
    connection.row_factory = sqlite3.Row
    check_owner(connection, path)
    if path is not None:
        _retry_while_locked(connection, "PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
    _retry_while_locked(connection, "BEGIN IMMEDIATE")
    # Another process may have made the tables while this one waited for the lock.
    if _pragma(connection, "application_id") != _APPLICATION_ID:
        _create(connection)
    elif _pragma(connection, "user_version") < _SCHEMA_VERSION:
        _upgrade(connection)
    connection.execute("COMMIT")


def _create(connection: sqlite3.Connection) -> None:
    schema = Path(__file__).with_name("schema.sql").read_text("utf-8")
    for statement in schema.split(";\n"):
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id={_APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version={_SCHEMA_VERSION}")


def _upgrade(connection: sqlite3.Connection) -> None:
    """Adds what a file of version 1 lacks."""
    table = "SELECT 1 FROM sqlite_master WHERE name = 'waiting'"
    counted = connection.execute(table).fetchone()
    for statement in _ADDED_IN_2:
        connection.execute(statement)
    _create(connection)
    if not counted:
        connection.execute(_COUNTED)


def check_owner(connection: sqlite3.Connection, path: Path | None) -> None:
    """Raises DataFileError for a database of something else, or of a later sandbox."""
    if _pragma(connection, "application_id") == _APPLICATION_ID:
        version = _pragma(connection, "user_version")
        if version not in range(1, _SCHEMA_VERSION + 1):
            raise DataFileError(f"{path} was made by another version of the sandbox ({version})")
    # The id is looked at again after the tables: their maker may commit between the reads.
    elif (
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        and _pragma(connection, "application_id") != _APPLICATION_ID
    ):
        raise DataFileError(f"{path} is a database of something else")


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])


def _retry_while_locked(connection: sqlite3.Connection, statement: str) -> None:
    # Switching to WAL ignores the busy timeout, so two starters at once need this.
    deadline = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            connection.execute(statement)
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return
