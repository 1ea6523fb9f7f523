"""Stable chunks of at most ten."""

from __future__ import annotations

from pushctl.plan.diff.target_chunks import assign_chunks
from tests.builders import people

FULL = people(10)


def test_assign_opens_chunks_in_order() -> None:
    assert [len(held) for held in assign_chunks(people(23), {}).values()] == [10, 10, 3]


def test_assign_keeps_everybody_in_place() -> None:
    recorded = {3: frozenset(people(4)), 7: frozenset(people(3, "v"))}
    assert assign_chunks([*people(3, "v"), *people(4)], recorded) == {
        3: people(4),
        7: people(3, "v"),
    }


def test_assign_puts_a_newcomer_where_somebody_left() -> None:
    recorded = {0: frozenset(FULL), 1: frozenset(people(5, "v"))}
    found = assign_chunks([*FULL[1:], *people(5, "v"), "new"], recorded)
    assert found == {0: (*FULL[1:], "new"), 1: people(5, "v")}


def test_assign_fills_a_roomy_chunk_before_it_opens_one() -> None:
    assert assign_chunks([*people(5), "new"], {0: frozenset(people(5))}) == {0: (*people(5), "new")}


def test_assign_opens_a_chunk_when_all_are_full() -> None:
    assert assign_chunks([*FULL, "new"], {0: frozenset(FULL)}) == {0: FULL, 1: ("new",)}


def test_assign_gives_whole_chunks_of_newcomers_their_own() -> None:
    found = assign_chunks([*people(5), *people(12, "n")], {0: frozenset(people(5))})
    assert {chunk: len(held) for chunk, held in found.items()} == {0: 7, 1: 10}


def test_assign_never_reuses_the_number_of_an_empty_chunk() -> None:
    found = assign_chunks(people(3, "n"), {0: frozenset(FULL), 1: frozenset(people(2, "v"))})
    assert found == {2: people(3, "n")}


def test_assign_places_a_repeated_target_once() -> None:
    assert assign_chunks(["a", "b", "a"], {}) == {0: ("a", "b")}
