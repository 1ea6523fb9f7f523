"""One changed digit of a long text is seen, and what will not be sent."""

from __future__ import annotations

from pushctl.render.text import plan as plan_text
from pushctl.text.style import Style
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
