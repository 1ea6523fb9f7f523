"""Rules that `policy.rules` and `allow` name: that they exist, and can be changed. Pure.

Whoever mistypes a code believes in an exception that does not exist.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from pushctl.diagnostics import Diagnostic, Range, Severity
from pushctl.lint.catalogue.catalogue import rule, rules
from pushctl.manifest.schema.suggest import closest

if TYPE_CHECKING:
    from pushctl.manifest.resolved import ResolvedPush
    from pushctl.manifest.schema.models import Policy
    from pushctl.manifest.yaml.positions import Provenance

OURS = "PSH"
"""What the codes of the catalogue begin with; others are a team's own."""


def of_policy(policy: Policy, provenance: Provenance) -> Iterator[Diagnostic]:
    """Yield the codes in `rules` that do nothing; `provenance` is that of the policy."""
    for code, level in policy.rules.items():
        yield from _found(code, level, provenance.locate_key("rules", code))


def of_entry(push: ResolvedPush) -> Iterator[Diagnostic]:
    """Yield the codes in `allow` that do nothing."""
    for index, allow in enumerate(push.entry.allow):
        yield from _found(allow.rule, "off", push.locate("allow", index, "rule"), push.id)


def _found(
    code: str, level: str, where: Range | None, push: str | None = None
) -> Iterator[Diagnostic]:
    words = _words(code, level)
    if words is not None:
        title = "A rule is named that does not exist, or cannot be changed"
        detail, fix = words
        yield Diagnostic(Severity.WARNING, "PSH809", title, detail, where, fix=fix, push=push)


@cache
def _words(code: str, level: str) -> tuple[str, str] | None:
    """Say what is wrong with changing what a rule counts, and what to do; None if nothing is."""
    if not code.startswith(OURS):
        return None
    known = rule(code)
    if known is None:
        near = closest(code, rules())
        guess = f"did you mean {near}: {rules()[near].title}?" if near else "delete it"
        return f"There is no rule {code}, so this has no effect.", guess
    if known.adjustable or level == known.severity:
        return None
    return (
        f"{code} counts the same whatever stands here: {known.title}.",
        "delete it, and mend what the rule finds",
    )
