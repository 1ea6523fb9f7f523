"""What people get from all entries together: too soon after each other, too much on one day."""

from __future__ import annotations

from collections.abc import Iterator

from pushctl.lint.check import Finding, LintTarget, Project
from pushctl.lint.rules.audience import daily_cap, min_gap
from pushctl.lint.rules.audience.recipient_groups import groups


def check_project(project: Project) -> Iterator[tuple[LintTarget, Finding]]:
    """Yield which entries disturb the same people.

    Updates of a Live Activity disturb nobody, since they change what is on the screen already; nor
    does what is never shown.
    """
    subjects = [item for item in project.subjects if item.upcoming and _is_shown(item)]
    found = tuple(groups(subjects))
    yield from min_gap.check_groups(found, subjects, project.context)
    yield from daily_cap.check_groups(found, subjects, project.context)


def _is_shown(subject: LintTarget) -> bool:
    return subject.entry.live_activity is None and not subject.entry.message.silent
