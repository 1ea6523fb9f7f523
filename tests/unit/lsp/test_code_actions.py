"""One small change makes a text another one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pushctl.diagnostics import Position
from pushctl.lsp.code_actions import replacement


@given(
    st.lists(st.sampled_from(["a", "b", "", "今"]), max_size=6).map("\n".join),
    st.lists(st.sampled_from(["a", "b", "", "今"]), max_size=6).map("\n".join),
)
def test_the_change_of_some_lines_makes_the_other_text(old: str, new: str) -> None:
    edit = replacement("x", old, new)
    lines = old.split("\n")

    def offset(place: Position) -> int:
        return sum(len(line) + 1 for line in lines[: place.line - 1]) + place.column - 1

    start, end = offset(edit.range.start), offset(edit.range.end)
    assert start <= end <= len(old)
    assert old[:start] + edit.text + old[end:] == new


def test_what_is_the_same_stays() -> None:
    edit = replacement("x", "a\nb\nc\nd\n", "a\nB\nc\nd\n")
    assert (edit.range.start, edit.range.end, edit.text) == (Position(2, 1), Position(3, 1), "B\n")
