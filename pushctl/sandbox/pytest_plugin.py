"""The pytest fixture `push_sandbox`: a sandbox that is as new for each test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pushctl.sandbox.sandbox import Sandbox
    from pushctl.sandbox.testing import PushSandbox

_SEED = "push_sandbox_seed"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declares the setting that names a seed file, relative to the file it stands in."""
    parser.addini(_SEED, "the seed file of the fixture push_sandbox", type="paths")


@pytest.fixture(scope="session")
def _push_sandbox(pytestconfig: pytest.Config) -> Iterator[Sandbox]:
    from pushctl.sandbox.sandbox import Sandbox  # noqa: PLC0415  (most runs of pytest have none)

    seed = next(iter(pytestconfig.getini(_SEED)), None)
    with Sandbox(**({} if seed is None else {"seed": seed})) as sandbox:
        yield sandbox


@pytest.fixture
def push_sandbox(_push_sandbox: Sandbox) -> PushSandbox:
    """A sandbox of the push service, as new; one server serves all tests of the session."""
    from pushctl.sandbox.testing import PushSandbox  # noqa: PLC0415  (loads the server)

    sandbox = PushSandbox(_push_sandbox)
    sandbox.reset()
    return sandbox
