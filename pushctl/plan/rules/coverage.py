"""A rule about how far ahead a recurrence is scheduled."""

from __future__ import annotations

from functools import partial

from pushctl.diagnostics import Severity
from pushctl.rule import Rule, report

DAILY = "{every: day, at: '10:00'}"
_later = partial(
    report, DAILY, before=report(DAILY).text, applied="2026-06-11T09:00:00+08:00", offline=False
)


RULES = (
    Rule(
        code="PSH216",
        title="A recurrence falls silent",
        severity=Severity.WARNING,
        why="""What is scheduled of a recurrence runs out within two weeks, and this plan does not
        renew it: it was left out, or the quota has no room. If nobody applies in time, people get
        nothing, and nothing tells them why.""",
        fix="Apply without `--target` and `--exclude`, and make room if it waits for some.",
        bad=_later(options=("--exclude", "report")),
        good=_later(),
        adjustable=True,
    ),
)
