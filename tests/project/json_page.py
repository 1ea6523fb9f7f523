"""What commands write as JSON, with the fields of the schemas that are published."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from tests.project.schema_tables import Tables, read, table

HEAD = """\
# JSON for scripts

Made from the commands and from `schemas/` by `make golden`. Every command that has something to say
to a program says it with `--format json` on stdout. Talk goes to stderr, and
[exit codes](exit-codes.md) are the same in every format.

A document begins with these fields, and those of the command follow. Within a major number of
`format_version` fields are only ever added; take those that you know and ignore the others.
`pushctl schema output` prints the JSON Schema of all.

"""
AFTER = """
`doctor`, `history` and `state list` print a list, and `stop --dry-run` the number of tasks of each
push, as they did before documents began alike. `state show` and `state pull` print
[a state](#a-state) or a push of it; `validate --format sarif` and `--format gitlab` what those
formats say; `apply --format jsonl` an event a line.

What was typed before prints what it printed: `plan --json FILE` writes the document to a file;
`version --json` and `sandbox ... --json` leave out `format_version`, `command` and `env`; and
`sandbox requests`, `sandbox knob` and `sandbox inbox` the name of what they list.
"""
OUTPUT = read("output")
COMMON = OUTPUT["properties"]
SCHEMAS = {
    "plan": ("A plan", "What `pushctl plan --json FILE` and `pushctl plan --format json` write."),
    "state": ("A state", "What is in `pushctl.state.json`. Read it, and never edit it."),
}


def commands() -> Iterator[tuple[str, str]]:
    """Yield which commands write which fields."""
    for rule in OUTPUT["allOf"]:
        names = rule["if"]["properties"]["command"]["enum"]
        fields = (", ".join(f"`{name}`" for name in each) for each in shapes(rule["then"]))
        yield ", ".join(f"`pushctl {name}`" for name in names), "; or ".join(fields)


def shapes(schema: Any) -> Iterator[list[str]]:
    """Yield the fields that a document can have beside those of all, for each form of it."""
    if "$ref" in schema:
        name = unquote(schema["$ref"].rpartition("/")[2])
        if name == "plan-1.json":
            yield [field for field in read("plan")["properties"] if field not in COMMON]
            return
        schema = OUTPUT["$defs"][name]
    for each in schema.get("anyOf", ()):
        yield from shapes(each)
    if "properties" in schema:
        yield list(schema["properties"])


def kind(field: dict[str, Any]) -> str:
    named = field.get("type") or ("one of: " + ", ".join(map(str, field.get("enum", ()))))
    return " or ".join(named) if isinstance(named, list) else named.removesuffix("one of: ")


def rows(fields: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    for name, field in fields.items():
        yield f"`{name}`", kind(field), field.get("description", "")


def described(name: str) -> Iterator[str]:
    title, text = SCHEMAS[name]
    yield f"\n## {title}\n\n{text} `pushctl schema {name}` prints the JSON Schema.\n"
    schema = read(name)
    for path, fields in Tables(schema).objects(schema):
        if path:
            yield f"### `{path}`\n"
        yield "\n".join(table(("field", "type", "means"), rows(fields))) + "\n"


def page() -> str:
    parts = [HEAD + "\n".join(table(("field", "type", "means"), rows(COMMON)))]
    parts += ["", *table(("command", "fields"), commands()), AFTER.rstrip("\n")]
    for name in SCHEMAS:
        parts += described(name)
    return "\n".join(parts)
