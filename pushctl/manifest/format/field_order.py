"""What the published schema says about a place in a manifest: its fields, in which order.

The order of the schema is that of `docs/manifest.md`, of what editors propose, and of what
`pushctl fmt` writes. Names that people choose, such as those of pushes and
variables, have no order of their own.
"""

from __future__ import annotations

import functools
import operator
from typing import Any

from msgspec import Struct

from pushctl import schemas


class FieldOrder(Struct, frozen=True):
    """What may stand at one place. `fields` are the names that the schema knows, in order."""

    fields: dict[str, int]
    schema: dict[str, Any]

    def below(self, key: str | int) -> FieldOrder:
        """Return the shape of a value inside."""
        if isinstance(key, int):
            return _shape(self.schema.get("items"))
        inner = self.schema.get("properties", {}).get(key)
        if inner is None:
            named = list(self.schema.get("patternProperties", {}).values())
            inner = named[0] if named else self.schema.get("additionalProperties")
        return _shape(inner)

    def rank(self, key: str) -> int:
        """Return the place of a field; names that the schema does not know come last."""
        return self.fields.get(key, len(self.fields))


NOTHING = FieldOrder({}, {})
_KNOWN: dict[int, FieldOrder] = {}


@functools.cache
def of_file(kind: str = "file") -> FieldOrder:
    """Return the shape of a file: the root manifest (`file`), `included` or `environment`."""
    return _shape(schemas.manifest()["$defs"][kind])


def _shape(schema: Any) -> FieldOrder:
    """Return the shape of a part of the schema, which lives as long as the process."""
    if not isinstance(schema, dict):
        return NOTHING
    if id(schema) not in _KNOWN:
        meant = _meant(schema)
        fields = {name: rank for rank, name in enumerate(meant.get("properties", {}))}
        _KNOWN[id(schema)] = FieldOrder(fields, meant)
    return _KNOWN[id(schema)]


def _meant(schema: dict[str, Any]) -> dict[str, Any]:
    """Follow references, and leave out the alternatives that only mean "not known yet"."""
    merged: dict[str, Any] = {}
    at: Any = schema
    while isinstance(at, dict):
        merged = {**at, **merged}
        choices = [item for item in at.get("anyOf", ()) if item.get("$ref") != "#/$defs/open"]
        if "$ref" in at:
            steps = at["$ref"].removeprefix("#/").split("/")
            at = functools.reduce(operator.getitem, steps, schemas.manifest())
        elif "then" in at and "properties" not in merged:
            at = at["then"]
        elif choices:
            maps = (item for item in map(_meant, choices) if "properties" in item)
            at = choices[0] if len(choices) == 1 else next(maps, None)
        else:
            break
    return merged
