"""Stories that are worth telling again, each with a service or a clock that is not as it should."""

from __future__ import annotations

from typing import Any

import pytest

from tests.property.stateful.story import Story

SHOT = ("once", "2026-12-01T11:00")
LATER = ("once", "2026-12-03T20:00")
DAILY = ("day", "12:00", "2026-12-05")


def slow(*values: Any) -> list[Any]:
    return [pytest.param(value, marks=pytest.mark.slow) for value in values]


def test_three_that_look_alike_of_which_two_are_lost() -> None:
    with Story() as story:
        for id in ("a", "b", "c"):
            story.put(id, SHOT, (0, 1), "one")
        story.apply(at=0, on="create", mode="killed after, list lags")
        story.put("a", SHOT, (0, 1), "one")
        story.apply(at=0, on="create", mode="killed in flight")
        story.apply()
        story.end()


@pytest.mark.parametrize("seen", ["timed out", "killed", *slow("reset", "500")])
@pytest.mark.parametrize("lags", ["", ", list lags"])
@pytest.mark.parametrize("seconds", ["59", *slow("0.1", "10", "29", "31", "45", "50")])
def test_a_create_that_takes_effect_late(seconds: str, lags: str, seen: str) -> None:
    with Story() as story:
        story.put("a", LATER, (0, 1), "one")
        story.apply(at=0, on="create", mode=f"{seen}, done {seconds} s later{lags}")
        story.apply()
        story.end()


@pytest.mark.parametrize("seen", ["timed out", "killed", *slow("reset", "500")])
@pytest.mark.parametrize("seconds", ["59", *slow("10", "31", "45")])
@pytest.mark.parametrize("stopped", [False, True])
def test_a_cancel_that_takes_effect_late(stopped: bool, seconds: str, seen: str) -> None:
    """In an apply that replaces a task, or in a stop; the other one follows."""
    mode = f"{seen}, done {seconds} s later"
    with Story() as story:
        story.put("a", DAILY, (0, 2), "one")
        story.put("b", LATER, (0, 2), "one")
        story.apply()
        story.put("a", DAILY, (0, 2), "two")
        if stopped:
            story.stop("a", at=0, on="cancel", mode=mode)
            story.resume("a")
        else:
            story.apply(at=0, on="cancel", mode=mode)
            story.stop("b")
        story.end()


@pytest.mark.parametrize("seen", ["response lost", "killed after"])
@pytest.mark.parametrize(
    "listed",
    [
        *("status null", "pages of 2, counts the page", "last page for ever", "flapping"),
        *("texts missing", "times 8 h early", "made in 3000"),
        *slow("status 7 of the newest", "status in words", "status absent"),
        *slow("pages of 2, counts zero", "texts in capitals", "times a second late"),
        *slow("made at no time", "made 1000 times too early"),
    ],
)
def test_a_lost_create_and_a_list_that_is_wrong_until_it_is_right(listed: str, seen: str) -> None:
    with Story() as story:
        story.put("a", LATER, (0, 1), "one")
        story.put("b", DAILY, (0, 12), "one")
        story.put("c", LATER, (1, 1), "two")
        story.apply(at=1, on="create", mode=f"{seen}, list {listed}")
        story.apply()
        story.put("c", LATER, (1, 1), "three")
        story.apply()
        story.end()


@pytest.mark.parametrize("mode", ["killed after", "killed, done 59 s later", "response lost"])
@pytest.mark.parametrize("clock", ["3 min behind", "2 h ahead", *slow("3 min ahead", "2 h behind")])
def test_a_lost_create_and_a_clock_that_is_put_right(clock: str, mode: str) -> None:
    with Story() as story:
        story.put("a", LATER, (0, 1), "one")
        story.put("b", LATER, (1, 1), "one")
        story.apply(at=0, on="create", mode=f"{mode}, clock {clock}")
        story.apply()
        story.end()


@pytest.mark.parametrize("when", [" and more", " and more 40 s later"])
def test_a_lost_create_whose_like_is_made_by_a_stranger(when: str) -> None:
    with Story() as story:
        story.put("a", LATER, (0, 1), "one")
        story.apply(at=0, on="create", mode=f"a stranger makes its like{when}")
        story.apply()
        story.end()
