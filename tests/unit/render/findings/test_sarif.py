"""The log is what its schema says, and hides nothing."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from msgspec.structs import replace
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as SarifLog

from pushctl.diagnostics import Diagnostic, Severity
from pushctl.lint.registry import rule
from pushctl.render import json_output
from pushctl.render.findings import gitlab_code_quality, sarif
from pushctl.render.findings.fingerprint import fingerprints
from tests.security.hostile import TEXTS, invisible
from tests.unit.render.findings.examples import FINDING, hostile, numbered


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
