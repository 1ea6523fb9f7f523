"""What the tests of jobs share: one server that pushctls are forked from."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.acceptance.ci import forking


@pytest.fixture(scope="session")
def forked() -> Iterator[str]:
    with forking.program() as text:
        yield text
