"""A sandbox for clients of the vendor: it checks all that its own keys sign."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pushctl.sandbox import Sandbox
from tests.unit.sandbox.client import NOW
from tests.unit.sandbox.conftest import hang_up  # noqa: F401  (a fixture)


@pytest.fixture
def strict() -> Iterator[Sandbox]:
    with Sandbox(now=NOW) as sandbox:
        yield sandbox
