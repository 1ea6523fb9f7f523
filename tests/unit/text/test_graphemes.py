"""Texts are cut between what a reader takes for characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import iter_graphemes

from pushctl.text.graphemes import cells, fitting

FAMILY = "👨‍👩‍👧‍👦"


@pytest.mark.parametrize(
    ("piece", "width"), [("a", 1), ("折", 2), (FAMILY, 2), ("🇨🇳", 2), ("❤️", 2), ("e\u0301", 1)]
)
def test_cells(piece: str, width: int) -> None:
    assert cells(piece) == width


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


@given(st.text(), st.integers(0, 40))
def test_a_cut_is_between_characters_and_as_late_as_possible(text: str, limit: int) -> None:
    pieces = list(iter_graphemes(text))
    at = fitting(text, limit)
    number = next(index for index in range(len(pieces) + 1) if at == len("".join(pieces[:index])))
    if at < len(text):
        assert sum(map(cells, pieces[:number])) <= limit < sum(map(cells, pieces[: number + 1]))
