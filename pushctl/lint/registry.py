"""Finds the rules, each in a `rules.toml`, and the checks in `lint/rules/`.

A module there has a function `check`, which looks at one entry, or `check_project`, which looks at
all of them together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import TYPE_CHECKING

from pushctl.rule import Rule, rule_of, rules_of

if TYPE_CHECKING:  # what asks for a rule's text needs no library of the manifest
    from pushctl.lint.check import EntryCheck, ProjectCheck

PACKAGES = ("pushctl.manifest", "pushctl.plan.guards", "pushctl.lint")
CHECKED = "pushctl.lint.rules"


@cache
def rules() -> Mapping[str, Rule]:
    """Return every rule by its code, rising."""
    return dict(sorted(item for package in PACKAGES for item in rules_of(package).items()))


def rule(code: str) -> Rule | None:
    """Return one rule, None if there is none; the others are not read for it."""
    return next(filter(None, (rule_of(package, code) for package in PACKAGES)), None)


@cache
def checks() -> tuple[tuple[EntryCheck, ...], tuple[ProjectCheck, ...]]:
    """Return the checks of single entries, and those of all entries together."""
    modules = tuple(_modules(CHECKED))
    return (
        tuple(module.check for module in modules if hasattr(module, "check")),
        tuple(module.check_project for module in modules if hasattr(module, "check_project")),
    )


def _modules(package: str) -> Iterator[ModuleType]:
    """Import and yield the modules of a package and of those below it."""
    for item in iter_modules(import_module(package).__path__, f"{package}."):
        if item.ispkg:
            yield from _modules(item.name)
        else:
            yield import_module(item.name)
