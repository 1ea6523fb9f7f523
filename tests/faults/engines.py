"""The engines that the matrix keeps the state on, and the servers behind them."""

from __future__ import annotations

import contextlib
import os
import tempfile
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import pytest

from pushctl.state.chain.log import SlotLog
from pushctl.state.postgresql.log import open_log as open_postgresql
from pushctl.state.s3.log import open_log as open_s3
from tests.memory_log import MemoryLog
from tests.servers import postgresql, seaweedfs
from tests.servers.proxy import Proxy

POSTGRESQL_PORT, S3_PORT = "FAULTS_POSTGRESQL_PORT", "FAULTS_S3_PORT"
"""The environment variables that tell where the servers are."""

NOT_RUN = (pytest.skip.Exception, pytest.fail.Exception)
"""What `serving` raises if a server is not installed: the latter with CI set."""


@dataclass(frozen=True)
class Place:
    """A place for a chain that is empty at first; `open` opens it as a new process would.

    `wire` leads to the server, where there is one; `put` is in every request to store an entry.
    """

    open: Callable[[], SlotLog]
    wire: Proxy | None = None
    put: bytes = b""

    def close(self) -> None:
        if self.wire is not None:
            self.wire.close()


def in_memory() -> Place:
    log = MemoryLog()
    return Place(lambda: log)


def in_postgresql() -> Place:
    wire = Proxy(int(os.environ[POSTGRESQL_PORT]))
    environ = {"PG_SCHEMA_NAME": f"case_{uuid.uuid4().hex}"}
    address = postgresql.address(wire.port)
    return Place(
        lambda: open_postgresql(address, suffix="", folder=Path(), environ=environ),
        wire,
        put=b"INSERT INTO",
    )


def in_s3() -> Place:
    wire = Proxy(int(os.environ[S3_PORT]))
    address = f"s3://{seaweedfs.BUCKET}/{uuid.uuid4().hex}?endpoint=http://127.0.0.1:{wire.port}"
    return Place(
        lambda: open_s3(address, suffix="", folder=Path(), environ=os.environ), wire, put=b"PUT /"
    )


ENGINES = {"memory": in_memory, "postgresql": in_postgresql, "s3": in_s3}
"""What makes a new place, by the name of its engine."""


# --- servers --------------------------------------------------------------------------------------


@contextlib.contextmanager
def _postgresql() -> Iterator[dict[str, str]]:
    with postgresql.running(*postgresql.FAST) as (server, _):
        yield {POSTGRESQL_PORT: str(server.port)}


@contextlib.contextmanager
def _s3() -> Iterator[dict[str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        server = seaweedfs.start_seaweedfs(Path(folder))
        try:
            yield {S3_PORT: str(server.port), **seaweedfs.SETTINGS}
        finally:
            server.kill()


SERVERS = {"postgresql": _postgresql, "s3": _s3}
"""What runs the server of an engine that needs one, and yields what its places need to know."""


@contextlib.contextmanager
def serving(engine: str) -> Iterator[None]:
    """Run what an engine needs, for this process and for those that it starts meanwhile."""
    with contextlib.ExitStack() as stack:
        if engine in SERVERS:
            environ = stack.enter_context(SERVERS[engine]())
            stack.enter_context(mock.patch.dict(os.environ, environ))
        yield
