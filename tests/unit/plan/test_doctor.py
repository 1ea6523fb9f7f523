"""What the doctor makes of what it sees."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from pushctl.plan.doctor import (
    Check,
    CheckResult,
    check_clock,
    check_entries,
    check_list,
    worst_result,
)
from pushctl.plan.reconcile.listing import Listing
from pushctl.state.state import Phase, State
from tests.builders import NOW, actual, desired, recorded, scheduled, state, task
from tests.fakes import ZONE


@pytest.mark.parametrize(
    ("offset", "verdict"),
    [
        (None, CheckResult.UNKNOWN),
        (0.4, CheckResult.GOOD),
        (-4.9, CheckResult.GOOD),
        (5.0, CheckResult.NOTE),
        (-119.0, CheckResult.NOTE),
        (120.0, CheckResult.BAD),
        (-4000.0, CheckResult.BAD),
    ],
)
def test_of_clock(offset: float | None, verdict: CheckResult) -> None:
    assert check_clock(offset).verdict is verdict


def test_of_clock_says_which_way() -> None:
    assert "behind" in check_clock(300.0).text
    assert "ahead" in check_clock(-300.0).text


def test_of_entries_names_what_is_in_doubt_and_what_is_stopped() -> None:
    push = desired()
    doubtful = {f"p{n}": recorded(push, task(push, phase=Phase.CREATING)) for n in range(5)}
    found = list(
        check_entries(state({**doubtful, "s": recorded(push, stopped=True)}), typed="pushctl")
    )
    assert [check.verdict for check in found] == [CheckResult.BAD, CheckResult.NOTE]
    assert "p0, p1, p2 and 2 more" in found[0].text
    assert "pushctl state resolve p0" in str(found[0].fix)
    assert "pushctl resume s" in str(found[1].fix)


def test_of_entries_is_content_with_nothing() -> None:
    assert [check.verdict for check in check_entries(state(), typed="pushctl")] == [
        CheckResult.GOOD
    ]


def test_worst() -> None:
    good, bad = Check("a", CheckResult.GOOD, ""), Check("b", CheckResult.BAD, "")
    assert worst_result([good, bad, good]) is CheckResult.BAD
    assert worst_result([]) is CheckResult.GOOD


def test_of_the_list_tells_of_other_people_and_of_rows_that_are_not_what_was_sent() -> None:
    push = replace(desired(), spec={"message": {"title": "Title", "body": "Content"}})
    held = state({"promo": recorded(push, task(push, task_id="T1"))})
    ours = actual(task(push, task_id="T1"))
    assert list(check_list(held, Listing((ours,), NOW), ZONE)) == []
    theirs = replace(ours, task_id="X1")
    cut = replace(ours, title="Tit...")
    found = list(check_list(held, Listing((cut, theirs), NOW), ZONE))
    assert [(check.name, check.verdict) for check in found] == [
        ("other tasks", CheckResult.NOTE),
        ("list", CheckResult.BAD),
    ]
    assert "X1" in found[0].text
    assert "T1" in found[1].text


def test_tasks_where_no_state_is_may_be_of_a_lost_one() -> None:
    listed = Listing((actual(scheduled(desired()).pushes["promo"].tasks[0]),), NOW)
    (found,) = check_list(State("", "app", "workspace"), listed, ZONE)
    assert (found.name, found.verdict) == ("other tasks", CheckResult.NOTE)
    assert "no state is here" in found.text
    assert "pushctl state rebuild" in str(found.fix)
