"""Working together: owners, exceptions, removals."""

from __future__ import annotations

from pushctl.rules.rule import Rule

RULES: tuple[Rule, ...] = ()
