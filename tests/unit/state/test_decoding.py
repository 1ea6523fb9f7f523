"""Plain data that is not what was written is refused."""

from __future__ import annotations

from pushctl.state.decoding import epoch, iso
from tests.builders import NOW


def test_iso_and_epoch() -> None:
    assert iso(NOW) == "2026-05-28T20:26:40Z"
    assert epoch("2026-05-28T20:26:40Z") == NOW
    assert epoch("2026-05-29T04:26:40+08:00") == NOW
    assert iso(None) is None
    assert epoch(None) is None
