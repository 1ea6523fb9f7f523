"""What a schedule may say but surprises: too soon, missed, times that do not exist. Pure."""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pushctl.diagnostics import Diagnostic, Severity
from pushctl.manifest.checks.schedule import DEFAULT_EXPIRY, Moment, finding, soonest
from pushctl.manifest.schedule.every import missing_day
from pushctl.manifest.schedule.timezones import TimeError, instant_of, name_of
from pushctl.schedule.day_mask import days
from pushctl.schedule.recurrence import Declared, Recurrence, coming, day_of, instants, oddities
from pushctl.schedule.service_schedule import DAY, Immediate, OneShot, local_day
from pushctl.schedule.zone_offsets import DAY_SECONDS, Fold, Gap, runs, wall

if TYPE_CHECKING:
    from pushctl.manifest.read import ResolvedPush


def warnings_of(push: ResolvedPush, schedule: Declared, moment: Moment) -> Iterator[Diagnostic]:
    """Yield what is allowed but may surprise."""
    yield from _soon(push, schedule, moment)
    if isinstance(schedule, Recurrence):
        yield from _starts(push, schedule, moment)
        yield from _short_months(push, schedule)
        yield from _clock_changes(push, schedule, moment)
    yield from _offer(push, schedule, moment)
    yield from _expired(push, moment)


def _soon(push: ResolvedPush, schedule: Declared, moment: Moment) -> Iterator[Diagnostic]:
    at: int | None = None
    match schedule:
        case OneShot():
            at = schedule.at
        case Recurrence() if push.id not in moment.recorded:
            at = next(iter(instants(schedule, moment.now + 1, moment.now + moment.min_lead)), None)
    if at is not None and moment.now < at < moment.now + moment.min_lead:
        yield Diagnostic(
            Severity.WARNING,
            "PSH202",
            "The delivery is very soon",
            f"{push.id} is due in {at - moment.now} s; an approval may take longer.",
            push.locate("schedule", "at"),
        )


def _starts(push: ResolvedPush, schedule: Recurrence, moment: Moment) -> Iterator[Diagnostic]:
    """Look at the first day of a recurrence that was never applied."""
    first = schedule.first
    if first is None or push.id in moment.recorded:
        return
    today = local_day(moment.now, schedule.zone)
    place = push.locate("schedule", "from")
    if first == today and (passed := instants(schedule, moment.now - DAY_SECONDS, moment.now)):
        at = soonest(schedule, moment)
        following = f" is on {day_of(at, schedule.zone)}" if at is not None else ""
        yield Diagnostic(
            Severity.WARNING,
            "PSH212",
            "The first delivery is missed",
            f"`from` is today, {first}, but {_clock(passed[0], schedule)} has passed; the first "
            f"delivery{following}.",
            place,
            fix="begin with a time that is still ahead, or with a later day",
        )
    if first > moment.horizon.last_day(moment.now):
        yield Diagnostic(
            Severity.INFO,
            "PSH215",
            "The recurrence begins later than the service takes it",
            f"{push.id} begins on {first}; the service takes it {moment.horizon.days} days ahead.",
            place,
            fix=f"nothing; an apply from {first - DAY * moment.horizon.days} on creates it",
        )


def _clock(at: int, schedule: Recurrence) -> str:
    return _shown(dt.datetime.fromtimestamp(at, schedule.zone).time())


def _shown(time: dt.time) -> str:
    return time.isoformat("seconds" if time.second else "minutes")


def _short_months(push: ResolvedPush, schedule: Recurrence) -> Iterator[Diagnostic]:
    day = missing_day(schedule.rule, schedule.first)
    if day is None or push.entry.schedule.short_months is not None:
        return
    yield Diagnostic(
        Severity.WARNING,
        "PSH208",
        "Some months do not have this day",
        f"There is no day {day} in shorter months; nothing is delivered there.",
        push.locate("schedule", "every" if push.entry.schedule.every else "rrule"),
        fix="say what you mean: `short_months: skip`, or `short_months: last-day` for the last day",
    )


def _clock_changes(
    push: ResolvedPush, schedule: Recurrence, moment: Moment
) -> Iterator[Diagnostic]:
    """Tell what clock changes do to a recurrence, where nobody chose."""
    if schedule.gap is not None and schedule.fold is not None:
        return
    if len(runs(schedule.zone, moment.now, moment.end)) == 1:
        return
    ends = [local_day(at, schedule.zone) for at in (moment.now, moment.end)]
    found = sorted(
        (odd.day, odd.time, odd.twice)
        for odd in oddities(schedule, moment.now, moment.end)
        if ends[0] <= odd.day <= ends[1]
    )
    place, clocks = push.locate("schedule", "at"), f"the clocks of {name_of(schedule.zone)}"
    skipped = [(day, time) for day, time, twice in found if not twice]
    if skipped and schedule.gap is None:
        day, time = skipped[0]
        at = wall(days(day, 1), time, schedule.zone, Gap.NEXT, Fold.FIRST).instants(1)[0]
        yield Diagnostic(
            Severity.WARNING,
            "PSH205",
            "The wall time does not exist",
            f"On {day} {clocks} skip {_shown(time)}; it is delivered at {_clock(at, schedule)}.",
            place,
            fix="say what you mean: `gap: next` (as it is now), `gap: shift` or `gap: skip`",
        )
    twice = [(day, time) for day, time, twice in found if twice]
    if twice and schedule.fold is None:
        day, time = twice[0]
        yield Diagnostic(
            Severity.WARNING,
            "PSH206",
            "The wall time happens twice",
            f"On {day} {clocks} show {_shown(time)} twice; it is delivered the first time.",
            place,
            fix="say what you mean: `fold: first` (as it is now) or `fold: second`",
        )


def _offer(push: ResolvedPush, schedule: Declared, moment: Moment) -> Iterator[Diagnostic]:
    """A message must not arrive when what it offers is over."""
    if push.entry.offer_ends is None:
        return
    place = push.locate("offer_ends")
    try:
        ends = instant_of(push.entry.offer_ends, moment.zone)
    except TimeError as error:
        yield finding(error, push.provenance, ("offer_ends",))
        return
    expiry = push.entry.expires_after
    kept = DEFAULT_EXPIRY if expiry is None else expiry
    last = _last(schedule, moment)
    if last is None or last + kept <= ends:
        return
    detail = (
        f"A phone that is offline gets it up to {kept} s after the last delivery, and the offer "
        f"ends at {push.entry.offer_ends}."
    )
    fix = "shorten `expires_after`, or deliver earlier"
    if last >= ends:
        detail = f"The offer is over at {push.entry.offer_ends}, before the last delivery."
        fix = "deliver earlier, or correct `offer_ends`"
    yield Diagnostic(
        Severity.ERROR,
        "PSH405",
        "The message could arrive after the offer has ended",
        detail,
        place,
        fix=fix,
    )


def _last(schedule: Declared, moment: Moment) -> int | None:
    """Return the last delivery there will ever be; None if nothing is left to deliver."""
    match schedule:
        case Immediate():
            return moment.now
        case OneShot(at=at):
            return at
        case Recurrence() if schedule.last is None and schedule.rule.count is None:
            return moment.end
        case Recurrence():
            ahead = coming(schedule, moment.now + moment.horizon.lead)
            return next(iter(deque(ahead, maxlen=1)), None)


def _expired(push: ResolvedPush, moment: Moment) -> Iterator[Diagnostic]:
    today = local_day(moment.now, moment.zone).isoformat()
    for index, allow in enumerate(push.entry.allow):
        if allow.until is not None and allow.until < today:
            yield Diagnostic(
                Severity.ERROR,
                "PSH807",
                "An accepted finding is accepted no longer",
                f"{allow.rule} was accepted until {allow.until}.",
                push.locate("allow", index, "until"),
                fix="mend what the finding says, or give it a new day and say why",
            )
