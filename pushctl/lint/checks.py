"""The list of checks. Each looks at one kind of thing, and yields what it finds."""

from __future__ import annotations

from pushctl.lint.rule import EntryCheck, ProjectCheck
from pushctl.lint.rules.audience import frequency_cap, size, targets
from pushctl.lint.rules.message import (
    invisible_characters,
    links,
    live_activity,
    payload_size,
    pictures,
    placeholders,
    text_length,
)
from pushctl.lint.rules.project import ownership, secrets
from pushctl.lint.rules.timing import expiry, posix_timezone_sign, quiet_hours, schedule
from pushctl.lint.rules.vendor import options, sms, xiaomi_one_per_day

ENTRY_CHECKS: tuple[EntryCheck, ...] = (
    text_length.check,
    payload_size.check,
    links.check,
    pictures.check,
    invisible_characters.check,
    placeholders.check,
    options.check,
    quiet_hours.check,
    expiry.check,
    schedule.check,
    live_activity.check,
    size.check,
    sms.check,
    ownership.check,
    secrets.check,
)
PROJECT_CHECKS: tuple[ProjectCheck, ...] = (
    posix_timezone_sign.check,
    xiaomi_one_per_day.check,
    targets.check,
    frequency_cap.check,
    size.check_herd,
)
