"""A nonce is good for one call, for as long and as many as are remembered."""

from __future__ import annotations

import pytest

from pushctl.sandbox.gateway import nonces
from pushctl.sandbox.gateway.nonces import Nonces


def test_a_nonce_is_used_once_in_31_minutes() -> None:
    used = Nonces()
    assert [used.use("a", 0.0), used.use("b", 1.0), used.use("a", 1860.0)] == [True, True, False]
    assert [used.use("a", 1860.5), used.use("b", 1860.5)] == [True, False]


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nonces, "_MOST", 3)
    used = Nonces()
    assert all(used.use(str(number), 0.0) for number in range(10))
    assert not used.use("9", 0.0)
    assert used.use("0", 0.0)
