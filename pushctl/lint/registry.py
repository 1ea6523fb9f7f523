"""Finds the rules and the checks, in `manifest/rules.toml` and below `plan/rules/`, `lint/rules/`.

A module holds its rules in `RULES`. One of `lint/rules/` may also have a function `check`, which
looks at one entry, and `check_project`, which looks at all of them together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import TYPE_CHECKING

from pushctl.manifest.rules import rules as manifest_rules
from pushctl.rule import Rule

if TYPE_CHECKING:  # what asks for a rule's text needs no library of the manifest
    from pushctl.lint.check import EntryCheck, ProjectCheck

PACKAGES = ("pushctl.plan.rules", "pushctl.lint.rules")
"""By name, because `lint` and `plan` know nothing of each other. The last one takes longest."""


@cache
def rules() -> Mapping[str, Rule]:
    """Return every rule by its code, rising."""
    others = (item for package in PACKAGES for item in _rules(package).items())
    return dict(sorted([*manifest_rules().items(), *others]))


@cache
def rule(code: str) -> Rule | None:
    """Return one rule, None if there is none; packages are loaded only as far as needed."""
    if not code.startswith("PSH"):
        return None
    if code in manifest_rules():
        return manifest_rules()[code]
    return next((found[code] for name in PACKAGES if code in (found := _rules(name))), None)


@cache
def checks() -> tuple[tuple[EntryCheck, ...], tuple[ProjectCheck, ...]]:
    """Return the checks of single entries, and those of all entries together."""
    modules = tuple(_modules("pushctl.lint.rules"))
    return (
        tuple(module.check for module in modules if hasattr(module, "check")),
        tuple(module.check_project for module in modules if hasattr(module, "check_project")),
    )


@cache
def _rules(package: str) -> Mapping[str, Rule]:
    return {
        item.code: item for module in _modules(package) for item in getattr(module, "RULES", ())
    }


def _modules(package: str) -> Iterator[ModuleType]:
    """Import and yield the modules of a package and of those below it."""
    for item in iter_modules(import_module(package).__path__, f"{package}."):
        if item.ispkg:
            yield from _modules(item.name)
        else:
            yield import_module(item.name)
