"""What commands write as JSON, with the fields of the schemas that are published."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from tests.project.command_pages import top, with_inner
from tests.project.schema_tables import Tables, read, table

HEAD = """\
# JSON for scripts

Made from the commands and from `schemas/` by `make golden`. Fields are only ever added; take those
that you know and ignore the others. Talk goes to stderr, so stdout is JSON and nothing else.
[Exit codes](exit-codes.md) are the same in every format.

| command | writes JSON with |
| --- | --- |
"""
SCHEMAS = {
    "plan": ("A plan", "What `pushctl plan --json FILE` and `pushctl plan --format json` write."),
    "state": ("A state", "What is in `pushctl.state.json`. Read it, and never edit it."),
}


def switch(command: click.Command) -> str:
    """Return the option by which a command writes JSON; an empty text for none."""
    for item in command.params:
        choices = getattr(item.type, "choices", ())
        for choice in ("json", "jsonl"):
            if "--format" in item.opts and choice in choices:
                return f"--format {choice}"
        if "--json" in item.opts:
            return "--json" if getattr(item, "is_flag", False) else "--json FILE"
    return ""


def commands() -> Iterator[str]:
    for outer in top():
        for context in with_inner(outer):
            if option := switch(context.command):
                yield f"| `{context.command_path}` | `{option}` |"


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
    parts = [HEAD + "\n".join(commands())]
    for name in SCHEMAS:
        parts += described(name)
    return "\n".join(parts)
