"""One field that is wrong hides nothing that is wrong with the others, and makes nothing up."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pushctl.lint.runner import linted
from pushctl.manifest.compile import compile_manifest
from pushctl.manifest.read import read_manifest
from tests.unit.lint.found import ENTRY, HEAD, NOW

LATE = {
    "labels": {"class": "marketing"},
    "schedule": {"at": "2026-12-24T23:30"},
    "vendors": {"vivo": {"class": "operational"}},
}


def found(folder: Path, entry: dict[str, Any]) -> set[str]:
    text = json.dumps({**HEAD, "pushes": {"sale": {**ENTRY, **entry}}}, ensure_ascii=False)
    (folder / "pushctl.yaml").write_text(text, "utf-8")
    reading = read_manifest(folder)
    assert [push.id for push in reading.sketches] == ["sale"]
    compiled = compile_manifest(reading, now=NOW)
    none: frozenset[str] = frozenset()
    items = linted(reading, compiled, now=NOW, recorded=none, label=str)
    assert all(item.push == "sale" for item in items)
    return {item.code for item in items}


LEFT = {"title": "Dear {{name}}", "body": "Very long. " * 20}


@pytest.mark.parametrize(
    ("entry", "codes"),
    [
        ({"message": LEFT, "expires_aftr": "1h"}, {"PSH301", "PSH302", "PSH303", "PSH312"}),
        ({"message": LEFT, "too": {}, "to": {"users": 1}}, {"PSH312"}),
        ({"message": {**LEFT, "titel": "x"}}, set()),
        ({"message": {**LEFT, "silent": 3}}, set()),
        ({"owner": None, "x": 1}, {"PSH801"}),
        ({"owner": 1}, set()),
        ({"owner": None, "onwer": "crm@acme.example"}, set()),
        ({"schedule": {"att": "x"}}, set()),
        ({**LATE, "expires_aftr": "1h"}, set()),
        ({**LATE, "vendors": {"vivo": {"class": "x"}}}, set()),
        ({**LATE, "vendors": {}, "x": 1}, {"PSH321"}),
        ({**LATE, "vendors": {}, "x": 1, "enabled": False}, set()),
        ({"description": "LTAI5tAbCdEfGhIjKl", "to": 1}, {"PSH808"}),
    ],
)  # fmt: skip
def test_what_is_found_beside_a_wrong_field(
    entry: dict[str, Any], codes: set[str], tmp_path: Path
) -> None:
    assert found(tmp_path, entry) == codes
