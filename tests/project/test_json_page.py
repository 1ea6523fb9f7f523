"""The table of JSON outputs is made from their schema."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from pushctl import schemas

PAGE = Path(__file__).parents[2] / "docs" / "json.md"
PART = re.compile(r"(?<=<!-- commands -->\n).*(?=<!-- /commands -->)", re.DOTALL)
OUTPUT = json.loads(schemas.read("output"))


def rows() -> Iterator[str]:
    yield "| command | fields |"
    yield "| --- | --- |"
    for rule in OUTPUT["allOf"]:
        commands = ", ".join(f"`{name}`" for name in rule["if"]["properties"]["command"]["enum"])
        told = OUTPUT["$defs"][unquote(rule["then"]["$ref"].rpartition("/")[2])]
        fields = "; or ".join(", ".join(f"`{name}`" for name in names) for names in shapes(told))
        yield f"| {commands} | {fields} |"


def shapes(schema: Any) -> Iterator[list[str]]:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if name == "plan-1.json":
            plan = json.loads(schemas.read("plan"))["properties"]
            yield [name for name in plan if name not in OUTPUT["properties"]]
            return
        schema = OUTPUT["$defs"][unquote(name)]
    for each in schema.get("anyOf", ()):
        yield from shapes(each)
    if "properties" in schema:
        yield list(schema["properties"])


def test_the_table_is_made_from_the_schema(update_golden: bool) -> None:
    made = "".join(f"{row}\n" for row in rows())
    text = PAGE.read_text("utf-8")
    if update_golden:
        PAGE.write_text(PART.sub(lambda _: made, text), "utf-8")
    found = PART.search(PAGE.read_text("utf-8"))
    assert found is not None
    assert found[0] == made
