"""What people see, and what the vendors make of it."""

from __future__ import annotations

from operator import attrgetter

from pushctl.lint.catalogue import messages_content, messages_length, messages_vendors
from pushctl.lint.catalogue.rule import Rule

RULES: tuple[Rule, ...] = tuple(
    sorted(
        (*messages_length.RULES, *messages_content.RULES, *messages_vendors.RULES),
        key=attrgetter("code"),
    )
)
