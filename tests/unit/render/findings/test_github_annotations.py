"""An annotation is one workflow command, whatever a finding says."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import replace

from pushctl.diagnostics import Position, Severity
from pushctl.render.findings import github_annotations
from tests.security.hostile import TEXTS, invisible
from tests.unit.render.findings.examples import FINDING, PLACE, hostile, numbered


def test_an_annotation_says_where_what_and_what_to_type() -> None:
    assert github_annotations.commands([FINDING]) == (
        "::error file=marketing/pushctl.yaml,line=7,endLine=7,col=5,endColumn=31,"
        "title=PSH301 The title is too long for vivo::It has 42 of 40 units.%0Afix: shorten it\n"
    )


def test_a_place_of_several_lines_has_no_columns() -> None:
    item = replace(FINDING, range=replace(PLACE, end=Position(9, 2)))
    said = github_annotations.commands([item])
    assert "line=7,endLine=9,title=" in said


def test_a_finding_without_a_place_is_an_annotation_without_a_file() -> None:
    said = github_annotations.commands([replace(FINDING, range=None, fix=None)])
    assert said.startswith("::error title=PSH301 The title")
    assert said.endswith("::It has 42 of 40 units.\n")


def test_errors_come_before_warnings_whatever_the_order() -> None:
    items = [*numbered(1, Severity.INFO), *numbered(1, Severity.WARNING), *numbered(1)]
    kinds = re.findall(r"^::(\w+) ", github_annotations.commands(items), re.MULTILINE)
    assert kinds == ["error", "warning", "notice"]


def test_ten_of_a_kind_are_annotations_and_the_rest_is_told() -> None:
    said = github_annotations.commands([*numbered(47), *numbered(3, Severity.WARNING)])
    assert len(re.findall("^::error ", said, re.MULTILINE)) == 10
    assert len(re.findall("^::warning ", said, re.MULTILINE)) == 3
    assert "\nand 37 more findings without an annotation:\n" in said
    assert all(f"finding {n}" in said for n in range(20))
    assert "\n… and 27 more like it (PSH301)\n" in said


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_a_finding_is_one_command_whatever_it_says(name: str) -> None:
    said = github_annotations.commands([hostile(TEXTS[name])])
    assert said.count("\n") == 1
    head, _, message = said.removeprefix("::error ").partition("::")
    properties = dict(part.split("=", 1) for part in head.split(","))
    assert list(properties) == ["file", "line", "endLine", "col", "endColumn", "title"]
    assert "\n" not in message.rstrip("\n")
    assert invisible(said) == []
