"""A chain of entries in a PostgreSQL database: a row for each, and one with the last number."""

from __future__ import annotations

import contextlib
import functools
import re
import socket
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, LiteralString
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg import errors, sql
from psycopg.conninfo import conninfo_to_dict

from pushctl.errors import ConfigError, StateError, StateFormatError
from pushctl.masking import remember
from pushctl.state.chain.log import Done, NotSent, PutOutcome, Stored, Taken, Unknown
from pushctl.text.regex import regex

FORM = "postgresql://USER@HOST/DATABASE#NAME, with letters, digits and ./_- in NAME"
NAME = regex(r"[\w./-]+", re.ASCII)
SECRET = regex("password|secret")
SETTINGS = {
    "connect_timeout": "10",
    "client_encoding": "UTF8",
    "fallback_application_name": "pushctl",
}
LONGEST = 25.0
"""Seconds after which a connection that does not answer is cut; the server gives up at 20."""

PASSING = {"40", "53", "55", "57", "58"}
"""Classes of errors after which another attempt may succeed."""

FIXES = {
    "25006": "connect to the primary, for instance with ?target_session_attrs=primary",
    "42501": "let the owner of the schema grant what `pushctl help state/postgresql` lists",
}

# A pooler gives every transaction another session, so its settings are set in the transaction.
PUT: LiteralString = """
SET LOCAL statement_timeout = '20s'; SET LOCAL synchronous_commit = on;
WITH head AS (
  INSERT INTO {schema}.heads AS head (state, slot) SELECT %(state)s, %(slot)s
  WHERE %(slot)s = 1 OR EXISTS (SELECT FROM {schema}.heads WHERE state = %(state)s)
  ON CONFLICT (state) DO UPDATE SET slot = excluded.slot WHERE head.slot = excluded.slot - 1
  RETURNING head.slot)
INSERT INTO {schema}.entries (state, slot, body) SELECT %(state)s, slot, %(body)s FROM head"""
READ: LiteralString = """
SELECT pg_is_in_recovery(), coalesce(%(after)s, head.trimmed - 1), head.slot, entry.slot,
  entry.body, extract(epoch FROM clock_timestamp() - entry.at)::float8
FROM (SELECT) AS one LEFT JOIN {schema}.heads AS head ON head.state = %(state)s
LEFT JOIN {schema}.entries AS entry
  ON entry.state = head.state AND entry.slot > coalesce(%(after)s, head.trimmed - 1)
ORDER BY entry.slot"""
TRIM: LiteralString = "UPDATE {schema}.heads SET trimmed = %(slot)s WHERE state = %(state)s"
CREATE: LiteralString = """
CREATE SCHEMA IF NOT EXISTS {schema};
CREATE TABLE IF NOT EXISTS {schema}.heads (
  state text PRIMARY KEY, slot bigint NOT NULL, trimmed bigint NOT NULL DEFAULT 1);
CREATE TABLE IF NOT EXISTS {schema}.entries (
  state text, slot bigint, at timestamptz NOT NULL DEFAULT clock_timestamp(), body text NOT NULL,
  PRIMARY KEY (state, slot))"""


class _Connection(psycopg.Connection[Any]):
    """A connection that is cut when an answer takes longer than `LONGEST`."""

    asked_at = float("inf")

    def ask(self, query: bytes, values: Mapping[str, object]) -> psycopg.Cursor[Any]:
        self.asked_at = time.monotonic()
        try:
            return self.execute(query, values)
        finally:
            self.asked_at = float("inf")

    def watch(self) -> None:
        """Cut it when that is due, until it is closed."""
        while not self.closed:
            time.sleep(LONGEST / 50)
            if time.monotonic() - self.asked_at >= LONGEST:
                with (
                    contextlib.suppress(psycopg.Error, OSError),  # it has ended meanwhile
                    socket.socket(fileno=socket.dup(self.fileno())) as way,
                ):
                    way.shutdown(socket.SHUT_RDWR)


class PostgresLog:
    """The contract is `pushctl.state.chain.log.SlotLog`. Safe to use from several threads."""

    poll = 1.0

    def __init__(self, settings: Mapping[str, Any], schema: str, name: str, address: str) -> None:
        """Use a state in a schema; `settings` are those of libpq, `address` is for people."""
        self._settings, self._schema, self._name, self.address = settings, schema, name, address
        self._mutex = threading.RLock()
        self._connection: _Connection | None = None

    def __del__(self) -> None:
        """Close the connection, which would warn if it were forgotten."""
        if self._connection is not None:
            self._connection.close()

    def read(self, after: int | None) -> Sequence[Stored]:
        try:
            rows = self._asked_again(READ, after=after).fetchall()
        except errors.UndefinedTable:
            return []
        except psycopg.Error as error:
            raise self._failed("The state cannot be read", error) from error
        standby, begin, head = rows[0][:3]
        if standby:
            detail = f"{self.address} is a replica, which may lag behind"
            raise StateError("The state cannot be read", detail, fix=FIXES["25006"])
        kept = [Stored(slot, body.encode(), age) for *_, slot, body, age in rows if slot]
        if odd := set(range((begin or 0) + 1, (head or 0) + 1)) ^ {item.slot for item in kept}:
            detail = f"{self.address}: entry {min(odd)} is missing, or has no right to be there"
            raise StateFormatError(
                "The state is damaged", detail, fix="restore both tables from a backup"
            )
        return kept

    def put(self, slot: int, body: bytes) -> PutOutcome:
        with self._mutex:
            try:
                self._connected()
            except psycopg.Error as error:
                return NotSent(_reason(error))
            try:
                return Done() if self._stored(slot, body.decode("ascii")) else Taken()
            except errors.UniqueViolation:
                return Taken()
            except psycopg.Error as error:
                return self._refused(error)

    def _stored(self, slot: int, body: str) -> bool:
        try:
            cursor = self._asked(PUT, slot=slot, body=body)
        except errors.UndefinedTable:
            with contextlib.suppress(errors.UniqueViolation):  # somebody else creates them too
                self._asked(CREATE)
            cursor = self._asked(PUT, slot=slot, body=body)
        return cursor.rowcount == 1

    def _refused(self, error: psycopg.Error) -> PutOutcome:
        if error.diag.severity_nonlocalized != "ERROR":  # the connection has ended
            return Unknown(_reason(error))
        if error.sqlstate and error.sqlstate[:2] in PASSING:
            return NotSent(_reason(error))
        raise self._failed("The state cannot be written", error) from error

    def trim(self, slot: int) -> None:
        with contextlib.suppress(psycopg.Error), self._mutex:
            self._asked(TRIM, slot=slot)

    def _connected(self) -> _Connection:
        if self._connection is None or self._connection.closed:
            self._connection = _Connection.connect(
                **self._settings,
                autocommit=True,
                prepare_threshold=None,
                cursor_factory=psycopg.ClientCursor,
            )
            threading.Thread(target=self._connection.watch, daemon=True).start()
        return self._connection

    def _asked(self, statements: LiteralString, **values: object) -> psycopg.Cursor[Any]:
        """Run statements as one transaction, in one request; return the result of the last."""
        connection = self._connected()
        query = _in_schema(statements, self._schema)
        cursor = connection.ask(query, {"state": self._name, **values})
        while cursor.nextset():
            pass
        return cursor

    def _asked_again(self, statements: LiteralString, **values: object) -> psycopg.Cursor[Any]:
        """Ask; once more if the connection is an old one that has ended meanwhile."""
        with self._mutex:
            old = self._connection
            try:
                return self._asked(statements, **values)
            except psycopg.OperationalError:
                if old is not self._connection or not old or not old.closed:
                    raise
                return self._asked(statements, **values)

    def _failed(self, summary: str, error: psycopg.Error) -> StateError:
        detail = f"{self.address}: {_reason(error)}"
        return StateError(summary, detail, fix=FIXES.get(error.sqlstate or ""))


def _reason(error: psycopg.Error) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


@functools.cache
def _in_schema(statements: LiteralString, schema: str) -> bytes:
    return sql.SQL(statements).format(schema=sql.Identifier(schema)).as_bytes()


def open_log(address: str, *, suffix: str, folder: Path, environ: Mapping[str, str]) -> PostgresLog:
    """Return the chain at an address; raises `ConfigError`."""
    place, _, name = address.partition("#")
    name = (name or "pushctl") + suffix
    own = environ.get("PG_CONN_STR") if place.partition(":")[2] in ("", "//") else place
    try:
        settings = conninfo_to_dict(own or "")
        shown = _without_passwords(place)
    except (psycopg.ProgrammingError, ValueError):
        shown = ""
    if not shown or not NAME.fullmatch(name):
        raise ConfigError("The address of the state cannot be understood", FORM)
    remember(str(value) for key, value in settings.items() if SECRET.search(key))
    schema = environ.get("PG_SCHEMA_NAME") or "pushctl"
    return PostgresLog(SETTINGS | settings, schema, name, f"{shown}#{name}")


def _without_passwords(place: str) -> str:
    """Return an address as it is shown; empty if part of it may be a password out of place."""
    parts = urlsplit(place)
    user, at, host = parts.netloc.rpartition("@")
    pairs = [pair for pair in parts.query.split("&") if not SECRET.search(unquote(pair))]
    shown = parts._replace(netloc=user.partition(":")[0] + at + host, query="&".join(pairs))
    return "" if "@" in parts.path + parts.query else shown.geturl()
