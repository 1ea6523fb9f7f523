"""When it is delivered."""

from __future__ import annotations

from pushctl.rules.rule import Rule

RULES: tuple[Rule, ...] = ()
