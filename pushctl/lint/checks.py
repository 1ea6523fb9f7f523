"""The list of checks. Each looks at one kind of thing, and yields what it finds."""

from __future__ import annotations

from pushctl.lint import (
    characters,
    conduct,
    hours,
    lengths,
    links,
    payload,
    pictures,
    placeholders,
    same_day,
    secrets,
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
    text_messages.check,
    conduct.check,
    secrets.check,
)
PROJECT_CHECKS: tuple[ProjectCheck, ...] = (same_day.check,)
