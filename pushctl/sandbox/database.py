"""The SQLite data file, safe for any number of threads and processes.

Columns that end in _ms are epoch milliseconds of the sandbox's clock, `real` columns epoch
seconds of the machine's.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_APPLICATION_ID = 0x70736278
_SCHEMA_VERSION = 1
_BUSY_SECONDS = 30.0
_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE tasks (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, app TEXT NOT NULL,
  workspace TEXT NOT NULL, name TEXT NOT NULL, title TEXT NOT NULL, content TEXT NOT NULL,
  delivery_type INTEGER NOT NULL, strategy_type INTEGER NOT NULL, create_type INTEGER NOT NULL,
  created_ms INTEGER NOT NULL, created_real REAL NOT NULL, pending INTEGER NOT NULL,
  targets TEXT NOT NULL, params TEXT NOT NULL);
CREATE INDEX tasks_waiting ON tasks (app, workspace) WHERE pending > 0;
CREATE TABLE occurrences (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, task INTEGER NOT NULL,
  push_ms INTEGER NOT NULL, status INTEGER NOT NULL);
CREATE INDEX occurrences_task ON occurrences (task);
CREATE INDEX occurrences_due ON occurrences (push_ms) WHERE status = 0;
CREATE TABLE msgkeys (
  app TEXT NOT NULL, workspace TEXT NOT NULL, msgkey TEXT NOT NULL, task INTEGER NOT NULL,
  PRIMARY KEY (app, workspace, msgkey, task)) WITHOUT ROWID;
CREATE TABLE deliveries (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, task INTEGER NOT NULL, occurrence INTEGER NOT NULL,
  due_ms INTEGER NOT NULL, at_ms INTEGER NOT NULL, real REAL NOT NULL, target TEXT NOT NULL,
  msgkey TEXT NOT NULL, revoked_ms INTEGER);
CREATE INDEX deliveries_message ON deliveries (msgkey, target);
CREATE TABLE requests (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, real REAL NOT NULL, at_ms INTEGER NOT NULL,
  entry TEXT NOT NULL);
CREATE TABLE faults (
  id INTEGER PRIMARY KEY AUTOINCREMENT, op TEXT NOT NULL, kind TEXT NOT NULL, times INTEGER,
  after INTEGER NOT NULL, match TEXT, seconds REAL, effect TEXT NOT NULL, hits INTEGER NOT NULL);
CREATE TABLE nonces (nonce TEXT PRIMARY KEY, expires REAL NOT NULL) WITHOUT ROWID;
CREATE INDEX nonces_expiry ON nonces (expires);
"""


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
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = _open(path)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Yields the connection in a transaction; an exception rolls it back.

        Raises DatabaseClosedError.
        """
        with self._lock:
            connection = self._connection
            if connection is None:
                raise DatabaseClosedError
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Waits for the transaction in flight; later ones raise DatabaseClosedError."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            self._connection = None


def _open(path: Path | None) -> sqlite3.Connection:
    if path is not None:
        _prepare_file(path)
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
        _set_up(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare_file(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # The file holds user ids and message texts, so nobody else gets to read it.
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _set_up(connection: sqlite3.Connection, path: Path | None) -> None:
    connection.row_factory = sqlite3.Row
    _check_owner(connection, path)
    if path is not None:
        _retry_while_locked(connection, "PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
    _retry_while_locked(connection, "BEGIN IMMEDIATE")
    # Another process may have made the tables while this one waited for the lock.
    if _pragma(connection, "application_id") != _APPLICATION_ID:
        for statement in _SCHEMA.split(";"):
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id={_APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version={_SCHEMA_VERSION}")
    connection.execute("COMMIT")


def _check_owner(connection: sqlite3.Connection, path: Path | None) -> None:
    if _pragma(connection, "application_id") == _APPLICATION_ID:
        version = _pragma(connection, "user_version")
        if version != _SCHEMA_VERSION:
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
