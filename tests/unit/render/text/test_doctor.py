"""The checks of `doctor`: aligned, each that is not well with what to type."""

from __future__ import annotations

import pytest

from pushctl.plan.doctor import Check, CheckResult
from pushctl.render.text.doctor import checks, document
from pushctl.text.style import Style

GOOD = Check("中文检查", CheckResult.GOOD, "fine", "is not shown")
NOTE = Check("stopped", CheckResult.NOTE, "1 stopped: a", "pushctl resume a")
UNKNOWN = Check("clock", CheckResult.UNKNOWN, "the service did not tell its time")
BAD = Check("state", CheckResult.BAD, "damaged\x1b[2J", "rm\u202e")


def test_checks_are_aligned_and_followed_by_their_fix() -> None:
    assert checks([GOOD, NOTE, UNKNOWN, BAD]) == (
        "  ✓ 中文检查  fine\n"
        "  ! stopped   1 stopped: a\n"
        "              fix: pushctl resume a\n"
        "  ? clock     the service did not tell its time\n"
        "  ✗ state     damaged\\x1b[2J\n"
        "              fix: rm\\u202e\n"
        "Something is wrong; start with the first ✗.\n"
    )


def test_what_is_too_wide_goes_on_below_its_beginning() -> None:
    assert checks([UNKNOWN], Style(cells=30)).splitlines()[:-1] == [
        "  ? clock  the service did not",
        "           tell its time",
    ]


@pytest.mark.parametrize(
    ("items", "closing"),
    [
        ([GOOD], "Nothing is wrong."),
        ([GOOD, NOTE], "Nothing is wrong."),
        ([NOTE, UNKNOWN], "Nothing is wrong that could be looked at."),
        ([BAD, UNKNOWN, GOOD], "Something is wrong; start with the first ✗."),
    ],
)
def test_the_last_line_is_about_the_worst(items: list[Check], closing: str) -> None:
    assert checks(items).splitlines()[-1] == closing


def test_the_document_keeps_every_text_as_it_is() -> None:
    assert document([UNKNOWN, BAD]) == [
        {
            "check": "clock",
            "verdict": "unknown",
            "text": "the service did not tell its time",
            "fix": None,
        },
        {"check": "state", "verdict": "bad", "text": "damaged\x1b[2J", "fix": "rm\u202e"},
    ]
