"""Positions as editors count them, and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.diagnostics import Position
from pushctl.lsp.positions import Lines, Units


@pytest.mark.parametrize(("units", "column"), [(Units.UTF8, 8), (Units.UTF16, 4), (Units.UTF32, 3)])
def test_columns_are_counted_in_the_units_of_the_editor(units: Units, column: int) -> None:
    lines = Lines.of("x\na\U0001f600今b\r\n", units)
    assert lines.to_editor(Position(2, 4)) == (1, column)
    assert lines.position(1, column) == Position(2, 4)


def test_only_what_the_protocol_knows_ends_a_line() -> None:
    assert len(Lines.of("a\u2028b\x0bc\x85d\re\r\nf").lines) == 3


@given(st.text(max_size=40), st.sampled_from(list(Units)), st.data())
def test_every_position_survives_the_way_there_and_back(
    text: str, units: Units, data: st.DataObject
) -> None:
    lines = Lines.of(text, units)
    line = data.draw(st.integers(0, len(lines.lines) - 1))
    column = data.draw(st.integers(0, len(lines.lines[line])))
    position = Position(line + 1, column + 1)
    assert lines.position(*lines.to_editor(position)) == position


def test_positions_outside_the_text_are_its_edges() -> None:
    lines = Lines.of("ab\nc")
    assert lines.position(0, 99) == Position(1, 3)
    assert lines.position(99, 0) == Position(2, 2)
    assert lines.to_editor(Position(99, 1)) == (1, 1)
