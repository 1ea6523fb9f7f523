"""What the doctor makes of what it sees."""

from __future__ import annotations

import pytest

from pushctl.plan.doctor import Check, Verdict, of_clock, of_entries, worst
from pushctl.state.state import Phase
from tests.builders import desired, recorded, state, task


@pytest.mark.parametrize(
    ("offset", "verdict"),
    [
        (None, Verdict.UNKNOWN),
        (0.4, Verdict.GOOD),
        (-4.9, Verdict.GOOD),
        (5.0, Verdict.NOTE),
        (-119.0, Verdict.NOTE),
        (120.0, Verdict.BAD),
        (-4000.0, Verdict.BAD),
    ],
)
def test_of_clock(offset: float | None, verdict: Verdict) -> None:
    assert of_clock(offset).verdict is verdict


def test_of_clock_says_which_way() -> None:
    assert "behind" in of_clock(300.0).text
    assert "ahead" in of_clock(-300.0).text


def test_of_entries_names_what_is_in_doubt_and_what_is_stopped() -> None:
    push = desired()
    doubtful = {f"p{n}": recorded(push, task(push, phase=Phase.CREATING)) for n in range(5)}
    found = list(
        of_entries(state({**doubtful, "s": recorded(push, stopped=True)}), typed="pushctl")
    )
    assert [check.verdict for check in found] == [Verdict.BAD, Verdict.NOTE]
    assert "p0, p1, p2 and 2 more" in found[0].text
    assert "pushctl state resolve p0" in str(found[0].fix)
    assert "pushctl resume s" in str(found[1].fix)


def test_of_entries_is_content_with_nothing() -> None:
    assert [check.verdict for check in of_entries(state(), typed="pushctl")] == [Verdict.GOOD]


def test_worst() -> None:
    good, bad = Check("a", Verdict.GOOD, ""), Check("b", Verdict.BAD, "")
    assert worst([good, bad, good]) is Verdict.BAD
    assert worst([]) is Verdict.GOOD
