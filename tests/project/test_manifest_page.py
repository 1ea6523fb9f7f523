"""`docs/manifest.md` is made from the schema: every field, what it means, an example."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "manifest.md"
SCHEMA = json.loads((ROOT / "schemas" / "manifest.schema.json").read_text("utf-8"))

HEAD = """\
# The manifest, field by field

Made from `schemas/manifest.schema.json` by `make golden`; editors show the same words.
`pushes.ID` stands for every entry, `[]` for the items of a list, `KEY` for a name of your own. How
the pieces go together is in the [README](../README.md) and in `examples/`. `environments.NAME` and
`defaults` take the same fields as the whole and as an entry.

| field | means | example |
| --- | --- | --- |
"""


def pointed_at(reference: str) -> Any:
    found: Any = SCHEMA
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found


def resolved(schema: Any) -> dict[str, Any]:
    """Follow references and pick what is not merely "not known yet"."""
    merged: dict[str, Any] = {}
    while isinstance(schema, dict):
        merged = {**schema, **merged}
        target = schema.get("$ref")
        choices = [item for item in schema.get("anyOf", ()) if item.get("$ref") != "#/$defs/open"]
        if target:
            schema = pointed_at(target)
        elif len(choices) == 1:
            schema = choices[0]
        elif choices:
            objects = [resolved(item) for item in choices]
            nested = next((item for item in objects if "properties" in item), {})
            return {**nested, **merged}
        else:
            break
    return merged


def rows(schema: Any, path: str = "", depth: int = 0) -> Iterator[str]:
    if depth > 7:
        return
    for name, part in resolved(schema).get("properties", {}).items():
        yield from row(part, f"{path}{name}", depth)


def row(part: Any, path: str, depth: int) -> Iterator[str]:
    found = resolved(part)
    examples = found.get("examples") or [""]
    example = json.dumps(examples[0], ensure_ascii=False) if examples[0] != "" else ""
    text = found.get("description", "").replace("|", "\\|")
    shown = f"`{example}`".replace("|", "\\|") if example else ""
    yield f"| `{path}` | {text} | {shown} |"
    if path in ("defaults", "environments"):
        return
    yield from rows(found, f"{path}.", depth + 1)
    items = found.get("items")
    if isinstance(items, dict):
        yield from rows(items, f"{path}[].", depth + 1)
    free = found.get("additionalProperties")
    patterns = list(found.get("patternProperties", {}).values())
    for other in [free, *patterns]:
        if isinstance(other, dict):
            key = "ID" if path == "pushes" else "KEY"
            yield from rows(other, f"{path}.{key}.", depth + 1)


def page() -> str:
    return HEAD + "\n".join(rows({"$ref": "#/$defs/file"})) + "\n"


def test_the_page_is_current(update_golden: bool) -> None:
    made = page()
    if update_golden:
        PAGE.write_text(made, "utf-8")
    assert PAGE.read_text("utf-8") == made


def test_every_field_of_a_push_has_its_row() -> None:
    made = page()
    for path in (
        "pushes.ID.schedule.every",
        "pushes.ID.to.users_from",
        "pushes.ID.message.title",
        "pushes.ID.vendors.oppo.level",
        "pushes.ID.sms.template",
        "pushes.ID.live_activity.dismiss_at",
        "pushes.ID.raw",
        "app.quota.limit",
        "policy.danger_window",
        "moved[].from",
    ):
        assert f"| `{path}` |" in made
