"""Servers for Terraform states on this machine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.loopback import no_proxies  # noqa: F401
from tests.servers.terraform_http import Gitea, GitLab, StateServer, serving


@pytest.fixture(params=[GitLab, Gitea])
def server(request: pytest.FixtureRequest) -> Iterator[StateServer]:
    with serving(request.param()) as running:
        yield running


@pytest.fixture
def gitlab() -> Iterator[StateServer]:
    with serving(GitLab()) as running:
        yield running


@pytest.fixture
def gitea() -> Iterator[StateServer]:
    with serving(Gitea()) as running:
        yield running
