"""Numbers agree with their nouns, and long lists are counted."""

from __future__ import annotations

import pytest

from pushctl.text.plural import also, count, listed, named, some


def test_a_number_agrees_with_its_noun() -> None:
    assert count(1, "task") == "1 task"
    assert count(0, "task") == "0 tasks"
    assert count(1200, "push", "pushes") == "1,200 pushes"


@pytest.mark.parametrize(
    ("words", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), ("abc", "a, b and c")]
)
def test_words_are_joined(words: list[str], text: str) -> None:
    assert listed(words) == text


def test_a_long_list_is_counted() -> None:
    assert named("abc") == "a, b and c"
    assert named("abcde") == "a, b, c and 2 more"


def test_the_rest_of_a_list_is_counted() -> None:
    assert some([]) == ""
    assert some(["a", "b", "c"]) == "a, b, c"
    assert some(["a", "b", "c", "d", "e"]) == "a, b, c and 2 more"
    assert some(["a", "b"], "; ") == "a; b"
    assert some(["a", "b", "c", "d"], "; ") == "a; b; c; and 1 more"
    assert some(["a", "b", "c", "d", "e"], shown=4) == "a, b, c, d and 1 more"
    assert some(["a", "b"], "; ", shown=1) == "a; and 1 more"


def test_others_have_a_sentence_of_their_own() -> None:
    assert also(0, "other pushes") == ""
    assert also(1, "other push") == " 1 other push is like that."
    assert also(2, "other pushes") == " 2 other pushes are like that."
