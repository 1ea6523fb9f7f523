"""When an entry delivers, in the service's terms, or what is wrong with when it says. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from pushctl.core.recurrence import Declared, Recurrence, instants
from pushctl.core.rule import Freq, Rule, Weekday
from pushctl.core.schedule import Horizon, Immediate, OneShot, local_day
from pushctl.diagnostics import Diagnostic, Range, Severity
from pushctl.manifest.times import (
    EVERY_WEEKDAY,
    TimeError,
    instant_of,
    zone,
)

if TYPE_CHECKING:
    from pushctl.manifest.model import Schedule as Written
    from pushctl.manifest.read import ResolvedPush

MIN_LEAD = 600
"""Seconds below which a delivery is called soon; approvals take time."""

DAY_SECONDS = 86400

DEFAULT_EXPIRY = 86400
"""Seconds for which a phone may be offline and still get the message, if nobody says."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What the time of compiling depends on.

    `now` in epoch seconds. `recorded` holds the ids that were applied before: for those a time
    that has passed is history, for the others it is a mistake, unless `send_late` is wanted.
    """

    now: int
    zone: dt.tzinfo
    horizon: Horizon
    recorded: frozenset[str] = frozenset()
    send_late: bool = False


class Problem(Exception):
    """An entry that cannot be scheduled; carries the finding."""

    def __init__(self, finding: Diagnostic) -> None:
        super().__init__(finding.detail)
        self.finding = finding


def schedule_of(push: ResolvedPush, moment: Moment) -> Declared:
    """Return the declared schedule of an entry in the service's zone; raises `Problem`."""
    written = push.entry.schedule
    if written.now:
        return Immediate()
    try:
        local = zone(written.timezone) if written.timezone else moment.zone
    except TimeError as error:
        raise Problem(finding(error, push.locate("schedule", "timezone"))) from error
    if written.every is None:
        return _once(push, written, local, moment)
    return _repeated(push, written, local, moment)


def _once(push: ResolvedPush, written: Written, local: dt.tzinfo, moment: Moment) -> OneShot:
    place = push.locate("schedule", "at")
    try:
        at = instant_of(str(written.at), local)
    except TimeError as error:
        raise Problem(finding(error, place)) from error
    if at <= moment.now and push.id not in moment.recorded and not moment.send_late:
        _stop(
            "PSH201",
            "The delivery time has passed",
            f"{push.id} should have gone out at {written.at}, and was never sent.",
            place,
            "give it a time that is still ahead, or apply with --send-late to send it at once",
        )
    if at > moment.now + moment.horizon.days * DAY_SECONDS:
        _too_far(str(written.at), place, moment)
    return OneShot(at)


def _repeated(push: ResolvedPush, written: Written, local: dt.tzinfo, moment: Moment) -> Recurrence:
    found = _as_written(written, local)
    today = local_day(moment.now, local)
    horizon = today + dt.timedelta(days=moment.horizon.days)
    _days_in_order(push, found, today, horizon, moment)
    coming = instants(found, moment.now + moment.horizon.lead, moment.horizon.end(moment.now))
    if not coming and push.id not in moment.recorded:
        _stop(
            "PSH207",
            "The recurrence never delivers",
            f"No day between {found.first or today} and {found.last or horizon} fits `every`.",
            push.locate("schedule"),
            "check the days, and `from` and `until`",
        )
    return found


def _as_written(written: Written, local: dt.tzinfo) -> Recurrence:
    rule = Rule(Freq.DAILY)
    if isinstance(written.every, tuple):
        if all(isinstance(day, int) for day in written.every):
            on = tuple(sorted(int(day) for day in written.every))
            rule = Rule(Freq.MONTHLY, by_month_day=on)
        else:
            days = sorted(EVERY_WEEKDAY[str(day)] for day in written.every)
            rule = Rule(Freq.WEEKLY, by_day=tuple(Weekday(day) for day in days))
    return Recurrence(
        rule,
        (dt.time.fromisoformat(str(written.at)),),
        local,
        dt.date.fromisoformat(written.from_) if written.from_ else None,
        dt.date.fromisoformat(written.until) if written.until else None,
    )


def _days_in_order(
    push: ResolvedPush, loop: Recurrence, today: dt.date, horizon: dt.date, moment: Moment
) -> None:
    until = push.locate("schedule", "until")
    if loop.first and loop.last and loop.last < loop.first:
        _stop(
            "PSH207",
            "The recurrence never delivers",
            f"`until` {loop.last} is before `from` {loop.first}.",
            until,
            "exchange the two days",
        )
    if loop.last and loop.last < today and push.id not in moment.recorded:
        _stop(
            "PSH201",
            "The delivery time has passed",
            f"{push.id} ended on {loop.last}, and was never sent.",
            until,
            "give it an end that is still ahead, or leave `until` out",
        )
    if loop.first and loop.first > horizon:
        _too_far(str(loop.first), push.locate("schedule", "from"), moment)


def _too_far(text: str, place: Range, moment: Moment) -> NoReturn:
    days = moment.horizon.days
    last = moment.horizon.last_day(moment.now)
    _stop(
        "PSH209",
        "The date is too far ahead",
        f"{text} is more than {days} days away, which is what the service documents as its "
        f"limit; today that is {last}.",
        place,
        "leave `until` out for a recurrence that is renewed until further notice, or apply it "
        "later; `app.behaviour.horizon_days` changes the limit",
    )


def _stop(code: str, summary: str, detail: str, place: Range, fix: str) -> NoReturn:
    raise Problem(Diagnostic(Severity.ERROR, code, summary, detail, place, fix=fix))


def finding(error: TimeError, place: Range | None) -> Diagnostic:
    """Return a time error as a finding at a place."""
    return Diagnostic(Severity.ERROR, error.code, error.summary, error.detail, place, fix=error.fix)


def warnings_of(push: ResolvedPush, schedule: Declared, moment: Moment) -> Iterator[Diagnostic]:
    """Yield what is allowed but may surprise."""
    if isinstance(schedule, OneShot) and moment.now < schedule.at < moment.now + MIN_LEAD:
        yield Diagnostic(
            Severity.WARNING,
            "PSH202",
            "The delivery is very soon",
            f"{push.id} is due in {schedule.at - moment.now} s; an approval may take longer.",
            push.locate("schedule", "at"),
        )
    if isinstance(schedule, Recurrence) and max(schedule.rule.by_month_day, default=0) > 28:
        yield Diagnostic(
            Severity.WARNING,
            "PSH208",
            "Some months do not have this day",
            f"Day {max(schedule.rule.by_month_day)} is left out in shorter months.",
            push.locate("schedule", "every"),
            fix="use days up to 28",
        )
    yield from _offer(push, schedule, moment)
    yield from _expired(push, moment)


def _offer(push: ResolvedPush, schedule: Declared, moment: Moment) -> Iterator[Diagnostic]:
    """A message must not arrive when what it offers is over."""
    if push.entry.offer_ends is None:
        return
    place = push.locate("offer_ends")
    try:
        ends = instant_of(push.entry.offer_ends, moment.zone)
    except TimeError as error:
        yield finding(error, place)
        return
    expiry = push.entry.expires_after
    kept = DEFAULT_EXPIRY if expiry is None else expiry
    last = _last(schedule, moment)
    if last is None or last + kept <= ends:
        return
    yield Diagnostic(
        Severity.ERROR,
        "PSH405",
        "The message could arrive after the offer has ended",
        f"A phone that is offline gets it up to {kept} s after the last delivery, and the offer "
        f"ends at {push.entry.offer_ends}.",
        place,
        fix="shorten `expires_after`, or deliver earlier",
    )


def _last(schedule: Declared, moment: Moment) -> int | None:
    """Return the last delivery there will ever be; None if nobody can say."""
    match schedule:
        case Immediate():
            return moment.now
        case OneShot(at=at):
            return at
        case Recurrence(last=None):
            return moment.now + moment.horizon.days * DAY_SECONDS
        case Recurrence():
            return max(instants(schedule, moment.now, moment.horizon.end(moment.now)), default=None)


def _expired(push: ResolvedPush, moment: Moment) -> Iterator[Diagnostic]:
    today = local_day(moment.now, moment.zone)
    for index, allow in enumerate(push.entry.allow):
        if allow.until is not None and dt.date.fromisoformat(allow.until) < today:
            yield Diagnostic(
                Severity.ERROR,
                "PSH807",
                "An accepted finding is accepted no longer",
                f"{allow.rule} was accepted until {allow.until}.",
                push.locate("allow", index, "until"),
                fix="mend what the finding says, or give it a new day and say why",
            )
