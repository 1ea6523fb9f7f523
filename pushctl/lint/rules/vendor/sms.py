"""Text messages: where they exist, whom they reach, and what they cost."""

from __future__ import annotations

from collections.abc import Iterator

from pushctl.diagnostics import Severity
from pushctl.lint.rule import Finding, Setting, Subject
from pushctl.manifest.schema.models import Sms
from pushctl.vendors.counting import segments

BRACKETS = 2
"""A text message begins with its signature in brackets."""


def check(subject: Subject, setting: Setting) -> Iterator[Finding]:
    """Yield what is impossible, expensive, or longer than it looks."""
    sms = subject.entry.sms
    if sms is None:
        return
    if setting.app.region not in setting.facts.sms.regions:
        yield Finding(
            "PSH701",
            ("sms",),
            f"The region is {setting.app.region}; text messages exist only in "
            f"{', '.join(sorted(setting.facts.sms.regions))}.",
            fix="delete `sms`, or use an app of that region",
        )
    parts = segments(least(sms), setting.facts.sms)
    if sms.mode == "concurrent":
        yield from _many(subject, setting, parts)
    if parts > 1:
        yield Finding(
            "PSH703",
            ("sms", "params"),
            f"Signature and values alone have {least(sms)} characters; with more than "
            f"{setting.facts.sms.single} it is sent, and paid for, in {parts} parts or more.",
            fix="shorten the values",
        )


def least(sms: Sms) -> int:
    """Return how many characters a text message has at least.

    The template is not here, only what is put into it: its own words come on top.
    """
    values = sum(len(_written(value)) for value in sms.params.values())
    return len(sms.sign) + BRACKETS + values


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _many(subject: Subject, setting: Setting, parts: int) -> Iterator[Finding]:
    people, policy = len(subject.push.targets), setting.policy.sms
    cost = None if policy.price is None else people * parts * policy.price
    if cost is not None and policy.budget is not None and cost > policy.budget:
        yield Finding(
            "PSH702",
            ("sms", "mode"),
            f"Every delivery costs at least {cost:,.2f} {policy.currency} ({people:,} people, "
            f"{parts} part{'' if parts == 1 else 's'} each); the budget is {policy.budget:,.2f}.",
            fix="write `mode: fallback`, which sends one only where the push does not arrive, or "
            "raise `policy.sms.budget`",
        )
    elif people > policy.max_people:
        price = "" if cost is None else f", for {cost:,.2f} {policy.currency} or more"
        yield Finding(
            "PSH702",
            ("sms", "mode"),
            f"All {people:,} people get a text message at every delivery{price}; up to "
            f"{policy.max_people:,} are nothing to speak of.",
            fix="write `mode: fallback`, which sends one only where the push does not arrive, or "
            "raise `policy.sms.max_people`",
            severity=Severity.WARNING,
        )
