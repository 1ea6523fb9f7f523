"""When an entry delivers, in the service's terms, or what is wrong with when it says. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from pushctl.core.schedule import (
    Every,
    Horizon,
    Immediate,
    Loop,
    OneShot,
    Schedule,
    bounded,
    local_day,
)
from pushctl.diagnostics import Diagnostic, Range, Severity
from pushctl.manifest.times import (
    EVERY_WEEKDAY,
    Span,
    TimeError,
    in_service_zone,
    instant_of,
    zone,
)

if TYPE_CHECKING:
    from pushctl.manifest.model import Schedule as Written
    from pushctl.manifest.read import ResolvedPush

MIN_LEAD = 600
"""Seconds below which a delivery is called soon; approvals take time."""

DAY_SECONDS = 86400


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


def schedule_of(push: ResolvedPush, moment: Moment) -> Schedule:
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


def _repeated(push: ResolvedPush, written: Written, local: dt.tzinfo, moment: Moment) -> Loop:
    loop = _as_written(written)
    today = local_day(moment.now, local)
    horizon = today + dt.timedelta(days=moment.horizon.days)
    _days_in_order(push, loop, today, horizon, moment)
    span = Span(max(loop.first or today, today), max(min(loop.last or horizon, horizon), today))
    try:
        converted = in_service_zone(loop, local, moment.horizon.zone, span)
    except TimeError as error:
        raise Problem(finding(error, push.locate("schedule", "timezone"))) from error
    window = bounded(converted, now=moment.now, horizon=moment.horizon)
    if window is None and push.id not in moment.recorded:
        _stop(
            "PSH207",
            "The recurrence never delivers",
            f"No day between {span.first} and {span.last} fits `every`.",
            push.locate("schedule"),
            "check the days, and `from` and `until`",
        )
    return converted


def _as_written(written: Written) -> Loop:
    kind = Every.DAY
    on: tuple[int, ...] = ()
    if isinstance(written.every, tuple):
        if all(isinstance(day, int) for day in written.every):
            kind, on = Every.MONTH, tuple(sorted(int(day) for day in written.every))
        else:
            days = sorted(EVERY_WEEKDAY[str(day)] for day in written.every)
            kind, on = Every.WEEK, tuple(days)
    return Loop(
        every=kind,
        on=on,
        time=dt.time.fromisoformat(str(written.at)),
        first=dt.date.fromisoformat(written.from_) if written.from_ else None,
        last=dt.date.fromisoformat(written.until) if written.until else None,
    )


def _days_in_order(
    push: ResolvedPush, loop: Loop, today: dt.date, horizon: dt.date, moment: Moment
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
    if loop.last and loop.last > horizon:
        _too_far(str(loop.last), until, moment)
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


def warnings_of(push: ResolvedPush, schedule: Schedule, moment: Moment) -> Iterator[Diagnostic]:
    """Yield what is allowed but may surprise."""
    if isinstance(schedule, OneShot) and moment.now < schedule.at < moment.now + MIN_LEAD:
        yield Diagnostic(
            Severity.WARNING,
            "PSH202",
            "The delivery is very soon",
            f"{push.id} is due in {schedule.at - moment.now} s; an approval may take longer.",
            push.locate("schedule", "at"),
        )
    if isinstance(schedule, Loop) and schedule.every is Every.MONTH and max(schedule.on) > 28:
        yield Diagnostic(
            Severity.WARNING,
            "PSH208",
            "Some months do not have this day",
            f"Day {max(schedule.on)} is taken to be skipped in shorter months; what the real "
            "service does then is not documented.",
            push.locate("schedule", "every"),
            fix="use days up to 28",
        )
