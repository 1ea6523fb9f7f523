"""Audiences that are large for this way of sending, and many messages in the same minute."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from pushctl.diagnostics import Severity
from pushctl.lint.check import Finding, LintContext, LintTarget, Project
from pushctl.push.task import MAX_TARGETS
from pushctl.text.plural import count, named
from pushctl.text.timestamps import moment

MUCH = 0.25
"""The share of the quota from which on one entry takes a lot of it."""

FEW = 10
"""Tasks that one entry may take without a word, however small the quota is."""

HERD = 100
"""Messages in one minute from which on it is worth while to spread them."""

ROUND = 900
"""Seconds: full hours, and the quarters of them, in whichever zone."""


def check(subject: LintTarget, context: LintContext) -> Iterator[Finding]:
    """Yield that an audience takes a lot of the tasks that the service allows."""
    people, limit = len(subject.push.targets), context.app.quota.limit
    tasks = -(-people // MAX_TARGETS)
    if tasks <= FEW or tasks <= MUCH * limit:
        return
    yield Finding(
        "PSH505",
        ("to", subject.entry.to.field),
        f"{subject.id} is for {count(people, 'target', 'targets')}, and one task takes "
        f"{MAX_TARGETS}: that makes {tasks:,} of the {limit:,} tasks that the service allows at a "
        "time.",
        fix="let the service send it to a group or to everybody (PushMultiple, PushBroadcast)",
        severity=Severity.ERROR if tasks > limit else Severity.INFO,
    )


def check_project(project: Project) -> Iterator[tuple[LintTarget | None, Finding]]:
    """Yield the minute on the hour in which the most messages leave, if they are many."""
    minutes: dict[int, list[LintTarget]] = defaultdict(list)
    for subject in project.subjects:
        for at in subject.upcoming:
            if at % ROUND == 0:
                minutes[at].append(subject)
    crowds = {
        at: sum(len(subject.push.targets) for subject in subjects)
        for at, subjects in minutes.items()
        if len(subjects) > 1
    }
    if not crowds or max(crowds.values()) < HERD:
        return
    at = max(crowds, key=lambda at: (crowds[at], -at))
    yield (
        None,
        Finding(
            "PSH214",
            ("pushes",),
            f"On {moment(at, project.context.zone)}, {crowds[at]:,} messages leave in the same "
            f"minute: {named([subject.id for subject in minutes[at]])}. Everybody who gets one "
            "opens the app at once, when other companies send on the hour too.",
            fix="deliver some of them a few minutes earlier or later",
        ),
    )
