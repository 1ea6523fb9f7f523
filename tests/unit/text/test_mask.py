"""Words that nobody may read, whole ones and however many there are."""

from __future__ import annotations

import time

import pytest

from pushctl.text.mask import masking


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ann", "-"),
        ("dear ann, dear ann.", "dear -, dear -."),
        ("anna and _ann", "anna and _ann"),
        ("ann smith and ann", "- and -"),
        ("1 of 10, 11 and 1", "- of 10, 11 and -"),
        ('"1"', '"-"'),
        ("1.", "-."),
        ("李雷 and 李雷雷", "- and 李雷雷"),
        ("", ""),
    ],
)
def test_whole_words_are_masked(text: str, shown: str) -> None:
    assert masking(["ann", "ann smith", "1", "李雷", ""], "-")(text) == shown


def test_of_nothing_nothing_is_masked() -> None:
    assert masking([], "-")("all of it") == "all of it"


def test_many_words_take_no_longer_than_few() -> None:
    masked = masking((f"user{number}" for number in range(200_000)), "-")
    begin = time.process_time()
    for number in range(300):
        masked(f"The target user{number} is there twice.")
    assert time.process_time() - begin < 1
