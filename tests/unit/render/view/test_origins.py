"""Where a change comes from, in words."""

from __future__ import annotations

import pytest

from pushctl.diagnostics import EditedLine
from pushctl.plan.origin import Cause, Origin
from pushctl.render.view.origins import document, sentence

LINES = tuple(EditedLine("x.yaml", number) for number in range(1, 6))


def test_every_cause_has_a_sentence() -> None:
    seen = {sentence(Origin(cause, (EditedLine("x.yaml", 3),))) for cause in Cause}
    assert len(seen) == len(Cause) - 1  # what is in a file of the entry is edited too
    assert document(Origin(Cause.FILE, (EditedLine("x.csv", part="audience"),))) == {
        "cause": "file",
        "lines": [
            {"file": "x.csv", "first": None, "last": None, "part": "audience", "former": False}
        ],
    }


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (LINES[:1], "edited: x.yaml:1"),
        (LINES[:3], "edited: x.yaml:1, x.yaml:2, x.yaml:3"),
        (LINES, "edited: x.yaml:1, x.yaml:2, x.yaml:3 and 2 more"),
        ((EditedLine("x.yaml", 9, "defaults"),), "edited: x.yaml:9 (defaults)"),
    ],
)
def test_three_places_are_named(lines: tuple[EditedLine, ...], said: str) -> None:
    assert sentence(Origin(Cause.EDITED, lines)) == said


def test_what_came_from_nowhere_in_particular_came_from_other_lines() -> None:
    assert sentence(Origin(Cause.INDIRECT)) == "not edited itself; through other lines"


def test_the_document_has_every_line() -> None:
    gone = EditedLine("x.yaml", 9, former=True)
    lines = document(Origin(Cause.EDITED, (*LINES, gone)))["lines"]
    assert [line["first"] for line in lines] == [1, 2, 3, 4, 5, 9]
    assert lines[-1] == {
        "file": "x.yaml",
        "first": 9,
        "last": 9,
        "part": None,
        "former": True,
    }
