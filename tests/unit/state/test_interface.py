"""The contract of state engines, for the one in files and the one in memory that tests use."""

from __future__ import annotations

from pathlib import Path

import pytest

from pushctl.state.file.store import FileStateStore
from pushctl.state.interface import LockInfo, StateStore
from tests.fakes import MemoryStateStore
from tests.unit.state.store_suite import *  # noqa: F403
from tests.unit.state.store_suite import Case


@pytest.fixture(params=["memory", "file"])
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Case:
    if request.param == "memory":
        memory = MemoryStateStore()
        return Case(memory, lambda: memory, memory.kept)

    def opened() -> StateStore:
        return FileStateStore(tmp_path, app="app", workspace="workspace")

    def files() -> object:
        kept = [path for path in sorted(tmp_path.iterdir()) if path.suffix != ".lock"]
        return [(path.name, path.stat().st_mtime_ns, path.read_bytes()) for path in kept]

    return Case(opened(), opened, files)


def test_a_holder_that_nobody_knows_is_another_process() -> None:
    assert str(LockInfo()) == "another process"
