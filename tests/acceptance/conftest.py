"""A sandbox in a process of its own, and a whole project in this one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.inside import Inside
from tests.acceptance.processes import NOW, sandbox
from tests.faults.simulation import Simulation


@pytest.fixture
def server() -> Iterator[str]:
    """The URL of a sandbox in a process of its own."""
    with sandbox() as url:
        yield url


@pytest.fixture
def inside(tmp_path: Path) -> Iterator[Inside]:
    with Simulation(tmp_path, now=NOW) as world:
        yield Inside(world)
