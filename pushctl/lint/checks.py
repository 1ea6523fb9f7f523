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
SKETCH_CHECKS: tuple[tuple[EntryCheck, frozenset[str]], ...] = (
    (lengths.check, frozenset({"message", "to", "via"})),
    (payload.check, frozenset({"message"})),
    (links.check, frozenset({"message"})),
    (pictures.check, frozenset({"message", "to", "via", "sms"})),
    (characters.check, frozenset({"message"})),
    (placeholders.check, frozenset({"message"})),
    (vendor_options.check, frozenset({"message", "to", "via", "vendors", "labels"})),
    (activities.check, frozenset({"live_activity"})),
    (text_messages.check, frozenset({"sms", "to"})),
    (conduct.check, frozenset({"owner"})),
    (secrets.check, frozenset()),
)
"""Checks that make sense of an entry of which some fields are wrong, with the fields that they look
at: those must be right. None of them looks at when it is delivered."""

PROJECT_CHECKS: tuple[ProjectCheck, ...] = (
    signs.check,
    same_day.check,
    targets.check,
    people.check,
    crowd.check_herd,
)
