"""Entries as lines; the layout of whole files is tested with the formatter."""

from __future__ import annotations

import pytest

from pushctl.manifest.format.comments import CannotFormat, entries
from pushctl.manifest.format.field_order import NOTHING, of_file
from pushctl.manifest.format.writer import WIDTH, lines
from pushctl.manifest.yaml.loader import load


def written(text: str, *, known: bool = False) -> list[str]:
    document, _ = load("x", text.encode())
    assert document is not None
    return lines(entries(document), of_file() if known else NOTHING)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a:   x  # c\n", ["a: x  # c"]),
        ("a: x # c\n", ["a: x  # c"]),
        ("a: yes\n", ['a: "yes"']),
        ("a: { b : x,c: [ 1 ] }\n", ["a: {b: x, c: [1]}"]),
        ("a:\n- x\n-\n    b: y\n", ["a:", "  - x", "  - b: y"]),
        ("a: {b: x, # c\n  d: y}\n", ["a:", "  b: x  # c", "  d: y"]),
        ("a: |\n      x\n       y\n", ["a: |", "  x", "   y"]),
        ("{}\n", ["{}"]),
    ],
)
def test_each_level_is_two_spaces_and_brackets_stay(text: str, expected: list[str]) -> None:
    assert written(text) == expected


def test_brackets_go_where_they_do_not_fit_and_wide_characters_take_two_columns() -> None:
    room = WIDTH - len("a: [, b]")
    fits, too_wide = "今" * (room // 2), "今" * (room // 2 + 1)
    assert written(f"a: [{fits}, b]\n") == [f"a: [{fits}, b]"]
    assert written(f"a: [{too_wide}, b]\n") == ["a:", f"  - {too_wide}", "  - b"]


def test_the_order_of_fields_is_that_of_the_shape() -> None:
    assert written("pushes: {}\nversion: 1\n") == ["pushes: {}", "version: 1"]
    assert written("pushes: {}\nversion: 1\n", known=True) == ["version: 1", "pushes: {}"]


def test_a_key_on_several_lines_is_not_laid_out() -> None:
    with pytest.raises(CannotFormat):
        written('? "a\n  b"\n: 1\n')
