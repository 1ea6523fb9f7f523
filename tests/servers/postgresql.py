"""PostgreSQL as Debian packages it, and pgbouncer in front of it in transaction mode."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest
from psycopg import sql

from tests.servers.process import (
    Server,
    free_ports,
    missing,
    shared,
    shared_folder,
    start,
    started_with,
)

FAST = ("-c", "fsync=off")
"""For servers that no test crashes."""


def programs() -> Path:
    """Return the folder of the newest server that is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        missing("postgresql")
    return found[-1].parent


def as_postgres() -> list[str]:
    """Return what to put before a command, as the programs refuse to be run by root."""
    if os.getuid():
        return []
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]


def new_folder() -> Path:
    """Return a folder that the server may enter; those of pytest are closed to it."""
    folder = Path(tempfile.mkdtemp(prefix="pushctl-postgresql-"))
    if not os.getuid():
        shutil.chown(folder, "postgres", "postgres")
    return folder


def initialise(folder: Path) -> None:
    command = [*as_postgres(), f"{programs()}/initdb", f"--pgdata={folder}/data", "--auth=trust"]
    command += ["--username=postgres", "--encoding=UTF8", "--locale=C", "--no-sync"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def start_postgresql(folder: Path, *options: str, port: int = 0) -> Server:
    """Start it in a folder from `new_folder`; again in the same one, it has all that it had."""
    if not (folder / "data").exists():
        initialise(folder)
    [port] = [port] if port else free_ports(1)
    command = [*as_postgres(), f"{programs()}/postgres", "-D", f"{folder}/data", "-p", str(port)]
    command += ["-k", str(folder), "-c", "listen_addresses=127.0.0.1", *options]
    return start(command, port, folder, ready=lambda: accepts(port))


def accepts(port: int) -> bool:
    with contextlib.suppress(psycopg.OperationalError):
        psycopg.connect(address(port)).close()
        return True
    return False


def stop(server: Server, *, immediate: bool = False) -> None:
    """Stop it; with `immediate` as if the machine lost its power, but for what the disk has."""
    server.kill(signal.SIGQUIT if immediate else signal.SIGINT)


@contextlib.contextmanager
def running(*options: str, folder: Path | None = None) -> Iterator[tuple[Server, Path]]:
    """Yield a server of one's own, and its folder; whatever runs in the folder at the end stops."""
    folder = folder or new_folder()
    server = start_postgresql(folder, *options)
    try:
        yield server, folder
    finally:
        stop(running_in(folder, server.port), immediate=True)
        shutil.rmtree(folder)


def running_in(folder: Path, port: int) -> Server:
    """Return the server that was started last in a folder."""
    return Server(started_with(f"{folder}/data")[-1], port)


@contextlib.contextmanager
def standby(primary: Server) -> Iterator[Server]:
    """Yield a hot standby, which is called `standby` where its primary waits for it."""
    folder = new_folder()
    source = f"{address(primary.port)}?application_name=standby"
    run("pg_basebackup", f"--pgdata={folder}/data", "--write-recovery-conf", "--checkpoint=fast",
        "--no-sync", f"--dbname={source}")  # fmt: skip
    server = start_postgresql(folder, *FAST)
    try:
        yield server
    finally:
        stop(server, immediate=True)
        shutil.rmtree(folder)


def run(program: str, *arguments: str) -> bytes:
    """Run a program of PostgreSQL; return what it prints."""
    command = [*as_postgres(), f"{programs()}/{program}", *arguments]
    return subprocess.run(command, cwd="/", check=True, capture_output=True).stdout


def dump(port: int) -> bytes:
    """Return a backup, as `pg_dump` makes it."""
    return run("pg_dump", "--format=custom", f"--dbname={address(port)}")


def restore(port: int, backup: bytes) -> None:
    """Put a backup in the place of what is there."""
    command = [*as_postgres(), f"{programs()}/pg_restore", "--clean", "--if-exists"]
    command += ["--single-transaction", f"--dbname={address(port)}"]
    subprocess.run(command, cwd="/", input=backup, check=True, capture_output=True)


def start_pgbouncer(folder: Path, upstream: int) -> Server:
    """Start it so that every transaction may get another session."""
    program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    if not program:
        missing("pgbouncer")
    [port] = free_ports(1)
    settings = folder / "pgbouncer.ini"
    settings.write_text(
        f"[databases]\n* = host=127.0.0.1 port={upstream} user=postgres\n[pgbouncer]\n"
        f"listen_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = any\n"
        "pool_mode = transaction\ndefault_pool_size = 3\nserver_round_robin = 1\n"
    )
    return start([*as_postgres(), str(program), settings], port, folder)


def address(port: int, user: str = "postgres", database: str = "postgres") -> str:
    return f"postgresql://{user}@127.0.0.1:{port}/{database}"


def run_sql(port: int, statement: LiteralString, **names: str) -> list[tuple[object, ...]]:
    """Run statements as the owner of everything; `names` are put in as identifiers."""
    query = sql.SQL(statement).format(**{k: sql.Identifier(v) for k, v in names.items()})
    with psycopg.connect(address(port), autocommit=True) as connection:
        cursor = connection.execute(query)
        return cursor.fetchall() if cursor.description else []


@contextlib.contextmanager
def _shared(
    factory: pytest.TempPathFactory, name: str, upstream: int | None = None
) -> Iterator[Server]:
    def begin(note: Path) -> Server:
        folder = new_folder()
        (note / "place").write_text(str(folder))
        if upstream:
            return start_pgbouncer(folder, upstream)
        return start_postgresql(folder, *FAST, "-c", "max_connections=300")

    def end(server: Server) -> None:
        stop(server, immediate=True)
        shutil.rmtree((shared_folder(factory, name) / "place").read_text(), ignore_errors=True)

    with shared(factory, name, begin, end) as server:
        yield server


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with _shared(tmp_path_factory, "postgresql") as server:
        yield server


@pytest.fixture(scope="session")
def pgbouncer(postgresql: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with _shared(tmp_path_factory, "pgbouncer", postgresql.port) as server:
        yield server
