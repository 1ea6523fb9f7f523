"""One of each kind is shown before a second of any."""

from __future__ import annotations

from pushctl.render.view.truncation import by_kind, parted


def test_the_first_of_each_kind_comes_first() -> None:
    assert by_kind(["a1", "a2", "b1", "a3", "b2"], lambda name: name[0]) == [
        "a1", "b1", "a2", "a3", "b2",
    ]  # fmt: skip


def test_what_is_chosen_and_what_is_left_keep_their_order() -> None:
    names = ["a1", "a2", "a3", "b1"]
    assert parted(names, 2, lambda name: name[0]) == (["a1", "b1"], ["a2", "a3"])
    assert parted(names, 9, lambda name: name[0]) == (names, [])
    assert parted(names, 0, lambda name: name[0]) == ([], names)
