"""Whom to call, and what happens without anybody waiting for it."""

from __future__ import annotations

from collections.abc import Iterator

from pushctl.lint.rule import Finding, Setting, Subject
from pushctl.schedule.service_schedule import Immediate


def check(subject: Subject, setting: Setting) -> Iterator[Finding]:
    """Yield entries that nobody answers for, and those that go out at once."""
    if subject.entry.owner is None:
        yield Finding(
            "PSH801",
            (),
            f"Nobody is named whom to ask about {subject.id}.",
            fix="add `owner: name@example.com` to it, or to `defaults`",
        )
    at_once = isinstance(subject.schedule, Immediate) and subject.id not in setting.recorded
    if at_once and not setting.policy.allow_immediate:
        yield Finding(
            "PSH804",
            ("schedule", "now"),
            f"{subject.id} is sent the moment it is applied; without --allow-immediate, plan and "
            "apply refuse it.",
            fix="give it a date and time",
        )
