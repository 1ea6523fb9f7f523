"""`docs/manifest.md` is made from the schema: every field, what it means, an example."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.project.schema_tables import ROOT, Tables, read, table

PAGE = ROOT / "docs" / "manifest.md"

HEAD = """\
# The manifest, field by field

Made from `schemas/manifest.schema.json` by `make golden`; editors show the same words.
`pushes.ID` stands for every entry, `[]` for the items of a list, `KEY` for a name of your own.
[Writing a manifest](write.md) says how the pieces go together. `environments.NAME` and `defaults`
take the same fields as the whole and as an entry.
"""


def rows(fields: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    for name, field in fields.items():
        examples = field.get("examples")
        shown = f"`{json.dumps(examples[0], ensure_ascii=False)}`" if examples else ""
        yield f"`{name}`", field.get("description", ""), shown


def page() -> str:
    lines = [HEAD]
    found = Tables(read("manifest"), closed=("defaults", "environments"))
    for path, fields in found.objects({"$ref": "#/$defs/file"}):
        heading = f"`{path}`" if path else "The file"
        lines += [f"## {heading}", "", *table(("field", "means", "example"), rows(fields)), ""]
    return "\n".join(lines)


def test_the_page_is_current(update_golden: bool) -> None:
    made = page()
    if update_golden:
        PAGE.write_text(made, "utf-8")
    assert PAGE.read_text("utf-8") == made


def test_every_field_of_a_push_has_its_row() -> None:
    sections = {part.split("`", 2)[1]: part for part in page().split("\n## ") if part[0] == "`"}
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
        section, _, name = path.rpartition(".")
        assert f"\n| `{name}` |" in sections[section]
