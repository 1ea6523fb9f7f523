"""What every test shares: a clean environment, and the switch that rewrites golden files."""

from __future__ import annotations

import gc
import os
import sys
import zoneinfo
from collections.abc import Iterator

import pytest
from hypothesis import settings

from pushctl.text import messages

# A run of the tests must not fail by chance; the long runs of `make prove` look for news.
settings.register_profile("steady", derandomize="PUSHCTL_EXAMPLES" not in os.environ)
settings.register_profile("quick", settings.get_profile("steady"), max_examples=50)
settings.load_profile("steady")

# Whatever edition of the time zone data the machine has: that of the pinned package is used.
os.environ["PYTHONTZPATH"] = ""
zoneinfo.reset_tzpath()

# Tests that are not kept compiled are compiled by every worker of every run, for 7 s each.
sys.dont_write_bytecode = False

STORE_SUITE = "tests.unit.state.store_suite"
SERVERS = ("git_branch", "http", "oss", "postgresql", "s3")

FOREIGN = ("PUSHCTL_", "ALIBABA_CLOUD_", "MPAAS_", "GITHUB_", "GITLAB_", "CI_", "ACTIONS_")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write golden files anew")


def pytest_configure(config: pytest.Config) -> None:
    """Try fewer examples where the longer proofs are left out."""
    if config.option.markexpr == "not slow":
        settings.load_profile("quick")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the contract of a state on real servers to the longer proofs.

    In `make test` it is played on memory and on files, and each engine has tests of its own.
    """
    for item in items:
        module = getattr(getattr(item, "function", None), "__module__", "")
        if module == STORE_SUITE and item.path.parent.name in SERVERS:
            item.add_marker(pytest.mark.slow)


def pytest_collection_finish() -> None:
    """Let no collection of garbage go through some ten thousand tests that are still to come."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """A command that was run in this process leaves its language behind."""
    yield
    messages.choose(messages.ENGLISH)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine may decide a test."""
    for name in list(os.environ):
        foreign = name.startswith(FOREIGN)
        if foreign or name.lower() in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
            monkeypatch.delenv(name)
    # A server on this machine answers at once, and no test waits a minute to be sure.
    monkeypatch.setenv("PUSHCTL_LONGEST_CALL", "0s")
    # Without compiled modules every one of some hundred processes would compile them again.
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    for name in ("CI", "NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "CI_JOB_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def only_new_garbage() -> None:
    """Let `gc.collect` look only at what is made from now on; at all there is, it takes 0.2 s."""
    gc.freeze()
