"""Text messages: where they exist, whom they reach, and what they cost."""

from __future__ import annotations

from collections.abc import Iterator

from pushctl.diagnostics import Severity
from pushctl.lint.check import Finding, LintContext, LintTarget
from pushctl.manifest.schema.models import Sms
from pushctl.vendors.counting import segments

BRACKETS = 2
"""A text message begins with its signature in brackets."""


def check(subject: LintTarget, context: LintContext) -> Iterator[Finding]:
    """Yield what is impossible, expensive, or longer than it looks."""
    sms = subject.entry.sms
    if sms is None:
        return
    if context.app.region not in context.facts.sms.regions:
        detail = (
            f"The region is {context.app.region}; text messages exist only in "
            f"{', '.join(sorted(context.facts.sms.regions))}."
        )
        yield Finding("PSH701", ("sms",), detail, fix="delete `sms`, or use an app of that region")
    parts = segments(least(sms), context.facts.sms)
    if sms.mode == "concurrent":
        yield from _many(subject, context, parts)
    if parts > 1:
        detail = (
            f"Signature and values alone have {least(sms)} characters; with more than "
            f"{context.facts.sms.single} it is sent, and paid for, in {parts} parts or more."
        )
        yield Finding("PSH703", ("sms", "params"), detail, fix="shorten the values")


def least(sms: Sms) -> int:
    """Return how many characters a text message has at least.

    The template is not here, only what is put into it: its own words come on top.
    """
    return len(sms.sign) + BRACKETS + sum(len(str(value)) for value in sms.params.values())


def _many(subject: LintTarget, context: LintContext, parts: int) -> Iterator[Finding]:
    people, policy = len(subject.push.targets), context.policy.sms
    cost = None if policy.price is None else people * parts * policy.price
    fix = (
        "write `mode: fallback`, which sends one only where the push does not arrive, or raise "
        "`policy.sms.{}`"
    )
    if cost is not None and policy.budget is not None and cost > policy.budget:
        detail = (
            f"Every delivery costs at least {cost:,.2f} {policy.currency} ({people:,} people, "
            f"{parts} part{'' if parts == 1 else 's'} each); the budget is {policy.budget:,.2f}."
        )
        yield Finding("PSH702", ("sms", "mode"), detail, fix=fix.format("budget"))
    elif people > policy.max_people:
        price = "" if cost is None else f", for {cost:,.2f} {policy.currency} or more"
        yield Finding(
            "PSH702",
            ("sms", "mode"),
            f"All {people:,} people get a text message at every delivery{price}; up to "
            f"{policy.max_people:,} are nothing to speak of.",
            fix=fix.format("max_people"),
            severity=Severity.WARNING,
        )
