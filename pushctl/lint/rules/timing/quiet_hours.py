"""Deliveries at hours at which they should not arrive, or may still arrive."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from pushctl.diagnostics import Severity
from pushctl.lint.check import Finding, LintContext, LintTarget, Project
from pushctl.lint.labels import meaning, nearly
from pushctl.lint.wall_times import DailyWindow, daily_window, wall_times
from pushctl.manifest.checks.schedule import DEFAULT_EXPIRY
from pushctl.manifest.edit import edits
from pushctl.schedule.zone_offsets import DAY_SECONDS
from pushctl.text.duration import duration, span
from pushctl.text.plural import also
from pushctl.text.timestamps import moment
from pushctl.vendors.facts import Channel


def check(subject: LintTarget, context: LintContext) -> Iterator[Finding]:
    """Yield deliveries of marketing in quiet hours, and those that vivo does not take."""
    near = {} if subject.marketing else nearly(subject.entry.labels, context.policy.marketing)
    for key, meant in near.items():
        detail = f"{subject.id} counts as no marketing: its label `{key}` is not {meant}."
        yield Finding("PSH408", ("labels", key), detail, fix=f"did you mean {meant}?")
    if not subject.upcoming:
        return
    if subject.marketing and not subject.entry.message.silent:
        yield from _quiet(subject, context)
    if subject.entry.vendors.vivo.class_ == "operational" and subject.entry.via != "mps":
        yield from _operational(subject, context)


def check_project(project: Project) -> Iterator[tuple[None, Finding]]:
    """Yield once that a policy about marketing has nothing to look at."""
    policy = project.context.policy
    said = sorted({"quiet_hours", "suppressed", "max_per_day"} & policy.data(defaults=False).keys())
    keys = set(map(meaning, policy.marketing))
    known = (it.marketing or keys & set(map(meaning, it.entry.labels)) for it in project.subjects)
    if said and keys and project.subjects and not any(known):
        detail = f"No push says whether it is marketing, so `policy.{said[0]}` checks nothing."
        yield None, Finding("PSH408", ("policy", said[0]), detail, severity=Severity.INFO)


def kept(subject: LintTarget) -> int:
    """Return for how many seconds a phone may be off and still get the message."""
    expiry = subject.entry.expires_after
    return DEFAULT_EXPIRY if expiry is None else expiry


def where_kept(subject: LintTarget) -> tuple[str, ...]:
    """Return the path to what says how long an entry is kept; the entry itself if it does not.

    One line of `defaults` would get as many findings as there are entries, and what helps differs.
    """
    return ("expires_after",) if edits.is_own(subject.push.provenance, "expires_after") else ()


def _quiet(subject: LintTarget, context: LintContext) -> Iterator[Finding]:
    hours = context.policy.quiet_hours
    quiet = daily_window(dt.time.fromisoformat(hours.from_), dt.time.fromisoformat(hours.until))
    shown = list(wall_times(subject.upcoming, subject.zone, context))
    within = [quiet.contains(at % DAY_SECONDS) for at in shown]
    woken = [at for at, holds in zip(subject.upcoming, within, strict=True) if holds]
    if woken:
        detail = (
            f"{subject.id} is delivered on {moment(woken[0], subject.zone)}; quiet hours are "
            f"{quiet}.{also(len(woken) - 1, 'more of its deliveries')}"
        )
        yield Finding("PSH401", when(subject), detail, fix="deliver it at another time")
    if quiet.begin != quiet.end:
        waits = [
            (quiet.seconds_until(at % DAY_SECONDS), delivery)
            for at, delivery, holds in zip(shown, subject.upcoming, within, strict=True)
            if not holds
        ]
        yield from _late(subject, quiet, waits)


def _late(
    subject: LintTarget, quiet: DailyWindow, waits: list[tuple[int, int]]
) -> Iterator[Finding]:
    """Look at phones that are off when it is delivered: they get it when they are on again."""
    late = [(wait, at) for wait, at in waits if kept(subject) > wait]
    if not late:
        return
    at = late[0][1]
    yield Finding(
        "PSH402",
        where_kept(subject),
        f"A phone that is off when {subject.id} is delivered on {moment(at, subject.zone)} gets "
        f"it up to {span(kept(subject))} later, and may ring in quiet hours ({quiet}).",
        fix=f"write `expires_after: {duration(min(wait for wait, _ in late))}`, or less",
    )


def _operational(subject: LintTarget, context: LintContext) -> Iterator[Finding]:
    vivo = next((item for item in subject.channels if item.channel is Channel.VIVO), None)
    if vivo is None or vivo.operational_hours is None:
        return
    taken = daily_window(vivo.operational_hours.since, vivo.operational_hours.until)
    zone = context.facts.vendor_zone
    shown = wall_times(subject.upcoming, zone, context)
    refused = [
        at
        for at, wall in zip(subject.upcoming, shown, strict=True)
        if not taken.contains(wall % DAY_SECONDS)
    ]
    if refused:
        yield Finding(
            "PSH403",
            when(subject),
            f"{subject.id} is delivered on {moment(refused[0], zone)}; {vivo.name} takes "
            f"operational messages from {taken} there."
            f"{also(len(refused) - 1, 'more of its deliveries')}",
            fix="deliver it at another time, or write `vendors: {vivo: {class: system}}` if it is "
            "a service message",
        )


def when(subject: LintTarget) -> tuple[str, ...]:
    """Return the path to what says the time of an entry's deliveries."""
    schedule = subject.entry.schedule
    return ("schedule", "now") if schedule.now else ("schedule", "at")
