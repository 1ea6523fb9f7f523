"""A sandbox that checks every signature, for clients of the vendor."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pushctl.sandbox import Sandbox
from tests.unit.sandbox.client import NOW
from tests.unit.sandbox.conftest import hang_up  # noqa: F401  (a fixture)


@pytest.fixture
def strict() -> Iterator[Sandbox]:
    with Sandbox(now=NOW, strict_auth=True) as sandbox:
        yield sandbox
