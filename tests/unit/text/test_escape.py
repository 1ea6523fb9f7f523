"""Hostile text does nothing to a terminal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.text.escape import plain, terminal


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("今日特惠 50% off", "今日特惠 50% off"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\u202eb", "a\\u202eb"),
        ("zero\u200bwidth", "zero\\u200bwidth"),
        ("two\nlines", "two\\nlines"),
        ("bell\x07", "bell\\x07"),
        ("\u2028line", "\\u2028line"),
        ("👨‍👩‍👧", "👨‍👩‍👧"),
        ("lone \ud800", "lone \\ud800"),
    ],
)
def test_terminal_spells_out_what_would_be_obeyed(text: str, shown: str) -> None:
    assert terminal(text) == shown


def test_terminal_keeps_line_breaks_where_lines_are_meant() -> None:
    assert terminal("a\nb\tc", lines=True) == "a\nb\tc"


@given(st.text())
def test_terminal_leaves_no_control_characters(text: str) -> None:
    assert all(
        character.isprintable()
        or character in "\u200c\u200d"
        or character == "\xad"
        or not character.isascii()
        for character in terminal(text)
    )
    assert "\x1b" not in terminal(text)
    assert "\n" not in terminal(text)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "(none)"),
        (True, "true"),
        (["mon", 1], "[mon, 1]"),
        ([{"from": "a", "until": "b"}], "[{from: a, until: b}]"),
        ("x" * 100, "x" * 79 + "…"),
        (42, "42"),
    ],
)
def test_plain_shows_any_value_on_one_short_line(value: object, shown: str) -> None:
    assert plain(value) == shown
