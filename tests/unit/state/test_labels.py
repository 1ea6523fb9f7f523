"""Names of targets in a state: one for everybody, however they were recorded."""

from __future__ import annotations

import pytest

from pushctl.push.identity import hashed_label
from pushctl.state.labels import with_labels
from pushctl.state.state import State
from tests.builders import recorded, state, task

DIGEST = hashed_label("lineage")
ANN, BOB = DIGEST("ann"), DIGEST("bob")


def of(*chunks: list[str]) -> State:
    tasks = [task(chunk=at, targets=names) for at, names in enumerate(chunks)]
    return state({"promo": recorded(None, *tasks), "empty": recorded()})


def names(found: State) -> list[list[str]]:
    return [list(task.targets) for task in found.pushes["promo"].tasks]


@pytest.mark.parametrize(
    ("held", "hashed", "people", "expected"),
    [
        ([["ann"], [BOB]], True, (), [[ANN], [BOB]]),
        ([["ann"], [BOB]], False, ("ann", "bob"), [["ann"], ["bob"]]),
        ([[ANN, BOB]], False, ("cy", "bob"), [[ANN, "bob"]]),
        ([["h:ann"]], True, (), [[DIGEST("h:ann")]]),
        ([["h:ann", ANN[:-1]]], False, ("ann",), [["h:ann", ANN[:-1]]]),
    ],
    ids=["hashed", "clear", "a digest of nobody", "like a digest", "like a digest, clear"],
)
def test_everybody_has_the_name_in_force(
    held: list[list[str]], hashed: bool, people: tuple[str, ...], expected: list[list[str]]
) -> None:
    found = with_labels(of(*held), hashed=hashed, people=people)
    assert names(found) == expected
    keys = [list(task.targets.values()) for task in of(*held).pushes["promo"].tasks]
    assert [list(task.targets.values()) for task in found.pushes["promo"].tasks] == keys


@pytest.mark.parametrize(
    ("held", "hashed"), [(["ann"], False), ([ANN], True), ([ANN], False), ([], True)]
)
def test_a_state_that_has_those_names_is_returned_as_it_is(held: list[str], hashed: bool) -> None:
    found = of(held)
    assert with_labels(found, hashed=hashed, people=("bob",)) is found
