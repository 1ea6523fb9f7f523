"""How long a message is kept for phones that are off."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from pushctl.lint.check import Finding, LintContext, LintTarget
from pushctl.lint.rules.timing.quiet_hours import kept, where_kept
from pushctl.text.duration import duration, seconds, span
from pushctl.text.plural import named

SOON = 600
"""Seconds below which hardly any phone that is off comes back in time."""

OVERLAP = 3600
"""Seconds by which messages may overlap: clock changes bring deliveries as much closer."""


def check(subject: LintTarget, context: LintContext) -> Iterator[Finding]:
    """Yield what is kept too short, too long, or longer than anybody keeps it."""
    if subject.entry.live_activity is not None:
        return  # an update replaces the one before, and is worth nothing later
    keeps = kept(subject)
    if keeps < SOON:
        yield Finding(
            "PSH404",
            where_kept(subject),
            f"{subject.id} is kept for {span(keeps)}. Whoever is in a tunnel or has just "
            "switched the phone off never gets it.",
            fix="write `expires_after: 10m`, or more",
        )
    if len(subject.upcoming) > 1:
        yield from _stacked(subject, keeps)
    yield from _vendors(subject, keeps)


def _stacked(subject: LintTarget, keeps: int) -> Iterator[Finding]:
    nearest = min(after - before for before, after in pairwise(subject.upcoming))
    if keeps <= nearest + OVERLAP:
        return
    yield Finding(
        "PSH406",
        where_kept(subject),
        f"{subject.id} is kept for {span(keeps)}, and delivered again after {span(nearest)}. A "
        "phone that was off meanwhile shows several of them at once.",
        fix=f"write `expires_after: {duration(nearest)}`, or less",
    )


def _vendors(subject: LintTarget, keeps: int) -> Iterator[Finding]:
    limits = [(seconds(item.keeps), item.name) for item in subject.channels if item.keeps]
    short = [(limit, name) for limit, name in limits if keeps > limit]
    if not short:
        return
    limit = min(limit for limit, _ in short)
    yield Finding(
        "PSH407",
        where_kept(subject),
        f"{subject.id} is to be kept for {span(keeps)}; {named([name for _, name in short])} "
        f"keeps a message for {span(limit)} at most.",
        fix=f"write `expires_after: {duration(limit)}`, or less",
    )
