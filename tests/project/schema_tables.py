"""Tables of the fields that a JSON Schema describes, one for each object."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
DEEPEST = 8


def read(name: str) -> Any:
    return json.loads((ROOT / "schemas" / f"{name}.schema.json").read_text("utf-8"))


class Tables:
    """The objects of a schema, by their paths."""

    def __init__(self, schema: Any, closed: tuple[str, ...] = ()) -> None:
        self.schema, self.closed = schema, closed

    def resolved(self, schema: Any) -> dict[str, Any]:
        """Follow references and pick what is not merely "not known yet"."""
        merged: dict[str, Any] = {}
        while isinstance(schema, dict):
            merged = {**schema, **merged}
            choices = [item for item in schema.get("anyOf", ()) if item != {"$ref": "#/$defs/open"}]
            if "$ref" in schema:
                schema = self.pointed_at(schema["$ref"])
            elif len(choices) == 1:
                schema = choices[0]
            else:
                objects = map(self.resolved, choices)
                nested = next((item for item in objects if "properties" in item), {})
                return {**nested, **merged}
        return merged

    def pointed_at(self, reference: str) -> Any:
        found = self.schema
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]
        return found

    def objects(self, schema: Any, path: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
        """Yield each object's path and its fields, from the outside in."""
        found = self.resolved(schema)
        if depth > DEEPEST or path in self.closed:
            return
        fields = {name: self.resolved(part) for name, part in found.get("properties", {}).items()}
        if fields:
            yield path, fields
        for name, part in fields.items():
            yield from self.objects(part, f"{path}.{name}".lstrip("."), depth + 1)
        yield from self.objects(found.get("items"), f"{path}[]", depth + 1)
        key = "ID" if path == "pushes" else "KEY"
        for other in (
            found.get("additionalProperties"),
            *found.get("patternProperties", {}).values(),
        ):
            yield from self.objects(other, f"{path}.{key}", depth + 1)


def cell(text: str) -> str:
    return text.replace("|", "\\|")


def table(heads: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> list[str]:
    lines = ["| " + " | ".join(heads) + " |", "| " + " | ".join("---" for _ in heads) + " |"]
    return [*lines, *("| " + " | ".join(map(cell, row)) + " |" for row in rows)]
