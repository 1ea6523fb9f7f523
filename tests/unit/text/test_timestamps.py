"""Moments are unambiguous and do not depend on the machine."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from pushctl.text import timestamps

SHANGHAI = ZoneInfo("Asia/Shanghai")
XMAS_EVE = 1798113600  # 2026-12-24T12:00:00Z


def test_moment_has_weekday_and_zone() -> None:
    assert timestamps.moment(XMAS_EVE, SHANGHAI) == "Thu 24 Dec 2026 20:00 Asia/Shanghai"


def test_moment_shows_seconds_only_if_there_are_any() -> None:
    assert timestamps.moment(XMAS_EVE + 11, SHANGHAI, with_zone=False) == "Thu 24 Dec 2026 20:00:11"


def test_iso_carries_the_offset() -> None:
    assert timestamps.iso(XMAS_EVE, SHANGHAI) == "2026-12-24T20:00:00+08:00"


def test_ahead_knows_past_and_future() -> None:
    assert timestamps.ahead(160, 100) == "in 1 min"
    assert timestamps.ahead(100, 160) == "1 min ago"


def test_what_was_written_down_is_told_in_a_zone() -> None:
    written = timestamps.recorded("2026-12-24T12:00:00Z", SHANGHAI)
    assert written == "Thu 24 Dec 2026 20:00 Asia/Shanghai"
    for text in ("", "yesterday", "2026-12-24T12:00:00"):
        assert timestamps.recorded(text, SHANGHAI) == text
