"""Tables line up, Chinese included."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import iter_graphemes
from wcwidth import width as wcwidth

from pushctl.text.width import (
    clipped,
    fitting,
    fitting_table,
    ljust,
    table,
    utf16_units,
    width,
    wrap,
)

FAMILY = "👨‍👩‍👧‍👦"


def test_width_counts_cells_not_characters() -> None:
    assert width("今日特惠") == 8
    assert width("abc") == 3


def test_a_code_host_may_count_a_picture_twice() -> None:
    assert utf16_units("特惠 ok") == 5
    assert utf16_units("😀") == 2
    assert utf16_units("\ud83d") == 1


def test_ljust_fills_up_to_cells() -> None:
    assert ljust("今", 4) == "今  "


def test_clipped_never_exceeds_its_cells() -> None:
    assert clipped("今日特惠全场六折", 7) == "今日特…"
    assert width(clipped("今日特惠全场六折", 8)) <= 8
    assert clipped("short", 10) == "short"


def test_table_aligns_columns_of_mixed_text() -> None:
    text = table([("今日", "x"), ("abcdef", "y")])
    first, second = text.splitlines()
    assert width(first[: first.index("x")]) == width(second[: second.index("y")]) == 8


def test_table_of_nothing_is_empty() -> None:
    assert table([]) == ""


def test_wrap_loses_nothing_and_keeps_the_indentation() -> None:
    line = "    fix: take `protect: true` out of 会员日 and apply that first"
    parts = wrap(line, 30)
    assert all(width(part) <= 30 for part in parts)
    assert " ".join(part.strip() for part in parts) == line.strip()
    assert all(part.startswith("      ") for part in parts[1:])


def test_wrap_leaves_a_word_that_fits_nowhere() -> None:
    assert wrap("x" * 50, 10) == ["x" * 50]


def test_a_table_that_is_too_wide_is_a_list() -> None:
    rows = [("NAME", "SIZE", "TITLE"), ("one", "1", "今日特惠全场六折"), ("two", "22", "b")]
    assert fitting_table(rows, None) == fitting_table(rows, 28) == table(rows)
    assert fitting_table(rows, 24).splitlines() == [
        *("one", "  size 1 · title 今日特", "    惠全场六折"),
        *("two", "  size 22 · title b"),
    ]


def test_colour_takes_no_room() -> None:
    assert width("\x1b[31mabc\x1b[0m") == 3
    assert clipped("\x1b[31mabcdef\x1b[0m", 4) == "\x1b[31mabc\x1b[0m…"


@pytest.mark.parametrize(
    ("piece", "cells"), [("a", 1), ("折", 2), (FAMILY, 2), ("🇨🇳", 2), ("❤️", 2), ("e\u0301", 1)]
)
def test_what_a_reader_takes_for_one_character_is_one_or_two_cells(piece: str, cells: int) -> None:
    assert width(piece) == cells


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        ("sale", 10, "sale"),
        ("sale", 3, "sal"),
        ("全场六折", 5, "全场"),
        (f"a{FAMILY}b", 2, "a"),
        (f"a{FAMILY}b", 3, f"a{FAMILY}"),
        ("e\u0301te\u0301", 2, "e\u0301t"),
        ("👍🏽👍🏽", 3, "👍🏽"),
        ("🇨🇳🇩🇪", 2, "🇨🇳"),
        ("折", 1, ""),
        ("a\nb", 2, "a\n"),
    ],
)
def test_what_fits(text: str, limit: int, shown: str) -> None:
    assert text[: fitting(text, limit)] == shown


def cells_of(piece: str) -> int:
    return wcwidth(piece, control_codes="ignore") or 1


@given(st.text(), st.integers(0, 40))
def test_a_cut_is_between_characters_and_as_late_as_possible(text: str, limit: int) -> None:
    pieces = list(iter_graphemes(text))
    at = fitting(text, limit)
    number = next(index for index in range(len(pieces) + 1) if at == len("".join(pieces[:index])))
    if at < len(text):
        assert (
            sum(map(cells_of, pieces[:number])) <= limit < sum(map(cells_of, pieces[: number + 1]))
        )
