"""What stands at a position of a manifest."""

from __future__ import annotations

import pytest

from pushctl.diagnostics import Position
from pushctl.lsp.cursor import cursor_at

TEXT = """\
# comment
a: {b: [x, "y z"], c: }
d:
  - e: 今日
    f: |
      text
  - g
"""


@pytest.mark.parametrize(
    ("line", "column", "path", "is_key"),
    [
        (2, 1, ("a",), True),
        (2, 5, ("a", "b"), True),
        (2, 9, ("a", "b", 0), False),
        (2, 13, ("a", "b", 1), False),
        (2, 20, ("a", "c"), True),
        (3, 1, ("d",), True),
        (4, 5, ("d", 0, "e"), True),
        (4, 9, ("d", 0, "e"), False),
        (6, 8, ("d", 0, "f"), False),
        (7, 5, ("d", 1), False),
    ],
)
def test_a_position_is_a_path(
    line: int, column: int, path: tuple[str | int, ...], is_key: bool
) -> None:
    found = cursor_at("x", TEXT, Position(line, column))
    assert found is not None
    assert (found.path, found.is_key) == (path, is_key)


@pytest.mark.parametrize(("line", "column"), [(1, 3), (2, 24), (3, 3), (99, 1)])
def test_between_things_there_is_nothing(line: int, column: int) -> None:
    assert cursor_at("x", TEXT, Position(line, column)) is None


def test_a_broken_text_has_nothing_to_point_at() -> None:
    assert cursor_at("x", "a: [", Position(1, 1)) is None
