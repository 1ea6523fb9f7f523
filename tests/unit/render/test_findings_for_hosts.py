"""What code hosts get: in their own format, with nothing in a finding that they would obey."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as SarifLog

from pushctl.diagnostics import Diagnostic, Position, Range, Severity
from pushctl.lint.registry import rule
from pushctl.render import json_output
from pushctl.render.findings import github_annotations, gitlab_code_quality, sarif
from pushctl.render.findings.fingerprint import fingerprints
from tests.security.hostile import TEXTS, invisible

PLACE = Range("marketing/pushctl.yaml", Position(7, 5), Position(7, 32))
FINDING = Diagnostic(
    Severity.ERROR,
    "PSH301",
    "The title is too long for vivo",
    "It has 42 of 40 units.",
    PLACE,
    fix="shorten it",
    push="sale",
)


def numbered(number: int, severity: Severity = Severity.ERROR) -> list[Diagnostic]:
    return [replace(FINDING, severity=severity, detail=f"finding {n}") for n in range(number)]


def hostile(text: str) -> Diagnostic:
    return replace(
        FINDING,
        summary=text,
        detail=text,
        fix=text,
        push=text,
        range=replace(PLACE, filename=text),
    )


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
    assert all(f"finding {n}" in said for n in range(47))


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_a_finding_is_one_command_whatever_it_says(name: str) -> None:
    said = github_annotations.commands([hostile(TEXTS[name])])
    assert said.count("\n") == 1
    head, _, message = said.removeprefix("::error ").partition("::")
    properties = dict(part.split("=", 1) for part in head.split(","))
    assert list(properties) == ["file", "line", "endLine", "col", "endColumn", "title"]
    assert "\n" not in message.rstrip("\n")
    assert invisible(said) == []


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


def test_code_quality_has_what_gitlab_asks_for() -> None:
    (item,) = gitlab_code_quality.document([FINDING], manifest="pushctl.yaml")
    mark = item.pop("fingerprint")
    assert re.fullmatch("[0-9a-f]{64}", mark)
    assert item == {
        "description": "PSH301 The title is too long for vivo. It has 42 of 40 units. "
        "fix: shorten it",
        "check_name": "pushctl/PSH301",
        "severity": "critical",
        "location": {"path": "marketing/pushctl.yaml", "lines": {"begin": 7, "end": 7}},
    }


def test_a_finding_without_a_place_is_put_on_the_manifest() -> None:
    item = replace(FINDING, range=None)
    (told,) = gitlab_code_quality.document([item], manifest="mk/pushctl.yaml")
    assert told["location"] == {"path": "mk/pushctl.yaml", "lines": {"begin": 1}}
    log = sarif.document([item], version="1.0.0", manifest="mk/pushctl.yaml")
    (result,) = log["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "mk/pushctl.yaml"},
        "region": {"startLine": 1},
    }


def test_sarif_is_what_its_schema_says() -> None:
    items = [
        FINDING,
        replace(FINDING, code="PSH205", severity=Severity.WARNING, range=None),
        *map(hostile, TEXTS.values()),
    ]
    text = json_output.text(sarif.document(items, version="1.0.0", manifest="pushctl.yaml"))
    log = SarifLog.model_validate_json(text)
    assert log.runs[0].results is not None
    assert len(log.runs[0].results) == len(items)


def test_sarif_names_the_rule_the_place_and_the_fingerprint() -> None:
    log = sarif.document([FINDING], version="1.0.0", manifest="pushctl.yaml")
    run = log["runs"][0]
    (rule,), (result,) = run["tool"]["driver"]["rules"], run["results"]
    assert rule["id"] == "PSH301"
    assert rule["defaultConfiguration"] == {"level": "error"}
    assert result["level"] == "error"
    assert result["ruleIndex"] == 0
    assert result["partialFingerprints"] == {"pushctl/v1": fingerprints([FINDING])[0]}
    assert result["locations"][0]["physicalLocation"]["region"] == {
        "startLine": 7,
        "startColumn": 5,
        "endLine": 7,
        "endColumn": 32,
    }


def test_sarif_says_of_a_rule_what_the_catalogue_says() -> None:
    log = sarif.document([FINDING, replace(FINDING, code="ACME001")], version="1.0.0", manifest="m")
    known, unknown = log["runs"][0]["tool"]["driver"]["rules"]
    page = rule("PSH301")
    assert page is not None
    assert known["shortDescription"] == {"text": page.title}
    assert known["fullDescription"] == {"text": page.why}
    assert page.fix in known["help"]["text"]
    assert unknown["shortDescription"] == {"text": FINDING.summary}
    assert "help" not in unknown


def test_sarif_keeps_the_most_severe_where_there_are_too_many() -> None:
    items = [*numbered(4999, Severity.INFO), *numbered(2, Severity.WARNING), *numbered(1)]
    (run,) = sarif.document(items, version="1.0.0", manifest="pushctl.yaml")["runs"]
    levels = [result["level"] for result in run["results"]]
    assert len(levels) == 5000
    assert levels[:4] == ["error", "warning", "warning", "note"]
    assert run["properties"] == {"findings": 5002}


def test_sarif_makes_no_link_of_a_title() -> None:
    item = replace(FINDING, detail="[a](javascript:alert(1))", fix=None)
    (run,) = sarif.document([item], version="1.0.0", manifest="pushctl.yaml")["runs"]
    assert run["results"][0]["message"]["text"] == r"\[a](javascript:alert(1))"


@pytest.mark.parametrize(
    "render",
    [
        lambda item: gitlab_code_quality.document([item], manifest="m"),
        lambda item: sarif.document([item], version="1.0.0", manifest="m"),
    ],
)
@pytest.mark.parametrize("name", sorted(TEXTS))
def test_documents_hide_nothing_from_their_readers(
    render: Callable[[Diagnostic], object], name: str
) -> None:
    text = json_output.text(render(hostile(TEXTS[name])))
    json.loads(text)
    assert invisible(text) == []
