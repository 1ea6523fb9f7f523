from __future__ import annotations

import pytest

from pushctl.http.loopback import is_loopback


@pytest.mark.parametrize("host", ["localhost", "a.localhost", "127.0.0.1", "127.1.2.3", "::1"])
def test_is_loopback_knows_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host",
    ["", "127.1", "0.0.0.0", "10.0.0.1", "localhost.evil.example", "evil-localhost", "[::1]"],
)
def test_is_loopback_takes_nothing_else_for_this_machine(host: str) -> None:
    assert not is_loopback(host)
