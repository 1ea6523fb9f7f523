"""Checks line up, and those that are not well say what to type."""

from __future__ import annotations

from pushctl.plan.doctor import Check, Verdict
from pushctl.render.text.doctor import checks, document

FOUND = (
    Check("manifest", Verdict.GOOD, "3 pushes", "never shown"),
    Check("clock", Verdict.BAD, "off by \x1b[31m 9 min", "set it"),
)


def test_checks_are_listed_with_their_fixes() -> None:
    assert checks(FOUND) == (
        "  ✓ manifest  3 pushes\n"
        "  ✗ clock     off by \\x1b[31m 9 min\n"
        "              fix: set it\n"
        "Something is wrong; start with the first ✗.\n"
    )


def test_scripts_get_the_texts_as_they_are() -> None:
    assert document(FOUND)[1] == {
        "check": "clock",
        "verdict": "bad",
        "text": "off by \x1b[31m 9 min",
        "fix": "set it",
    }
