"""The models have the fields, the words and the required fields of the schema."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator
from typing import Any

import pytest
from msgspec import structs

from pushctl import schemas
from pushctl.manifest.schema.fields import Model
from pushctl.manifest.schema.models import Manifest, PushEntry
from tests.unit.manifest.schema.test_validate import followed

SCHEMA = schemas.manifest()
RESOLVED_BEFORE = {
    *("vars", "defaults", "environments", "extends", "include", "pushes", "for_each"),
}
ANY_WORD = {"manifest.version", "push.schedule.every"}
"""Fields whose words only the schema knows."""


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


def models(annotation: Any) -> list[type[Model]]:
    return [
        part for part in members(annotation) if isinstance(part, type) and issubclass(part, Model)
    ]


def literals(annotation: Any) -> set[Any]:
    found: set[Any] = set()
    for part in members(annotation):
        if typing.get_origin(part) is typing.Literal:
            found |= set(typing.get_args(part))
    return found


def compare(model: type[Model], node: dict[str, Any], path: str) -> Iterator[str]:
    fields = {field.encode_name: field.name for field in structs.fields(model)}
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
        python = fields[name]
        inner = models(hints[python])
        below = objects(value)
        if bool(inner) != (below is not None):
            yield f"{path}.{name}: only one of both is a map"
        elif inner and below is not None:
            yield from compare(inner[0], below, f"{path}.{name}")
        elif f"{path}.{name}" not in ANY_WORD and literals(hints[python]) != words(value):
            yield f"{path}.{name}: {literals(hints[python])} != {words(value)}"


def required(model: type[Model]) -> set[str]:
    return {field.encode_name for field in structs.fields(model) if field.required}


@pytest.mark.parametrize(
    ("model", "definition", "path"), [(PushEntry, "push", "push"), (Manifest, "file", "manifest")]
)
def test_schema_and_model_have_the_same_fields_and_words(
    model: type[Model], definition: str, path: str
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
