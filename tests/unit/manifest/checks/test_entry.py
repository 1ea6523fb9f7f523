"""What one field says about another."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.manifest.project import HEAD, project


@pytest.mark.parametrize("kind", [None, "url", "intent"])
@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "JavaScript:x", "data:text/html,x", "file:///etc/hosts", "vbscript:x"],
)
def test_what_no_phone_should_open(link: str, kind: str | None, tmp_path: Path) -> None:
    address: Any = link if kind is None else {kind: link}
    message = json.dumps({"title": "A", "body": "B", "open": address})
    text = f"{HEAD}pushes:\n  a:\n    schedule: {{now: true}}\n    to: {{users: [u]}}\n"
    reading = project(tmp_path, {"pushctl.yaml": f"{text}    message: {message}\n"})
    (found,) = reading.diagnostics
    assert (found.code, found.edits) == ("PSH314", ())
    assert "intent" not in str(found.fix)


@pytest.mark.parametrize(
    ("wrong", "example"),
    [
        ("policy: {quiet_hours: {from: '22:00'}}", 'until: "08:00"'),
        ("policy: {quiet_hours: {until: '08:00'}}", 'from: "22:00"'),
        ("policy: {freezes: [{from: 2027-02-05, reason: x}]}", "until: 2027-02-11"),
        ("moved: [{from: a}]", "to: new-id"),
        ("removed: [{}]", "id: flash-sale"),
    ],
)
def test_examples_are_those_of_the_field(wrong: str, example: str, tmp_path: Path) -> None:
    found = project(tmp_path, {"pushctl.yaml": f"{HEAD}{wrong}\n"}).diagnostics
    assert f"add `{example}`" in [item.fix for item in found]
