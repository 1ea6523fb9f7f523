"""The report has what GitLab asks for."""

from __future__ import annotations

import re

from pushctl.render.findings import gitlab_code_quality
from tests.unit.render.findings.examples import FINDING


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
