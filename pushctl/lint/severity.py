"""What findings count in the end: by the rule, by the policy, and by what an entry accepts.

A safe order: what keeps an entry from being understood or done is an error whatever anybody says,
because an entry that silently is not there would be cancelled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from pushctl.diagnostics import Diagnostic, Severity
from pushctl.lint.catalogue.catalogue import rule

OFF = "off"


def judged(
    findings: Iterable[Diagnostic],
    levels: Mapping[str, str],
    accepted: Mapping[str, frozenset[str]],
) -> Iterator[Diagnostic]:
    """Yield what is left to tell.

    `levels` are the policy's, by code; `accepted` holds the codes that each entry accepts. Until
    which day is not asked here: what has expired is an error of its own.
    """
    for item in findings:
        if not adjustable(item):
            yield item
            continue
        level = levels.get(item.code)
        if level == OFF or item.code in accepted.get(item.push or "", frozenset()):
            continue
        yield item if level is None else replace(item, severity=Severity(level))


def adjustable(item: Diagnostic) -> bool:
    """Tell whether a policy or an entry may change what a finding counts.

    Warnings, unless the catalogue has none but those and says no; errors only where it says so, and
    those of a team's own rules.
    """
    if not item.code.startswith("PSH"):
        return True
    known = rule(item.code)
    if item.severity is Severity.ERROR:
        return known is not None and known.adjustable
    return known is None or known.adjustable or known.severity is Severity.ERROR
