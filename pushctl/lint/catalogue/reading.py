"""Reading the manifest: YAML, the schema, and names."""

from __future__ import annotations

from operator import attrgetter

from pushctl.lint.catalogue import reading_fields, reading_files
from pushctl.lint.catalogue.rule import Rule

RULES: tuple[Rule, ...] = tuple(
    sorted((*reading_files.RULES, *reading_fields.RULES), key=attrgetter("code"))
)
