"""Schedules that end unnoticed, fall into a freeze, or take many tasks."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator

from pushctl.lint.check import Finding, LintContext, LintTarget
from pushctl.lint.context import first_weeks
from pushctl.lint.rules.timing.quiet_hours import when
from pushctl.manifest.schema.policy import Freeze
from pushctl.push.task import MAX_TARGETS
from pushctl.schedule.loop_compiler import compile_loops
from pushctl.schedule.recurrence import Recurrence, instants, instants_from
from pushctl.schedule.rule import Freq
from pushctl.schedule.service_schedule import DAY, Immediate, OneShot, instant, local_day
from pushctl.schedule.zone_offsets import DAY_SECONDS, offset_runs
from pushctl.text.plural import also, count
from pushctl.text.timestamps import day, moment

ENDS_SOON = 14
"""Days before the end of a recurrence from which on people are told."""

CAMPAIGN = 60
"""Days up to which a recurrence is a campaign: that it ends is what it is for."""

FOREVER = dt.date(9000, 1, 1)
"""Far enough for every freeze, and a date that one can still add to."""

MUCH = 0.1
"""The share of the quota from which on a schedule that is cut into several tasks is expensive."""


def check(subject: LintTarget, context: LintContext) -> Iterator[Finding]:
    """Yield what is odd about when an entry is delivered."""
    for freeze in context.policy.freezes:
        yield from _frozen(subject, freeze, context)
    if isinstance(subject.schedule, Recurrence):
        yield from _ending(subject, subject.schedule, context)
        yield from _expensive(subject, subject.schedule, context)


# --- freezes --------------------------------------------------------------------------------------


def _frozen(subject: LintTarget, freeze: Freeze, context: LintContext) -> Iterator[Finding]:
    try:
        first, last = dt.date.fromisoformat(freeze.from_), dt.date.fromisoformat(freeze.until)
    except ValueError:
        return  # there is a finding about that already
    begin = instant(first, dt.time(), subject.zone)
    end = instant(min(last, FOREVER) + DAY, dt.time(), subject.zone)
    found = _between(subject, max(begin, context.now + 1), end - 1, context)
    if not found:
        return
    fix = "deliver it on another day"
    if isinstance(subject.schedule, Recurrence):
        fix = f"leave these days out: `skip: [{{from: {freeze.from_}, until: {freeze.until}}}]`"
    detail = (
        f"{subject.id} is delivered on {moment(found[0], subject.zone)}; nothing may be delivered "
        f"from {day(first)} to {day(last)} ({freeze.reason})."
        f"{also(len(found) - 1, 'more of its deliveries')}"
    )
    yield Finding("PSH213", when(subject), detail, fix=fix)


def _between(subject: LintTarget, begin: int, end: int, context: LintContext) -> tuple[int, ...]:
    """Return the deliveries between two moments; of a recurrence only those of the first weeks.

    A freeze may last for thousands of years.
    """
    match subject.schedule:
        case Recurrence() as schedule:
            found = first_weeks(schedule, begin, min(end, context.horizon.end(context.now)))
            return found[: bisect_right(found, end)]
        case OneShot(at=at):
            return (at,) if begin <= at <= end else ()
        case Immediate():
            return tuple(at for at in subject.upcoming if begin - 1 <= at <= end)
        case None:
            return ()


# --- the end of a recurrence ----------------------------------------------------------------------


def _ending(subject: LintTarget, schedule: Recurrence, context: LintContext) -> Iterator[Finding]:
    """Tell of a recurrence that people are used to and that ends soon.

    Not of a new one, of which a reviewer sees the end, and not of a short campaign.
    """
    if not subject.upcoming or (schedule.last is None and schedule.rule.count is None):
        return
    if subject.id not in context.recorded:
        return
    soon = context.now + ENDS_SOON * DAY_SECONDS
    if subject.upcoming[-1] > soon or next(instants_from(schedule, soon + 1), None) is not None:
        return
    last = instants(schedule, subject.upcoming[-1], soon)[-1]
    first = schedule.first
    if first is None or (local_day(last, schedule.zone) - first).days >= CAMPAIGN:
        yield Finding(
            "PSH210",
            ("schedule", "until" if schedule.last else "rrule"),
            f"The last delivery of {subject.id} is on {moment(last, subject.zone)}; after that "
            "nobody gets it any more.",
            fix="take `until` out if it should go on; accept the finding if it is to end",
        )


# --- what it costs --------------------------------------------------------------------------------


def _expensive(
    subject: LintTarget, schedule: Recurrence, context: LintContext
) -> Iterator[Finding]:
    """Count the tasks only where there can be many of them: counting costs time."""
    tens = -(-len(subject.push.targets) // MAX_TARGETS)
    end = context.horizon.end(context.now)
    much = MUCH * context.app.quota.limit
    if tens * _at_most(schedule, context, end) < much:
        return
    each = len(compile_loops(instants(schedule, context.now + 1, end), context.service_zone))
    if each > 1 and each * tens >= much:
        people = count(len(subject.push.targets), "target takes", "targets take")
        yield Finding(
            "PSH211",
            when(subject),
            f"{subject.id} takes {each} tasks for each ten people, as far as the service can see "
            f"ahead; its {people} {each * tens} of the {context.app.quota.limit} that it allows.",
            fix="choose days that repeat by the week or the month, and fewer times of day",
        )


def _at_most(schedule: Recurrence, context: LintContext, end: int) -> int:
    """Return a number of tasks for ten people that a schedule does not exceed.

    Days that are the same every week or every month are one task for each time of day, all others
    one for each month; and one more whenever the clocks of either zone change, or days are skipped.
    """
    rule = schedule.rule
    same = rule.interval == 1 and not (rule.by_set_pos or rule.by_year_day or rule.by_month)
    same = same and not any(item.nth for item in rule.by_day) and rule.freq is not Freq.YEARLY
    zones = (schedule.zone, context.service_zone)
    if rule.by_month_day:  # in another zone it may be the day before, or a last day
        same = same and all(0 < day <= 28 for day in rule.by_month_day) and zones[0] == zones[1]
    changes = sum(len(offset_runs(zone, context.now, end)) - 1 for zone in zones) + len(
        schedule.skip + schedule.also
    )
    months = 1 if same else (end - context.now) // (30 * DAY_SECONDS) + 2
    return len(schedule.times) * (months + changes)
