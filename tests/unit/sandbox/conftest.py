from __future__ import annotations

from collections.abc import Iterator

import pytest

from pushctl.sandbox import Sandbox
from tests.unit.sandbox.client import NOW, OPENED, Client


@pytest.fixture(autouse=True)
def hang_up() -> Iterator[None]:
    yield
    while OPENED:
        OPENED.pop().close()


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(now=NOW) as running:
        yield running


@pytest.fixture
def client(sandbox: Sandbox) -> Client:
    return Client(sandbox.url)
