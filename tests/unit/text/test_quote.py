"""A quoted text is one line of a sentence."""

from __future__ import annotations

from pushctl.text.quote import quoted


def test_a_text_is_quoted_as_it_is() -> None:
    assert quoted("今日 特惠") == '"今日 特惠"'


def test_what_would_break_the_line_is_escaped() -> None:
    assert quoted('a"b\n\x1b') == '"a\\"b\\n\\u001b"'


def test_a_long_text_is_shortened() -> None:
    assert quoted("x" * 61) == f'"{"x" * 59}…"'
    assert quoted("x" * 60) == f'"{"x" * 60}"'
