"""Whom to call, and what happens without anybody waiting for it."""

from __future__ import annotations

from collections.abc import Iterator

from pushctl.lint.check import Finding, LintContext, LintTarget
from pushctl.schedule.service_schedule import Immediate


def check(subject: LintTarget, context: LintContext) -> Iterator[Finding]:
    """Yield entries that nobody answers for, and those that go out at once."""
    if subject.entry.owner is None:
        fix = "add `owner:` and whom to call, to it or to `defaults`"
        yield Finding("PSH801", (), f"Nobody is named whom to ask about {subject.id}.", fix=fix)
    at_once = isinstance(subject.schedule, Immediate) and subject.id not in context.recorded
    if at_once and not context.policy.allow_immediate:
        detail = (
            f"{subject.id} is sent the moment it is applied; without --allow-immediate, plan and "
            "apply refuse it."
        )
        yield Finding("PSH804", ("schedule", "now"), detail, fix="give it a date and time")
