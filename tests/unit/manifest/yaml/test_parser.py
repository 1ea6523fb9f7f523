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


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r'"Sale \ud83d\ude00!"', "Sale 😀!"),
        (r'"\uD83D\uDE00\uD83D\uDE01"', "😀😁"),
        (r'"\\ud83d\\ude00"', r"\ud83d\ude00"),
        (r'"\\\ud83d\ude00"', r"\😀"),
        (r"'\ud83d\ude00'", r"\ud83d\ude00"),
        (r"\ud83d\ude00", r"\ud83d\ude00"),
        (r'"\U0001F600"', "😀"),
    ],
)
def test_a_pair_of_surrogates_is_one_character(text: str, value: str) -> None:
    for next_event in parser.parsers(f"{{a: {text}, {text}: 1}}"):
        found = scalars(next_event)
        assert [item[0] for item in found] == ["a", value, value, "1"]
        assert found[1][1:] == (4, 4 + len(text))


@pytest.mark.parametrize(
    "text", [r'"\ud83d"', r'"\\ud83d\ude00"', r'"a \ude00\ud83d"', r'"\ud83d \ude00"']
)
def test_half_of_a_pair_is_refused(text: str) -> None:
    for next_event in parser.parsers(f"a: {text}"):
        with pytest.raises(parser.ERRORS) as raised:
            scalars(next_event)
        assert parser.HALF_A_PAIR in parser.problem_of(raised.value).problem


def test_a_problem_has_its_offsets() -> None:
    (quick, portable) = parser.parsers("a: [b\nc: d\n")
    for next_event in (quick, portable):
        with pytest.raises(parser.ERRORS) as raised:
            scalars(next_event)
        problem = parser.problem_of(raised.value)
        assert (problem.context_at, problem.undecided) == (3, True)
        assert problem.at > 3
