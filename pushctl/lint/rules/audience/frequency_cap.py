"""What people get from all entries together: too soon after each other, too much on one day."""

from __future__ import annotations

from collections.abc import Iterator

from pushctl.lint.rule import Finding, Project, Subject
from pushctl.lint.rules.audience import daily_cap, min_gap
from pushctl.lint.rules.audience.recipient_groups import groups


def check(project: Project) -> Iterator[tuple[Subject, Finding]]:
    """Yield which entries disturb the same people.

    Updates of a Live Activity disturb nobody, since they change what is on the screen already; nor
    does what is never shown.
    """
    subjects = [item for item in project.subjects if item.upcoming and _is_shown(item)]
    found = tuple(groups(subjects))
    yield from min_gap.check(found, subjects, project.setting)
    yield from daily_cap.check(found, subjects, project.setting)


def _is_shown(subject: Subject) -> bool:
    return subject.entry.live_activity is None and not subject.entry.message.silent
