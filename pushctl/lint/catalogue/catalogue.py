"""All rules, by code. A code is never used for anything else again."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module

from pushctl.lint.catalogue.rule import Rule

CHAPTERS = {
    "1": ("reading", "Reading the manifest"),
    "2": ("times", "When it is delivered"),
    "3": ("messages", "What people see"),
    "4": ("hours", "At what hours, and for how long"),
    "5": ("people", "Who gets it"),
    "6": ("plans", "What a plan would do"),
    "7": ("sms", "Text messages"),
    "8": ("conduct", "Working together"),
}
"""The first digit of a code, the module that describes it, and what it is about."""


@cache
def rules() -> Mapping[str, Rule]:
    """Return every rule by its code, rising."""
    return {rule.code: rule for digit in CHAPTERS for rule in chapter(digit)}


def chapter(digit: str) -> tuple[Rule, ...]:
    """Return the rules whose codes begin with a digit."""
    found: tuple[Rule, ...] = import_module(f"pushctl.lint.catalogue.{CHAPTERS[digit][0]}").RULES
    return found


def rule(code: str) -> Rule | None:
    """Return one rule without loading those of other chapters; None if there is none."""
    digit = code.removeprefix("PSH")[:1]
    if not code.startswith("PSH") or digit not in CHAPTERS:
        return None
    return next((item for item in chapter(digit) if item.code == code), None)
