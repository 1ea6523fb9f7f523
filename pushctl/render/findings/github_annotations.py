"""Findings as GitHub shows them beside the lines of a change: workflow commands, one a line.

GitHub shows ten annotations per kind and step, and drops the rest without a word. So the first ten
of each kind become annotations, and what is left is text in the log, with a line that says so.

Source: https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from collections.abc import Sequence

from pushctl.diagnostics import Diagnostic, Range, Severity
from pushctl.render.text.findings import findings
from pushctl.text.escape import command_message, command_property
from pushctl.text.plural import count

SHOWN = 10
"""Annotations per kind that a step can show."""

KINDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def commands(items: Sequence[Diagnostic]) -> str:
    """Render findings as workflow commands, the most severe first; the rest as text."""
    lines: list[str] = []
    rest: list[Diagnostic] = []
    for severity, kind in KINDS.items():
        those = [item for item in items if item.severity is severity]
        lines += [_command(kind, item) + "\n" for item in those[:SHOWN]]
        rest += those[SHOWN:]
    if not rest:
        return "".join(lines)
    more = f"and {count(len(rest), 'more finding')} without an annotation:\n"
    return "".join([*lines, "\n", more, "\n", findings(rest)])


def _command(kind: str, item: Diagnostic) -> str:
    title = f"{item.code} {item.summary}"
    properties = [*(_place(item.range) if item.range else ()), ("title", title)]
    written = ",".join(f"{name}={command_property(str(value))}" for name, value in properties)
    said = [item.detail or item.summary]
    if item.fix:
        said.append(f"fix: {item.fix}")
    return f"::{kind} {written}::{command_message(chr(10).join(said))}"


def _place(place: Range) -> list[tuple[str, str | int]]:
    """Return where an annotation goes. GitHub takes columns only if they are of one line."""
    found: list[tuple[str, str | int]] = [
        ("file", place.filename),
        ("line", place.start.line),
        ("endLine", place.end.line),
    ]
    if place.start.line == place.end.line:
        last = max(place.end.column - 1, place.start.column)
        found += [("col", place.start.column), ("endColumn", last)]
    return found
