"""Texts of other people inside a sentence."""

from __future__ import annotations

from typing import Any

import pytest

from pushctl.text.quote import described, edges, quoted


def test_a_quoted_text_is_short_and_harmless() -> None:
    assert quoted('中文 "x"') == '"中文 \\"x\\""'
    assert quoted("a\x1b[2J") == '"a\\u001b[2J"'
    assert quoted("x" * 61) == f'"{"x" * 59}…"'


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "nothing"),
        (True, "the word true"),
        (1, "the number 1"),
        ("a", 'the text "a"'),
        ([], "a list"),
        ({}, "a map"),
    ],
)
def test_a_value_in_words(value: Any, words: str) -> None:
    assert described(value) == words


def test_blanks_at_the_ends_in_words() -> None:
    assert edges("a b") == edges("") == ""
    assert edges(" a") == "begins with a space"
    assert edges("a\n") == "ends with a line break"
    assert edges("\xa0a\u3000") == "begins with a no-break space and ends with a wide space"
