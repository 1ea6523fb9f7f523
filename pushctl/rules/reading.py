"""Reading the manifest: YAML, the schema, and names."""

from __future__ import annotations

from pushctl.rules.rule import Rule

RULES: tuple[Rule, ...] = ()
