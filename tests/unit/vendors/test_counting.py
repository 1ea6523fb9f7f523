"""How vendors count the length of a text."""

from __future__ import annotations

import pytest

from pushctl.vendors.counting import fitting, length, segments
from pushctl.vendors.facts import Unit, facts


@pytest.mark.parametrize(
    ("text", "characters", "cells"),
    [
        ("", 0, 0),
        ("sale", 4, 4),
        ("全场六折", 4, 8),
        ("8折", 2, 3),
        ("ＳＡＬＥ", 4, 8),
        ("é", 1, 1),
        ("👨‍👩‍👧", 5, 8),
    ],
)
def test_units(text: str, characters: int, cells: int) -> None:
    assert length(text, Unit.CHARACTERS) == characters
    assert length(text, Unit.CELLS) == cells


@pytest.mark.parametrize(
    ("text", "limit", "unit", "shown"),
    [
        ("sale", 4, Unit.CELLS, "sale"),
        ("全场六折", 5, Unit.CELLS, "全场"),
        ("全场六折", 3, Unit.CHARACTERS, "全场六"),
    ],
)
def test_what_fits(text: str, limit: int, unit: Unit, shown: str) -> None:
    assert fitting(text, limit, unit) == shown


@pytest.mark.parametrize(("characters", "parts"), [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3)])
def test_parts_of_a_text_message(characters: int, parts: int) -> None:
    assert segments(characters, facts().sms) == parts
