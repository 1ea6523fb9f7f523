"""The contract of state engines on PostgreSQL: directly, and through pgbouncer."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from pushctl.state.postgresql.log import open_log as open_postgresql
from tests.servers.postgresql import address, pgbouncer, postgresql
from tests.unit.state.chain.log_suite import *  # noqa: F403
from tests.unit.state.chain.log_suite import OpenLog

__all__ = ["pgbouncer", "postgresql"]


@pytest.fixture(params=["postgresql", "pgbouncer"])
def open_log(request: pytest.FixtureRequest) -> OpenLog:
    place = f"{address(request.getfixturevalue(request.param).port)}#{uuid.uuid4().hex}"
    return lambda: open_postgresql(place, suffix="", folder=Path(), environ={})
