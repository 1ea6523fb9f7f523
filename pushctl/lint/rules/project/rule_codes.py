"""Codes that `policy.rules` and `allow` name: that they exist, and can be changed.

Whoever mistypes a code believes in an exception that does not exist.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from pushctl.lint import registry
from pushctl.lint.check import Finding, LintTarget, Project
from pushctl.manifest.yaml.positions import Path
from pushctl.text.suggest import closest


def check_project(project: Project) -> Iterator[tuple[LintTarget | None, Finding]]:
    """Yield the codes that do nothing where they stand."""
    for code, level in project.context.policy.rules.items():
        for item in _found(code, level, ("policy", "rules", code), of_key=True):
            yield None, item
    for subject in project.subjects:
        for index, allow in enumerate(subject.entry.allow):
            for item in _found(allow.rule, "off", ("allow", index, "rule")):
                yield subject, item


def _found(code: str, level: str, path: Path, *, of_key: bool = False) -> Iterator[Finding]:
    problem = _problem(code, level)
    if problem is not None:
        detail, fix = problem
        yield Finding("PSH809", path, detail, fix=fix, of_key=of_key)


@cache
def _problem(code: str, level: str) -> tuple[str, str] | None:
    """Return what is wrong with changing what a rule counts, and what to do; None if nothing is."""
    if not code.startswith("PSH"):
        return None
    known = registry.rule(code)
    if known is None:
        rules = registry.rules()
        near = closest(code, rules)
        guess = f"did you mean {near}: {rules[near].title}?" if near else "delete it"
        return f"There is no rule {code}, so this has no effect.", guess
    if known.adjustable or level == known.severity:
        return None
    return (
        f"{code} counts the same whatever stands here: {known.title}.",
        "delete it, and mend what the rule finds",
    )
