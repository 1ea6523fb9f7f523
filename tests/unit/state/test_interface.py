"""The contract of state engines, for the one in files and the one in memory that tests use."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pushctl.state.file.store import FileStateStore
from pushctl.state.interface import LockInfo, StateStore
from tests.fakes import MemoryStateStore
from tests.unit.state.store_suite import *  # noqa: F403
from tests.unit.state.store_suite import Case

SHANGHAI = ZoneInfo("Asia/Shanghai")


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
    assert str(LockInfo()) == LockInfo().text(SHANGHAI) == "another process"


def test_since_when_a_lock_is_held_is_told_in_a_zone() -> None:
    holder = LockInfo("lin", "h", 7, "apply", "2026-12-01T00:00:00Z", seen="a while ago")
    assert str(holder) == "lin@h (pid 7, apply, since 2026-12-01T00:00:00Z, last seen a while ago)"
    since = "since Tue 1 Dec 2026 08:00 Asia/Shanghai, last seen a while ago"
    assert holder.text(SHANGHAI) == f"lin@h (pid 7, apply, {since})"
