"""The list of checks. Each looks at one kind of thing, and yields what it finds."""

from __future__ import annotations

from pushctl.lint import (
    activities,
    crowd,
    expiry,
    hours,
    lengths,
    people,
    schedules,
    targets,
)
from pushctl.lint.model import EntryCheck, ProjectCheck

ENTRY_CHECKS: tuple[EntryCheck, ...] = (
    lengths.check,
    hours.check,
    expiry.check,
    schedules.check,
    activities.check,
    crowd.check,
)
PROJECT_CHECKS: tuple[ProjectCheck, ...] = (targets.check, people.check, crowd.check_herd)
