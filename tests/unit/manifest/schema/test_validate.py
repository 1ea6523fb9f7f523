"""The schema explains all of itself, and both validators give the same answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pushctl import schemas
from pushctl.manifest.schema import validate
from pushctl.manifest.schema.fields import decode
from pushctl.manifest.schema.models import Manifest
from pushctl.manifest.schema.validate import Kind

SCHEMA = schemas.manifest()


def nodes(value: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(value, dict):
        yield path, value
        for key, inner in value.items():
            if key not in ("examples", "defaultSnippets", "enum", "const", "default"):
                yield from nodes(inner, f"{path}/{key}")
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from nodes(inner, f"{path}/{at}")


def followed(node: dict[str, Any]) -> dict[str, Any]:
    """Follow references and the first alternative to the schema that is meant."""
    while True:
        if "$ref" in node:
            inner: Any = SCHEMA
            for part in node["$ref"].removeprefix("#/").split("/"):
                inner = inner[part]
            node = inner
        elif "anyOf" in node:
            node = node["anyOf"][0]
        else:
            return node


def test_every_field_has_a_description_and_examples() -> None:
    for path, node in nodes(SCHEMA):
        if node.get("type") != "object" or "complete" in path:
            continue
        for name, value in node.get("properties", {}).items():
            described = value
            if set(value) == {"$ref"}:
                described = followed(value) if "/properties/" not in value["$ref"] else {}
                for part in value["$ref"].removeprefix("#/").split("/"):
                    described = described.get(part, SCHEMA.get(part, {}))
            if "anyOf" in value and set(value) == {"anyOf"}:
                continue
            assert described.get("description"), f"{path}/{name}"
            assert described.get("examples"), f"{path}/{name}"


def test_examples_of_the_schema_fit_their_own_field() -> None:
    import jsonschema

    for path, node in nodes(SCHEMA):
        for example in node.get("examples", []):
            part = {**{k: v for k, v in node.items() if k != "examples"}, "$defs": SCHEMA["$defs"]}
            errors = list(jsonschema.Draft202012Validator(part).iter_errors(example))
            assert not errors, (path, example, errors)


def test_every_pattern_has_its_sentence_beside_it() -> None:
    for path, node in nodes(SCHEMA):
        asked = path.endswith(("/open/anyOf/1", "/contains"))
        if "pattern" in node and "type" in node and not asked:
            assert node.get("errorMessage"), path


def test_every_map_is_closed_or_says_what_it_holds() -> None:
    for path, node in nodes(SCHEMA):
        if node.get("type") == "object" and "for_each" not in path and not path.endswith("/if"):
            assert "additionalProperties" in node, path
        assert "oneOf" not in node, path


def test_without_the_fast_validator_the_answers_are_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    good = {
        "schedule": {"every": ["mon"], "at": "09:45"},
        "to": {"users": ["a"]},
        "message": {"title": "a", "body": "b"},
    }
    bad = {**good, "via": "mpss"}
    fast = validate.accepts(Kind.PUSH, good), validate.accepts(Kind.PUSH, bad)
    monkeypatch.setattr(validate, "_fast", lambda kind: None)
    assert fast == (validate.accepts(Kind.PUSH, good), validate.accepts(Kind.PUSH, bad))
    assert fast == (True, False)


@pytest.mark.parametrize("limit", [100, 100.0])
def test_a_number_without_a_fraction_is_whole(limit: float) -> None:
    app = {"id": "X", "workspace": "w", "quota": {"limit": limit}}
    data = {"version": 1, "timezone": "Asia/Shanghai", "app": app}
    assert validate.accepts(Kind.MANIFEST, data)
    assert validate._thorough(Kind.MANIFEST).is_valid(data)
    assert str(decode(Manifest, data).app.quota.limit) == "100"


def test_a_file_of_recipients_needs_its_name_everywhere() -> None:
    data = {"version": 1, "timezone": "UTC", "app": {"id": "X", "workspace": "w"}}
    for source, valid in (({"file": "a.csv"}, True), ({"column": "id"}, False)):
        assert validate.accepts(Kind.MANIFEST, {**data, "policy": {"suppressed": source}}) is valid
