"""The published JSON Schemas."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from pushctl import bundled


def read(name: str) -> str:
    """Return the text of a schema: `manifest`, `output`, `plan` or `state`."""
    return bundled.read(f"schemas/{name}.schema.json")


@cache
def manifest() -> dict[str, Any]:
    """Return the schema of the manifest."""
    document: dict[str, Any] = json.loads(read("manifest"))
    return document


def matches(name: str, text: str) -> bool:
    """Tell whether a text has the pattern of a definition of the manifest, such as `date`."""
    return _pattern(name).fullmatch(text) is not None


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(manifest()["$defs"][name]["pattern"])


@cache
def field_names() -> frozenset[str]:
    """Return the names of all fields that a manifest can have, at whatever level."""
    return frozenset(_names(manifest()))


@cache
def push_fields() -> frozenset[str]:
    """Return the names of the fields of a push."""
    return frozenset(manifest()["$defs"]["push"]["properties"])


def _names(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        properties = schema.get("properties")
        yield from properties if isinstance(properties, dict) else ()
    for item in schema.values() if isinstance(schema, dict) else schema:
        if isinstance(item, dict | list):
            yield from _names(item)
