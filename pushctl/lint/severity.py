"""The effective severity of findings: by the rule, by the policy, and by what an entry accepts.

A safe order: what keeps an entry from being understood or done is an error whatever anybody says,
because an entry that silently is not there would be cancelled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from pushctl.diagnostics import Diagnostic, Severity
from pushctl.lint.registry import rule

OFF = "off"


def with_effective_severity(
    findings: Iterable[Diagnostic],
    levels: Mapping[str, str],
    accepted: Mapping[str, frozenset[str]],
) -> Iterator[Diagnostic]:
    """Yield the findings that are neither turned off nor accepted, with the severity they count.

    `levels` are those of `policy.rules`, by code; `accepted` holds the codes that each entry
    accepts, by its id. Until which day is not asked here: what has expired is an error of its own.
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

    Warnings, unless their rule never is an error and says no; errors only where their rule says so,
    and all findings of a team's own rules.
    """
    if not item.code.startswith("PSH"):
        return True
    known = rule(item.code)
    if item.severity is Severity.ERROR:
        return known is not None and known.adjustable
    return known is None or known.adjustable or known.severity is Severity.ERROR
