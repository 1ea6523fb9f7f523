"""Durations are read and written."""

from __future__ import annotations

import pytest

from pushctl.text.duration import duration, seconds, span


@pytest.mark.parametrize(
    ("text", "value"),
    [("90s", 90), ("10m", 600), ("12h", 43200), ("3d", 259200), ("45", 45), (45, 45)],
)
def test_what_a_manifest_says_is_read(text: str | int, value: int) -> None:
    assert seconds(text) == value


@pytest.mark.parametrize("text", ["", "3w", "-1s", "1.5h", "1h30m", "٣d", "1234567890s"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration such as"):
        seconds(text)


@pytest.mark.parametrize(
    ("value", "text"), [(45, "45s"), (5400, "90m"), (7200, "2h"), (86400, "1d"), (350000, "4d")]
)
def test_a_manifest_is_never_told_more_than_there_is(value: int, text: str) -> None:
    assert duration(value) == text
    assert seconds(text) <= value


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0, "0 s"), (45, "45 s"), (3600, "1 h"), (2645000, "30 d 14 h"), (90061, "1 d 1 h")],
)
def test_span_uses_its_two_largest_units(value: int, shown: str) -> None:
    assert span(value) == shown
