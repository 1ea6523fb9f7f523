"""A typo is told from a name that nobody knows."""

from __future__ import annotations

from pushctl.text.suggest import closest

NAMES = ["sale", "digest", "welcome"]


def test_the_nearest_name_is_found() -> None:
    assert closest("digset", NAMES) == "digest"
    assert closest("nothing", NAMES) is None
    assert closest("digset", NAMES, cutoff=0.9) is None


def test_long_words_and_long_lists_take_no_time() -> None:
    assert closest("x" * 10_000, ["x" * 10_000]) is None
    assert closest("name9", [f"name{number}" for number in range(100_000)]) is not None
