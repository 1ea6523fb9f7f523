"""Reading the manifest: YAML, the schema, and names."""

from __future__ import annotations

from operator import attrgetter

from pushctl.rules import reading_fields, reading_files
from pushctl.rules.rule import Rule

RULES: tuple[Rule, ...] = tuple(
    sorted((*reading_files.RULES, *reading_fields.RULES), key=attrgetter("code"))
)
