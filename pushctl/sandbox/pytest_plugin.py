"""The pytest fixture `push_sandbox`: a sandbox that is as new for each test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pushctl.sandbox.sandbox import Sandbox
    from pushctl.sandbox.testing import PushSandbox


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declares the setting that names a seed file, relative to the file it stands in."""
    parser.addini("push_sandbox_seed", "the seed file of the fixture push_sandbox", type="paths")


@pytest.fixture(scope="session")
def _push_sandbox(pytestconfig: pytest.Config) -> Iterator[Sandbox]:
    from pushctl.sandbox.sandbox import Sandbox  # noqa: PLC0415  (most runs of pytest have none)

    with Sandbox(seed=next(iter(pytestconfig.getini("push_sandbox_seed")), None)) as sandbox:
        yield sandbox


@pytest.fixture
def push_sandbox(_push_sandbox: Sandbox) -> PushSandbox:
    """A sandbox of the push service, as new; one server serves all tests of the session."""
    from pushctl.sandbox.testing import PushSandbox  # noqa: PLC0415  (loads the server)

    _push_sandbox.ask("POST", "reset", {"all": True})
    return PushSandbox(_push_sandbox)
