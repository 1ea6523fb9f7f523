"""Deliveries at hours at which they should not arrive."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from pushctl.lint.model import Finding, Setting, Subject
from pushctl.vendors.facts import Hours


def check(subject: Subject, setting: Setting) -> Iterator[Finding]:
    """Yield the first delivery of marketing in quiet hours."""
    if not subject.marketing:
        return
    quiet = quiet_hours(setting)
    local = (dt.datetime.fromtimestamp(at, subject.zone) for at in subject.upcoming)
    first = next((when for when in local if quiet.holds(when.time())), None)
    if first is not None:
        yield Finding(
            "PSH401",
            ("schedule", "at"),
            f"{subject.id} is delivered at {first:%H:%M} on {first:%Y-%m-%d}; quiet hours are "
            f"{quiet.since:%H:%M} to {quiet.until:%H:%M}.",
            fix="deliver it at another time",
        )


def quiet_hours(setting: Setting) -> Hours:
    """Return the hours in which marketing wakes nobody."""
    hours = setting.policy.quiet_hours
    return Hours(dt.time.fromisoformat(hours.from_), dt.time.fromisoformat(hours.until))
