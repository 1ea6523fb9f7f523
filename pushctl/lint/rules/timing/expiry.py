"""How long a message is kept for phones that are off."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from pushctl.diagnostics import Severity
from pushctl.lint.check import Finding, LintContext, LintTarget
from pushctl.lint.rules.timing.quiet_hours import kept, where_kept
from pushctl.rule import Example, Rule, entry
from pushctl.text.duration import duration, seconds, span
from pushctl.text.plural import named

EXPIRY = "mPaaS documentation, PushSimple: ExpiredSeconds"


def _code(expires: str) -> Example:
    return entry(
        "owner: ops@acme.example",
        "schedule: {at: 2026-12-24T10:00}",
        "message: {title: Your parcel, body: It waits for you in locker 12.}",
        f"expires_after: {expires}",
        id="pick-up",
    )


def _daily(expires: str) -> Example:
    return entry(
        "owner: ops@acme.example",
        'schedule: {every: day, at: "07:30"}',
        "message: {title: Today's weather, body: Tap to see it.}",
        f"expires_after: {expires}",
        id="weather",
    )


RULES = (
    Rule(
        code="PSH404",
        title="The message expires before many can see it",
        severity=Severity.WARNING,
        why="""A phone in a lift or a tunnel is away for minutes. A message that is kept for less
        than ten of them never reaches it, and nothing tells anybody.""",
        fix="Keep it for ten minutes at least.",
        bad=_code("5m"),
        good=_code("12h"),
        sources=(EXPIRY,),
        adjustable=True,
    ),
    Rule(
        code="PSH406",
        title="Several of the same message may arrive at once",
        severity=Severity.WARNING,
        why="""The message is kept for longer than it takes until the next one is sent. A phone that
        was off over a weekend shows all of them when it is on again, though only the last one is of
        use.""",
        fix="Keep it only until the next one is sent.",
        bad=_daily("3d"),
        good=_daily("12h"),
        sources=(EXPIRY,),
        adjustable=True,
    ),
    Rule(
        code="PSH407",
        title="A channel does not keep the message for so long",
        severity=Severity.WARNING,
        why="""Some channels keep a message for phones that are off only for a time of their own,
        and refuse or shorten what asks for more: FCM keeps it for 28 days. Of channels that state
        no number nothing is said here.""",
        fix="Keep it for no longer than that.",
        bad=_code("60d"),
        good=_code("7d"),
        sources=("Firebase documentation, time to live of a message",),
        adjustable=True,
    ),
)


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
