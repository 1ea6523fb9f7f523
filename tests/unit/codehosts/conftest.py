"""Every code host that there is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fake_code_hosts import CodeHost, GitHub, GitLab, serving


@pytest.fixture(params=[GitHub, GitLab])
def host(request: pytest.FixtureRequest) -> Iterator[CodeHost]:
    with serving(request.param()) as host:
        yield host
