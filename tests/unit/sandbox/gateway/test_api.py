"""Methods of HTTP the API does not take."""

from __future__ import annotations

import pytest

from tests.unit.sandbox.client import Client


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "HEAD", "BREW"])
def test_other_methods(client: Client, method: str) -> None:
    assert client.send(method, "/").status == 400
