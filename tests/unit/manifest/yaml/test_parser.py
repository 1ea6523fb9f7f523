"""Both parsers give the same events at the same offsets, in spite of the stand-ins."""

from __future__ import annotations

import pytest

from pushctl.manifest.yaml import parser
from pushctl.manifest.yaml.parser import events


def scalars(next_event: parser.NextEvent) -> list[tuple[str, int, int]]:
    found = []
    while not isinstance(event := next_event(), events.StreamEndEvent):
        if isinstance(event, events.ScalarEvent):
            place = event.start_mark.index, event.end_mark.index
            found.append((parser.value_of(event), *place))
    return found


@pytest.mark.parametrize(
    "text", ["a: [20:00, really?]\n", "a: {b: x?y, c: 'd:e'}\n", "a: x\x85y\u2028z\u2029\n"]
)
def test_both_parsers_read_the_same(text: str) -> None:
    quick, portable = map(scalars, parser.parsers(text))
    assert quick == portable
    assert all(value in text for value, _, _ in quick)


def test_a_problem_has_its_offsets() -> None:
    (quick, portable) = parser.parsers("a: [b\nc: d\n")
    for next_event in (quick, portable):
        with pytest.raises(parser.ERRORS) as raised:
            scalars(next_event)
        problem = parser.problem_of(raised.value)
        assert (problem.context_at, problem.undecided) == (3, True)
        assert problem.at > 3
