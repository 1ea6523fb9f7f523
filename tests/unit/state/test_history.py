"""Whether the apply that made the newest tasks is known to have gone to its end."""

from __future__ import annotations

import pytest

from pushctl.state.history import Entry, is_whole, newest
from pushctl.state.state import Phase, State
from tests import builders
from tests.builders import desired, people, recorded, task

AT = 1_796_086_800


def state(*begun: int, gone: int = 0) -> State:
    push = desired(targets=people(5))
    live = [task(push, chunk=index, began_at=at) for index, at in enumerate(begun)]
    over = [
        task(push, chunk=100 + index, phase=Phase.SENT, began_at=AT + 99) for index in range(gone)
    ]
    return builders.state({push.id: recorded(push, *live, *over)})


def line(made: tuple[int, int] | None, exit: int = 0) -> Entry:
    return Entry("2026-12-01T01:00:00Z", "lin", "host", "apply", exit=exit, made=made)


def test_only_what_is_scheduled_counts() -> None:
    assert newest(state()) == (0, 0)
    assert newest(state(AT, AT + 5, AT + 5, gone=2)) == (AT + 5, 2)


@pytest.mark.parametrize(
    ("begun", "entries", "whole"),
    [
        ((AT, AT), [line((AT, 2))], True),
        ((AT,), [line((AT, 2))], True),
        ((AT, AT, AT), [line((AT, 2))], False),
        ((AT, AT + 1), [line((AT, 1))], False),
        ((AT, AT), [line((AT, 2), exit=4)], False),
        ((AT, AT), [line((AT, 2), exit=4), line((AT, 2))], True),
        ((AT, AT), [line((AT, 2)), line(None)], True),
        ((AT, AT), [line(None)], False),
        ((AT, AT), [], False),
    ],
    ids=[
        "as it was left",
        "one was delivered since",
        "one more at the same moment, by an apply that left no line",
        "one more later",
        "the apply failed",
        "failed, and completed",
        "something else since",
        "a line of an earlier version",
        "no history",
    ],
)
def test_an_apply_is_known_to_be_whole(
    begun: tuple[int, ...], entries: list[Entry], whole: bool
) -> None:
    assert is_whole(state(*begun), entries) is whole
