"""Who gets it, and how often."""

from __future__ import annotations

from pushctl.rules.rule import Rule

RULES: tuple[Rule, ...] = ()
