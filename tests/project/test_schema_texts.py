"""What editors show of the schema: every field has words and an example, and they are good ones."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from pushctl.cli.ci.templates import template
from pushctl.cli.global_options import MANIFEST

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "schemas" / "manifest.schema.json").read_text("utf-8"))
DEFINITIONS = SCHEMA["$defs"]
REPEATED = ("complete", "complete_push", "complete_schedule", "included")
"""Definitions that only add conditions to fields that are described elsewhere."""


def fields(node: Any, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(node, dict):
        for name, part in node.get("properties", {}).items():
            if isinstance(part, dict):
                yield f"{path}.{name}", part
        for key, inner in node.items():
            yield from fields(inner, path if key in ("anyOf", "properties") else f"{path}/{key}")
    elif isinstance(node, list):
        for inner in node:
            yield from fields(inner, path)


def described(part: dict[str, Any], key: str) -> Any:
    """Return a text of a field, or of the one definition that it stands for."""
    while key not in part:
        choices = [item for item in part.get("anyOf", ()) if item != {"type": "null"}]
        target = part.get("$ref") or (choices[0].get("$ref") if len(choices) == 1 else None)
        if target is None:
            return None
        part = SCHEMA
        for step in target.removeprefix("#/").split("/"):
            part = part[step]
    return part[key]


FIELDS = [
    (path, part)
    for name, definition in DEFINITIONS.items()
    if name not in REPEATED
    for path, part in fields(definition, name)
]


@pytest.mark.parametrize(("path", "part"), FIELDS, ids=[path for path, _ in FIELDS])
def test_every_field_has_words_and_an_example(path: str, part: dict[str, Any]) -> None:
    words = described(part, "description")
    assert words, path
    assert words[0] == words[0].upper() or words.startswith(("false ", "true ", "iOS ", "vivo")), (
        words
    )
    assert words.endswith("."), words
    assert "  " not in words
    assert not re.search(r"\b(TODO|etc|simply|just|please note)\b", words), words
    assert described(part, "examples"), path


@pytest.mark.parametrize(("path", "part"), FIELDS, ids=[path for path, _ in FIELDS])
def test_every_example_fits_its_own_field(path: str, part: dict[str, Any]) -> None:
    validator = jsonschema.Draft202012Validator({"$defs": DEFINITIONS, **part})
    for example in described(part, "examples") or ():
        assert [error.message for error in validator.iter_errors(example)] == [], example


def manifests() -> list[Path]:
    found = [*(ROOT / "examples").rglob("*.yaml"), *(ROOT / "examples").rglob("*.yml")]
    return sorted(path for path in found if not any(part.startswith(".") for part in path.parts))


@pytest.mark.parametrize("path", manifests(), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_editor_underlines_an_example(path: Path) -> None:
    """Included files and environments are shown with the same schema as the manifest itself."""
    if path.parent.name == "environments" and path.name != "pushctl.yaml":
        schema = {"$defs": DEFINITIONS, "$ref": "#/$defs/environment"}
    elif path.name == "policy.yaml":
        schema = {"$defs": DEFINITIONS, "$ref": "#/$defs/shared"}
    else:
        schema = SCHEMA
    data = YAML(typ="safe", pure=True).load(path.read_text("utf-8"))
    errors = jsonschema.Draft202012Validator(schema).iter_errors(data)
    assert [error.message for error in errors] == []


@pytest.mark.parametrize(
    "path", sorted((ROOT / "examples").glob("*/pushctl.yaml")), ids=lambda path: path.parent.name
)
def test_every_example_names_the_schema(path: Path) -> None:
    first = path.read_text("utf-8").split("\n", 1)[0]
    found = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
    assert found is not None
    assert (path.parent / found[1]).resolve() == ROOT / "schemas" / "manifest.schema.json"


def test_what_init_writes_names_the_schema_and_is_laid_out() -> None:
    from pushctl.manifest.format.formatter import format_file

    starter = template("pushctl.yaml")
    assert starter.startswith("# yaml-language-server: $schema=./manifest.schema.json\n")
    assert format_file("pushctl.yaml", starter.encode()).content == starter.encode()


def test_the_entry_for_the_schema_store_names_the_schema_by_its_id() -> None:
    entry = json.loads((ROOT / "docs" / "schemastore.json").read_text("utf-8"))
    assert entry["url"] == SCHEMA["$id"]
    assert entry["fileMatch"] == [MANIFEST]
    assert set(entry) == {"name", "description", "fileMatch", "url"}


def test_every_field_of_the_policy_can_be_locked() -> None:
    fields = list(DEFINITIONS["policy"]["properties"])
    assert DEFINITIONS["shared"]["properties"]["locked"]["items"]["enum"] == fields
