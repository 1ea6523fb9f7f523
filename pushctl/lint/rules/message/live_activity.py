"""Live Activities that stay on the lock screen longer than meant.

PSH511 itself is in `manifest/rules.toml`: reading a manifest finds other cases of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from pushctl.diagnostics import Severity
from pushctl.lint.check import Finding, LintContext, LintTarget
from pushctl.text.duration import seconds, span


def check(subject: LintTarget, context: LintContext) -> Iterator[Finding]:
    """Yield that an ended activity stays for as long as the phone likes."""
    activity = subject.entry.live_activity
    if activity is None or activity.event != "end" or activity.dismiss_at is not None:
        return
    detail = (
        f"{subject.id} ends without `dismiss_at`: it stays on the lock screen for up to "
        f"{span(seconds(context.facts.activity_stays))}."
    )
    fix = "write `dismiss_at`, a moment at which it goes away"
    yield Finding("PSH511", ("live_activity", "event"), detail, fix=fix, severity=Severity.INFO)
