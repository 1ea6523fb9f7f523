"""The schema and the model are the same language, and the schema explains all of itself."""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from pushctl import schemas
from pushctl.manifest.schema import validate as checking
from pushctl.manifest.schema.models import Manifest, PushEntry, parsed
from pushctl.manifest.schema.validate import Kind

SCHEMA: dict[str, Any] = json.loads(schemas.read("manifest"))
RESOLVED_BEFORE = {"vars", "defaults", "environments", "include", "pushes", "for_each"}


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


def objects(node: dict[str, Any]) -> dict[str, Any] | None:
    """Return the schema of the map that a field may be, if it may be one with fixed fields."""
    node = followed(node)
    if "properties" in node and node.get("type") == "object":
        return node
    inside = (objects(node[key]) for key in ("then", "else", "items") if key in node)
    return next((found for found in inside if found is not None), None)


def words(node: dict[str, Any]) -> set[Any]:
    """Return all words that a field may be."""
    node = followed(node)
    found = set(node.get("enum", [])) | ({node["const"]} if "const" in node else set())
    for key in ("then", "else", "items"):
        if key in node:
            found |= words(node[key])
    return found


def members(annotation: Any) -> Iterator[Any]:
    origin = typing.get_origin(annotation)
    if origin in (typing.Union, types.UnionType, tuple, typing.Annotated):
        for part in typing.get_args(annotation):
            if part is not Ellipsis:
                yield from members(part)
    else:
        yield annotation


def models(annotation: Any) -> list[type[BaseModel]]:
    return [
        part
        for part in members(annotation)
        if isinstance(part, type) and issubclass(part, BaseModel)
    ]


def literals(annotation: Any) -> set[Any]:
    found: set[Any] = set()
    for part in members(annotation):
        if typing.get_origin(part) is typing.Literal:
            found |= set(typing.get_args(part))
    return found


def compare(model: type[BaseModel], node: dict[str, Any], path: str) -> Iterator[str]:
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    properties = dict(node["properties"])
    if path in ("push", "manifest"):
        properties = {k: v for k, v in properties.items() if k not in RESOLVED_BEFORE}
    yield (
        f"{path}: {sorted(set(fields) ^ set(properties))}" if set(fields) ^ set(properties) else ""
    )
    hints = typing.get_type_hints(model, include_extras=True)
    for name, value in properties.items():
        if name not in fields:
            continue
        python = next(key for key, field in model.model_fields.items() if field is fields[name])
        inner = models(hints[python])
        below = objects(value)
        if bool(inner) != (below is not None):
            yield f"{path}.{name}: only one of both is a map"
        elif inner and below is not None:
            yield from compare(inner[0], below, f"{path}.{name}")
        elif literals(hints[python]) != words(value):
            yield f"{path}.{name}: {literals(hints[python])} != {words(value)}"


def required(model: type[BaseModel]) -> set[str]:
    return {
        field.alias or name for name, field in model.model_fields.items() if field.is_required()
    }


@pytest.mark.parametrize(
    ("model", "definition", "path"), [(PushEntry, "push", "push"), (Manifest, "file", "manifest")]
)
def test_schema_and_model_have_the_same_fields_and_words(
    model: type[BaseModel], definition: str, path: str
) -> None:
    assert [line for line in compare(model, SCHEMA["$defs"][definition], path) if line] == []


def test_schema_and_model_require_the_same_fields() -> None:
    complete = SCHEMA["$defs"]["complete_push"]
    hints = typing.get_type_hints(PushEntry, include_extras=True)
    assert required(PushEntry) == set(complete["required"])
    for name in ("message", "sms", "live_activity"):
        (inner,) = models(hints[name])
        node = complete["properties"][name]
        wanted = node.get("required") or node["then"]["required"]
        assert required(inner) == set(wanted), name
    assert required(Manifest) == set(SCHEMA["$defs"]["complete"]["required"])
    (app,) = models(typing.get_type_hints(Manifest, include_extras=True)["app"])
    assert required(app) == set(SCHEMA["$defs"]["complete"]["properties"]["app"]["required"])
    for name in ("moved", "removed", "adopt"):
        (inner,) = models(typing.get_type_hints(Manifest, include_extras=True)[name])
        node = objects(SCHEMA["$defs"]["file"]["properties"][name])
        assert node is not None
        assert required(inner) == set(node["required"]), name
    (allow,) = models(hints["allow"])
    node = objects(SCHEMA["$defs"]["push"]["properties"]["allow"])
    assert node is not None
    assert required(allow) == set(node["required"])


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
    fast = checking.accepts(Kind.PUSH, good), checking.accepts(Kind.PUSH, bad)
    monkeypatch.setattr(checking, "_fast", lambda kind: None)
    assert fast == (checking.accepts(Kind.PUSH, good), checking.accepts(Kind.PUSH, bad))
    assert fast == (True, False)
    assert parsed(PushEntry, good) is not None
    assert parsed(PushEntry, bad) is None
