"""The bench that applies are run on."""

from __future__ import annotations

import pytest

from tests.builders import state
from tests.fakes import MemoryStateStore
from tests.in_memory import Bench


@pytest.fixture
def bench() -> Bench:
    """Not the very first apply, which looks twice."""
    return Bench(store=MemoryStateStore(state()))
