"""A finding keeps its fingerprint when lines move."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from pushctl.diagnostics import Diagnostic, Position, Range
from pushctl.render.findings.fingerprint import fingerprints
from tests.unit.render.findings.examples import FINDING, PLACE


def test_fingerprints_survive_new_lines_above() -> None:
    moved = replace(FINDING, range=Range(PLACE.filename, Position(70, 1), Position(70, 9)))
    assert fingerprints([FINDING]) == fingerprints([moved])


@pytest.mark.parametrize(
    "other",
    [
        replace(FINDING, push="other"),
        replace(FINDING, code="PSH302"),
        replace(FINDING, detail="It has 43 of 40 units."),
        replace(FINDING, range=replace(PLACE, filename="other.yaml")),
    ],
)
def test_fingerprints_tell_findings_apart(other: Diagnostic) -> None:
    assert len(set(fingerprints([FINDING, other]))) == 2


def test_equal_findings_in_two_places_have_two_fingerprints() -> None:
    lower = replace(FINDING, range=replace(PLACE, start=Position(9, 1), end=Position(9, 2)))
    assert len(set(fingerprints([FINDING, lower]))) == 2
    assert fingerprints([FINDING, lower])[0] == fingerprints([FINDING])[0]
