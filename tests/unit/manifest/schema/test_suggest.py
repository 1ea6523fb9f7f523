"""Names, dates, times and durations that are nearly right."""

from __future__ import annotations

import pytest

from pushctl.manifest.schema.suggest import asked, certain, field, repaired
from pushctl.text.suggest import LONGEST_WORD, closest

FIELDS = ["title", "body", "open", "from", "until", "timezone"]


def test_the_closest_match() -> None:
    assert closest("titel", FIELDS) == "title"
    assert closest("something", FIELDS) is None
    assert closest("a" * (LONGEST_WORD + 1), ["a" * LONGEST_WORD]) is None


@pytest.mark.parametrize(
    ("word", "known", "sure"),
    [
        ("titel", "title", True),
        ("Body", "body", True),
        ("content", "body", True),
        ("tz", "timezone", True),
        ("url", "open", False),
        ("xyz", None, False),
    ],
)
def test_a_field_by_another_name(word: str, known: str | None, sure: bool) -> None:
    assert field(word, FIELDS) == known
    if known is not None:
        assert certain(word, known) is sure


@pytest.mark.parametrize(
    ("kind", "text", "better"),
    [
        ("date", "2026/2/5", "2026-02-05"),
        ("date", "2026-2-5 09:45", None),
        ("skip", "2026.12.24", "2026-12-24"),
        ("time", "9:45", '"09:45"'),
        ("time", "25:00", None),
        ("at", "9:45:11", '"09:45:11"'),
        ("at", "2026-12-24 9:45", "2026-12-24T09:45"),
        ("moment", "2026-12-24t20:00z", "2026-12-24T20:00Z"),
        ("moment", "2026-12-24 20:00 +08:00", "2026-12-24T20:00+08:00"),
        ("moment", "2026-12-24 20:00 Asia/Tokyo", None),
        ("moment", "2026-13-24 20:00", None),
        ("moment", "3/4/2026 20:00", None),
        ("moment", "Dec 24 8pm", None),
        ("date", "24.12.2026", "2026-12-24"),
        ("date", "Dec 24", None),
        ("at", "20:00Z", None),
        ("time", "8点", None),
        ("duration", "4 hours", "4h"),
        ("duration", "10 mins", "10m"),
        ("duration", "90 mins", "90m"),
        ("duration", "4 Stunden", None),
        ("duration", "3 months", None),
        ("duration", "4 decades", None),
        ("duration", "0h", None),
        ("zone", "2026-12-24", None),
    ],
)
def test_how_a_time_has_to_be_written(kind: str, text: str, better: str | None) -> None:
    assert repaired(kind, text) == better


def test_what_is_not_certain_is_a_question() -> None:
    assert asked(["2026-12-24T20:00"]) == "write 2026-12-24T20:00"
    assert asked(["a", "b"]) == "did you mean a or b?"
    assert asked(["YYYY-12-24T20:00"]) == "write it with its year: YYYY-12-24T20:00"
