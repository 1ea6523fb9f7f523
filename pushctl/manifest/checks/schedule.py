"""When an entry is to deliver, why it cannot, and what about it may surprise."""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Container, Iterator

from msgspec import Struct, field

from pushctl.diagnostics import Diagnostic, Severity
from pushctl.manifest.edit import fixes
from pushctl.manifest.resolved import ResolvedPush
from pushctl.manifest.rules import diagnostic
from pushctl.manifest.schedule.every import missing_day
from pushctl.manifest.schedule.parse import Calendars, declared
from pushctl.manifest.schedule.timezones import TimeError, instant_of
from pushctl.manifest.yaml.positions import Path, Provenance
from pushctl.schedule.day_mask import days, lowest
from pushctl.schedule.recurrence import (
    Declared,
    Recurrence,
    clock_changes,
    instants,
    instants_from,
    on_days,
)
from pushctl.schedule.rule import occurrence_days
from pushctl.schedule.service_schedule import DAY, Horizon, Immediate, OneShot, local_day
from pushctl.schedule.zone_offsets import DAY_SECONDS, Fold, Gap, offset_runs, wall_time
from pushctl.text.plural import also
from pushctl.text.timestamps import clock, day, zone_name

DEFAULT_EXPIRY = 86400
"""Seconds for which a phone may be offline and still get the message, if nobody says."""


class CompileContext(Struct, frozen=True):
    """What compiling an entry depends on beside the entry.

    `now` in epoch seconds, `zone` that of the manifest. `recorded` holds the ids that were applied
    before: for those a time that has passed is history, for the others it is a mistake, unless
    `send_late` is wanted. `calendars` are the days that schedules may skip by name. What is due in
    less than `min_lead` seconds is called soon; approvals take time.
    """

    now: int
    zone: dt.tzinfo
    horizon: Horizon
    recorded: Container[str] = frozenset()
    send_late: bool = False
    calendars: Calendars = field(default_factory=dict)
    min_lead: int = 600

    @property
    def end(self) -> int:
        """Return the last instant (epoch seconds) at which the service lets anything be due."""
        return self.now + self.horizon.days * DAY_SECONDS


class Problem(Exception):
    """An entry that cannot be scheduled; carries the finding."""

    def __init__(self, finding: Diagnostic) -> None:
        super().__init__(finding.detail)
        self.finding = finding


def schedule_of(push: ResolvedPush, context: CompileContext) -> Declared:
    """Return what an entry's schedule declares; raises `Problem`."""
    try:
        schedule = declared(push.entry.schedule, context.zone, context.calendars)
    except TimeError as error:
        raise Problem(finding(error, push.provenance, ("schedule", *error.path))) from error
    match schedule:
        case OneShot():
            _check_once(push, schedule, context)
        case Recurrence():
            _check_repeated(push, schedule, context)
    return schedule


def _check_once(push: ResolvedPush, schedule: OneShot, context: CompileContext) -> None:
    written = push.entry.schedule.at
    if schedule.at <= context.now and push.id not in context.recorded and not context.send_late:
        detail = f"{push.id} should have gone out at {written}, and nothing was sent under this id."
        fix = (
            "give it a time that is still ahead; if it went out under another id, say so with "
            "`moved`; only if it did not, apply with --send-late to send it at once"
        )
        raise Problem(diagnostic("PSH201", detail, push.locate("schedule", "at"), fix))
    if schedule.at > context.end:
        days, last = context.horizon.days, context.horizon.last_day(context.now)
        detail = (
            f"{written} is more than {days} days away, which is what the service documents as its "
            f"limit; today that is {last}."
        )
        fix = (
            "apply it later, or let it repeat: a recurrence is renewed while time goes on; "
            "`app.behaviour.horizon_days` changes the limit"
        )
        raise Problem(diagnostic("PSH209", detail, push.locate("schedule", "at"), fix))


def _check_repeated(push: ResolvedPush, schedule: Recurrence, context: CompileContext) -> None:
    first, last = schedule.first, schedule.last
    if first and last and last < first:
        detail = f"`until` {last} is before `from` {first}."
        place = push.locate("schedule", "until")
        raise Problem(diagnostic("PSH207", detail, place, "exchange the two days"))
    over = last is not None and last < local_day(context.now, schedule.zone)
    if (not over and soonest(schedule, context) is not None) or push.id in context.recorded:
        return
    if over:
        detail = f"{push.id} ended on {last}, and was never sent."
        fix = "give it an end that is still ahead, or leave `until` out"
        raise Problem(diagnostic("PSH201", detail, push.locate("schedule", "until"), fix))
    ends = "" if last is None else f" until {last}"
    skipped = " that `skip` leaves" if schedule.skip else ""
    detail = f"From today on there is no day{ends}{skipped} on which it could be delivered."
    fix = "check the days, `from`, `until` and `skip`"
    raise Problem(diagnostic("PSH207", detail, push.locate("schedule"), fix))


def soonest(schedule: Recurrence, context: CompileContext) -> int | None:
    """Return the first delivery that can still be made (epoch seconds), however far away."""
    return next(instants_from(schedule, context.now + context.horizon.lead), None)


def finding(error: TimeError, place: Provenance, path: Path) -> Diagnostic:
    """Return a time error as a finding about the value at a path."""
    edits = () if error.zone is None else fixes.of_zone(place, path, error.zone)
    return diagnostic(error.code, error.detail, place.locate(*path), error.fix, edits=edits)


# --- warnings -------------------------------------------------------------------------------------


def warnings_of(
    push: ResolvedPush, schedule: Declared, context: CompileContext
) -> Iterator[Diagnostic]:
    """Yield what is allowed but may surprise."""
    yield from _soon(push, schedule, context)
    if isinstance(schedule, Recurrence):
        yield from _starts(push, schedule, context)
        yield from _short_months(push, schedule)
        yield from _silent_months(push, schedule, context)
        yield from _clock_changes(push, schedule, context)
    yield from _offer(push, schedule, context)
    yield from _expired(push, context)


def _soon(push: ResolvedPush, schedule: Declared, context: CompileContext) -> Iterator[Diagnostic]:
    at: int | None = None
    end = context.now + context.min_lead
    match schedule:
        case OneShot():
            at = schedule.at
        case Recurrence():
            at = next(iter(instants(schedule, context.now + 1, end)), None)
            at = None if at is None or push.id in context.recorded else at
    if at is not None and context.now < at < end:
        detail = f"{push.id} is due in {at - context.now} s; an approval may take longer."
        yield diagnostic("PSH202", detail, push.locate("schedule", "at"))


def _starts(
    push: ResolvedPush, schedule: Recurrence, context: CompileContext
) -> Iterator[Diagnostic]:
    """Look at the first day of a recurrence that was never applied."""
    first, now = schedule.first, context.now
    if first is None:
        return
    today, last = local_day(now, schedule.zone), context.horizon.last_day(now)
    if today < first <= last or first < today or push.id in context.recorded:
        return
    place = push.locate("schedule", "from")
    if first == today and (passed := instants(schedule, now - DAY_SECONDS, now)):
        at = soonest(schedule, context)
        following = f" is on {local_day(at, schedule.zone)}" if at is not None else ""
        detail = (
            f"`from` is today, {first}, but {_clock(passed[0], schedule)} has passed; the first "
            f"delivery{following}."
        )
        fix = "begin with a time that is still ahead, or with a later day"
        yield diagnostic("PSH212", detail, place, fix)
    if first > last:
        days = context.horizon.days
        detail = f"{push.id} begins on {first}; the service takes it {days} days ahead."
        fix = f"nothing; an apply from {first - DAY * days} on creates it"
        yield diagnostic("PSH215", detail, place, fix)


def _clock(at: int, schedule: Recurrence) -> str:
    return clock(dt.datetime.fromtimestamp(at, schedule.zone).time())


def _short_months(push: ResolvedPush, schedule: Recurrence) -> Iterator[Diagnostic]:
    day = missing_day(schedule.rule, schedule.first)
    if day is None or push.entry.schedule.short_months is not None:
        return
    place = push.locate("schedule", "every" if push.entry.schedule.every else "rrule")
    detail = f"There is no day {day} in shorter months; nothing is delivered there."
    fix = "say what you mean: `short_months: skip`, or `short_months: last-day` for the last day"
    yield diagnostic("PSH208", detail, place, fix)


def _silent_months(
    push: ResolvedPush, schedule: Recurrence, context: CompileContext
) -> Iterator[Diagnostic]:
    """Name the months ahead of whose deliveries `skip` leaves none."""
    if not schedule.skip:
        return
    today = local_day(context.now, schedule.zone)
    span = days((today.replace(day=1) - DAY).replace(day=1), 400)
    due = occurrence_days(schedule.rule, span, schedule.first) & span.range(today, schedule.last)
    delivered, to = on_days(schedule, span), push.entry.schedule.on_holiday
    lost = []
    for month in span.months[:-1]:
        start, end = month.start, month.start + month.length - 1
        # What is moved may come in another month.
        near = span.between(0 if to == "before" else start, span.size if to == "after" else end)
        if (here := due & span.between(start, end)) and not delivered & near:
            lost.append(span.date(lowest(here)))
    if lost:
        others = also(len(lost) - 1, "more of its months")
        detail = f"{day(lost[0])} is left out, and nothing is delivered in that month.{others}"
        fix = "deliver it on a working day nearby, with `on_holiday: before` or `after`"
        place = push.locate("schedule", "skip")
        yield diagnostic("PSH218", detail, place, fix)


def _clock_changes(
    push: ResolvedPush, schedule: Recurrence, context: CompileContext
) -> Iterator[Diagnostic]:
    """Tell what clock changes do to a recurrence, where nobody chose."""
    if schedule.gap is not None and schedule.fold is not None:
        return
    if len(offset_runs(schedule.zone, context.now, context.end)) == 1:
        return
    ends = [local_day(at, schedule.zone) for at in (context.now, context.end)]
    found = sorted(
        (odd.day, odd.time, odd.twice)
        for odd in clock_changes(schedule, context.now, context.end)
        if ends[0] <= odd.day <= ends[1]
    )
    place, clocks = push.locate("schedule", "at"), f"the clocks of {zone_name(schedule.zone)}"
    skipped = next(((day, time) for day, time, twice in found if not twice), None)
    if skipped is not None and schedule.gap is None:
        day, time = skipped
        at = wall_time(days(day, 1), time, schedule.zone, Gap.NEXT, Fold.FIRST).instants(1)[0]
        delivered = f"it is delivered at {_clock(at, schedule)}"
        detail = f"On {day} {clocks} skip {clock(time)}; {delivered}."
        fix = "say what you mean: `gap: next` (as it is now), `gap: shift` or `gap: skip`"
        yield diagnostic("PSH205", detail, place, fix, Severity.WARNING)
    repeated = next(((day, time) for day, time, twice in found if twice), None)
    if repeated is not None and schedule.fold is None:
        day, time = repeated
        detail = f"On {day} {clocks} show {clock(time)} twice; it is delivered the first time."
        fix = "say what you mean: `fold: first` (as it is now) or `fold: second`"
        yield diagnostic("PSH206", detail, place, fix, Severity.WARNING)


def _offer(push: ResolvedPush, schedule: Declared, context: CompileContext) -> Iterator[Diagnostic]:
    """A message must not arrive when what it offers is over."""
    if push.entry.offer_ends is None:
        return
    place = push.locate("offer_ends")
    try:
        ends = instant_of(push.entry.offer_ends, context.zone)
    except TimeError as error:
        yield finding(error, push.provenance, ("offer_ends",))
        return
    expiry = push.entry.expires_after
    kept = DEFAULT_EXPIRY if expiry is None else expiry
    last = _last(schedule, context)
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
    yield diagnostic("PSH405", detail, place, fix)


def _last(schedule: Declared, context: CompileContext) -> int | None:
    """Return the last delivery there will ever be; None if nothing is left to deliver."""
    match schedule:
        case Immediate():
            return context.now
        case OneShot(at=at):
            return at
        case Recurrence() if schedule.last is None and schedule.rule.count is None:
            return context.end
        case Recurrence():
            ahead = instants_from(schedule, context.now + context.horizon.lead)
            return next(iter(deque(ahead, maxlen=1)), None)


def _expired(push: ResolvedPush, context: CompileContext) -> Iterator[Diagnostic]:
    today = local_day(context.now, context.zone).isoformat()
    for index, allow in enumerate(push.entry.allow):
        if allow.until is not None and allow.until < today:
            place = push.locate("allow", index, "until")
            detail = f"{allow.rule} was accepted until {allow.until}."
            fix = "mend what the finding says, or give it a new day and say why"
            yield diagnostic("PSH807", detail, place, fix)
