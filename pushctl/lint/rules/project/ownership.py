"""Whom to call, and what happens without anybody waiting for it."""

from __future__ import annotations

from collections.abc import Iterator

from pushctl.diagnostics import Severity
from pushctl.lint.check import Finding, LintContext, LintTarget
from pushctl.rule import Example, Rule, entry
from pushctl.schedule.service_schedule import Immediate

RULES = (
    Rule(
        code="PSH801",
        title="The push has no owner",
        severity=Severity.WARNING,
        why="""When something is wrong with a push at night, somebody has to be called who knows
        whether it may be stopped. The owner is shown in plans, in `status`, and by `stop`.""",
        fix="Add `owner` to the push, or to the `defaults` of its file.",
        bad=Example("""\
pushes:
  flash-sale:
    schedule: {at: 2026-12-24T20:00}
    to: {users: [user1024]}
    message: {title: Flash sale, body: Until midnight.}
"""),
        good=entry(),
        adjustable=True,
    ),
    Rule(
        code="PSH804",
        title="The push is sent the moment it is applied",
        severity=Severity.WARNING,
        why="""`schedule: {now: true}` cannot be stopped, and a reviewer cannot see when it happens.
        Plan and apply refuse it unless somebody types `--allow-immediate`; `policy.allow_immediate`
        allows it for good, and this finding goes away.""",
        fix="Give it a date and time.",
        bad=entry("schedule: {now: true}"),
        good=entry(),
        settings=("allow_immediate",),
        adjustable=True,
    ),
)


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
