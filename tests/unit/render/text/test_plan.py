"""A plan in a terminal: what cannot be taken back comes first, one changed digit is seen."""

from __future__ import annotations

import pytest

from pushctl.render.text import plan as plan_text
from pushctl.text.style import Style
from pushctl.text.width import width
from tests.unit.render.plans import edited


def test_one_changed_digit_of_a_long_text_is_marked_without_colour() -> None:
    shown = plan_text.plan(edited())
    assert "先到先得。满[-299-]{+399+}减50。全场六折" in shown
    assert len(next(line for line in shown.splitlines() if "[-299-]" in line)) < 100


def test_the_marks_are_there_with_colour_too() -> None:
    shown = plan_text.plan(edited(), Style(color=True))
    assert "\x1b[31m[-299-]\x1b[0m\x1b[32m{+399+}\x1b[0m" in shown


def test_what_will_not_be_sent_is_shown() -> None:
    shown = plan_text.plan(edited())
    assert "      “Thank you” · Your parcel leaves today.\n      not in the manifest" in shown


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
