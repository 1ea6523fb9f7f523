"""Texts are cut between what a reader takes for characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.render.graphemes import cells, fitting, graphemes

FAMILY = "👨‍👩‍👧‍👦"


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", []),
        ("ab", ["a", "b"]),
        ("六折", ["六", "折"]),
        ("e\u0301t", ["e\u0301", "t"]),
        (f"{FAMILY} x", [FAMILY, " ", "x"]),
        ("👍🏽👍", ["👍🏽", "👍"]),
        ("🇨🇳🇩🇪🇫", ["🇨🇳", "🇩🇪", "🇫"]),
        ("❤️1️⃣", ["❤️", "1️⃣"]),
        ("\u1112\u1161\u11ab글", ["\u1112\u1161\u11ab", "글"]),
        ("🏴\U000e0067\U000e0062\U000e007fx", ["🏴\U000e0067\U000e0062\U000e007f", "x"]),
        ("a\r\nb", ["a", "\r\n", "b"]),
        ("\u0301a", ["\u0301", "a"]),
    ],
)
def test_pieces(text: str, pieces: list[str]) -> None:
    assert list(graphemes(text)) == pieces


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
        ("折", 1, ""),
    ],
)
def test_what_fits(text: str, limit: int, shown: str) -> None:
    assert text[: fitting(text, limit)] == shown


@given(st.text(), st.integers(0, 40))
def test_a_cut_is_between_pieces_and_never_too_long(text: str, limit: int) -> None:
    pieces = list(graphemes(text))
    assert "".join(pieces) == text
    at = fitting(text, limit)
    ends = {sum(map(len, pieces[:count])) for count in range(len(pieces) + 1)}
    assert at in ends
    assert sum(map(cells, graphemes(text[:at]))) <= limit or at == len(text) * (
        len(text) * 2 <= limit
    )
