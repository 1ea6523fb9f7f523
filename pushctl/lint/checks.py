"""The list of checks. Each looks at one kind of thing, and yields what it finds."""

from __future__ import annotations

from pushctl.lint import (
    activities,
    characters,
    conduct,
    crowd,
    expiry,
    hours,
    lengths,
    links,
    payload,
    people,
    pictures,
    placeholders,
    same_day,
    schedules,
    secrets,
    signs,
    targets,
    text_messages,
    vendor_options,
)
from pushctl.lint.model import EntryCheck, ProjectCheck

ENTRY_CHECKS: tuple[EntryCheck, ...] = (
    lengths.check,
    payload.check,
    links.check,
    pictures.check,
    characters.check,
    placeholders.check,
    vendor_options.check,
    hours.check,
    expiry.check,
    schedules.check,
    activities.check,
    crowd.check,
    text_messages.check,
    conduct.check,
    secrets.check,
)
PROJECT_CHECKS: tuple[ProjectCheck, ...] = (
    signs.check,
    same_day.check,
    targets.check,
    people.check,
    crowd.check_herd,
)
