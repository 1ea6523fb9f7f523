"""A plan in a terminal: what cannot be taken back comes first."""

from __future__ import annotations

import pytest

from pushctl.render.text import plan as plan_text
from pushctl.text.style import Style
from pushctl.text.width import width
from tests.languages import speaking
from tests.unit.render.plans import edited


def test_what_cannot_be_taken_back_stands_before_everything_else() -> None:
    lines = plan_text.plan(edited()).splitlines()
    assert lines[2] == "! Cannot be taken back once applied:"
    assert lines[3].startswith("    a-cancelled-push-with-a-long-name loses 7 deliveries")


@pytest.mark.parametrize("cells", [40, 60, 80, 120])
def test_no_line_is_wider_than_the_terminal(cells: int) -> None:
    shown = plan_text.plan(edited(), Style(color=True, cells=cells))
    assert [line for line in shown.splitlines() if width(line) > cells] == []
    assert "[-299-]" in shown
    assert "Plan: 1 to create, 1 to replace, 1 to cancel, 0 unchanged." in " ".join(
        shown.replace("\x1b[1m", "").split()
    )


@pytest.mark.parametrize("cells", [50, 80])
def test_chinese_fits_as_well(cells: int) -> None:
    with speaking("zh"):
        shown = plan_text.plan(edited(), Style(cells=cells))
    assert [line for line in shown.splitlines() if width(line) > cells] == []
    assert "计划：1 条待创建、1 条待替换、1 条待撤回、0 条不变。" in shown.replace("\n  ", "")
