"""The examples are good for other tools too: plain YAML, valid by the published schema."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "schemas" / "manifest.schema.json").read_text("utf-8"))
MANIFESTS = sorted((ROOT / "examples").rglob("pushctl.yaml"))


@pytest.mark.parametrize("path", MANIFESTS, ids=[path.parent.name for path in MANIFESTS])
def test_an_example_fits_the_schema_after_plain_loading(path: Path) -> None:
    data = YAML(typ="safe", pure=True).load(path.read_text("utf-8"))
    validator = jsonschema.Draft202012Validator(SCHEMA)
    assert [error.message for error in validator.iter_errors(data)] == []


def test_the_published_schemas_are_schemas() -> None:
    for path in (ROOT / "schemas").glob("*.json"):
        jsonschema.Draft202012Validator.check_schema(json.loads(path.read_text("utf-8")))
