"""When an entry is to deliver, or why it cannot. Pure.

What is allowed but may surprise is in `surprises.py`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn

from pushctl.diagnostics import Diagnostic, Range, Severity
from pushctl.manifest.edit import fixes
from pushctl.manifest.schedule.parse import Calendars, Said, declared
from pushctl.manifest.schedule.timezones import TimeError
from pushctl.manifest.yaml.positions import Path, Provenance
from pushctl.schedule.recurrence import Declared, Recurrence, coming
from pushctl.schedule.service_schedule import Horizon, OneShot, local_day
from pushctl.schedule.zone_offsets import DAY_SECONDS

if TYPE_CHECKING:
    from pushctl.manifest.read import ResolvedPush
    from pushctl.manifest.schema.schedule import Schedule as Written

NEVER = "The recurrence never delivers"

DEFAULT_EXPIRY = 86400
"""Seconds for which a phone may be offline and still get the message, if nobody says."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What the time of compiling depends on.

    `now` in epoch seconds. `recorded` holds the ids that were applied before: for those a time
    that has passed is history, for the others it is a mistake, unless `send_late` is wanted.
    `calendars` are the days that schedules may skip by name. What is due in less than `min_lead`
    seconds is called soon; approvals take time.
    """

    now: int
    zone: dt.tzinfo
    horizon: Horizon
    recorded: frozenset[str] = frozenset()
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


def schedule_of(push: ResolvedPush, moment: Moment) -> Declared:
    """Return what an entry's schedule declares; raises `Problem`."""
    try:
        schedule = declared(said(push.entry.schedule), moment.zone, moment.calendars)
    except TimeError as error:
        raise Problem(finding(error, push.provenance, ("schedule", *error.path))) from error
    match schedule:
        case OneShot():
            _check_once(push, schedule, moment)
        case Recurrence():
            _check_repeated(push, schedule, moment)
    return schedule


def said(written: Written) -> Said:
    """Return what the schedule of an entry says."""
    return Said(
        now=bool(written.now),
        at=written.times,
        every=written.every,
        rrule=written.rrule,
        first=written.from_,
        last=written.until,
        timezone=written.timezone,
        skip=tuple(
            item if isinstance(item, str) else (item.from_, item.until)
            for item in written.skip or ()
        ),
        gap=written.gap,
        fold=written.fold,
        short_months=written.short_months,
    )


def _check_once(push: ResolvedPush, schedule: OneShot, moment: Moment) -> None:
    place, written = push.locate("schedule", "at"), push.entry.schedule.at
    if schedule.at <= moment.now and push.id not in moment.recorded and not moment.send_late:
        _stop(
            "PSH201",
            "The delivery time has passed",
            f"{push.id} should have gone out at {written}, and nothing was sent under this id.",
            place,
            "give it a time that is still ahead; if it went out under another id, say so with "
            "`moved`; only if it did not, apply with --send-late to send it at once",
        )
    if schedule.at > moment.end:
        _too_far(str(written), place, moment)


def _check_repeated(push: ResolvedPush, schedule: Recurrence, moment: Moment) -> None:
    first, last = schedule.first, schedule.last
    if first and last and last < first:
        _stop(
            "PSH207",
            NEVER,
            f"`until` {last} is before `from` {first}.",
            push.locate("schedule", "until"),
            "exchange the two days",
        )
    if push.id in moment.recorded:
        return
    if last and last < local_day(moment.now, schedule.zone):
        _stop(
            "PSH201",
            "The delivery time has passed",
            f"{push.id} ended on {last}, and was never sent.",
            push.locate("schedule", "until"),
            "give it an end that is still ahead, or leave `until` out",
        )
    if soonest(schedule, moment) is None:
        _stop(
            "PSH207",
            NEVER,
            _why_never(schedule),
            push.locate("schedule"),
            "check the days, `from`, `until` and `skip`",
        )


def soonest(schedule: Recurrence, moment: Moment) -> int | None:
    """Return the first delivery that can still be made (epoch seconds), however far away."""
    return next(coming(schedule, moment.now + moment.horizon.lead), None)


def _why_never(schedule: Recurrence) -> str:
    ends = "" if schedule.last is None else f" until {schedule.last}"
    skipped = " that `skip` leaves" if schedule.skip else ""
    return f"From today on there is no day{ends}{skipped} on which it could be delivered."


def _too_far(text: str, place: Range, moment: Moment) -> NoReturn:
    days = moment.horizon.days
    last = moment.horizon.last_day(moment.now)
    _stop(
        "PSH209",
        "The date is too far ahead",
        f"{text} is more than {days} days away, which is what the service documents as its "
        f"limit; today that is {last}.",
        place,
        "apply it later, or let it repeat: a recurrence is renewed while time goes on; "
        "`app.behaviour.horizon_days` changes the limit",
    )


def _stop(code: str, summary: str, detail: str, place: Range, fix: str) -> NoReturn:
    raise Problem(Diagnostic(Severity.ERROR, code, summary, detail, place, fix=fix))


def finding(error: TimeError, place: Provenance, path: Path) -> Diagnostic:
    """Return a time error as a finding about the value at a path."""
    edits = () if error.zone is None else fixes.of_zone(place, path, error.zone)
    return Diagnostic(
        Severity.ERROR,
        error.code,
        error.summary,
        error.detail,
        place.locate(*path),
        fix=error.fix,
        edits=edits,
    )
