"""Rules about when an entry is delivered: recurrences, calendars, time zones."""

from __future__ import annotations

from pushctl.diagnostics import Severity
from pushctl.rule import Rule, entry, report

PUSH_SIMPLE = "mPaaS documentation, PushSimple: StrategyContent"
ZONES = "IANA time zone database"
HOLIDAYS = "calendars: {holidays: holidays.txt}\n"
SKIPPING = 'schedule: {every: day, at: "09:00", skip: [holidays]}'

RULES = (
    Rule(
        code="PSH118",
        title="The recurrence rule cannot be read",
        severity=Severity.ERROR,
        why="""`rrule` takes a recurrence rule of RFC 5545, the form in which calendars exchange
        them. This one has a part that the standard does not have, or that makes no sense for a
        push.""",
        fix="Correct the part that is named, or say it in words with `every`.",
        bad=entry('schedule: {rrule: FREQ=MONTHLY;BYDAY=LASTFR, at: "16:00"}'),
        good=entry('schedule: {rrule: FREQ=MONTHLY;BYDAY=-1FR, at: "16:00"}'),
        sources=("RFC 5545, section 3.3.10",),
    ),
    Rule(
        code="PSH119",
        title="A line of a calendar cannot be used",
        severity=Severity.ERROR,
        why="""A calendar holds days that pushes skip. A line that is no day would silently skip
        nothing, and people would be woken on the holiday that it was meant for.""",
        fix="Write a day, 2027-02-05, or a stretch, 2027-02-05..2027-02-11, on each line.",
        bad=entry(SKIPPING, head=HOLIDAYS, files={"holidays.txt": "5 February 2027\n"}),
        good=entry(SKIPPING, head=HOLIDAYS, files={"holidays.txt": "2027-02-05\n"}),
    ),
    Rule(
        code="PSH120",
        title="The calendar does not exist",
        severity=Severity.ERROR,
        why="""`skip` names a calendar that is not under `calendars`. Its days would not be skipped,
        and nobody would notice before the first of them.""",
        fix="Add the calendar under `calendars`, or correct its name.",
        bad=entry(SKIPPING),
        good=entry(SKIPPING, head=HOLIDAYS, files={"holidays.txt": "2027-02-05\n"}),
    ),
    Rule(
        code="PSH121",
        title="The calendar is empty",
        severity=Severity.WARNING,
        why="""The file of a calendar has no day in it. That may be right at the end of a year, and
        is more often a file that somebody forgot to fill: nothing is skipped.""",
        fix="Write the days into the file, one on each line.",
        bad=entry(SKIPPING, head=HOLIDAYS, files={"holidays.txt": "# to be filled in\n"}),
        good=entry(SKIPPING, head=HOLIDAYS, files={"holidays.txt": "2027-02-05\n"}),
        adjustable=True,
    ),
    Rule(
        code="PSH201",
        title="The delivery time has passed",
        severity=Severity.ERROR,
        why="""The time is over, and the push was never sent. It is not sent late by itself, because
        yesterday's offer is wrong today. A push that was delivered in time may stay in the
        manifest: it is known to be done.""",
        fix="Give it a time that is still ahead, or send it at once with `apply --send-late`.",
        bad=entry("schedule: {at: 2026-11-27T20:00}"),
        good=entry("schedule: {at: 2026-12-04T20:00}"),
        sources=(PUSH_SIMPLE,),
    ),
    Rule(
        code="PSH202",
        title="The delivery is very soon",
        severity=Severity.WARNING,
        why="""A review and an approval take longer than people think. When the plan is finally
        applied, the time may have passed, and the push is refused.""",
        fix="Give it a later time, or apply right away.",
        bad=entry("schedule: {at: 2026-12-01T09:05}"),
        good=entry("schedule: {at: 2026-12-01T11:00}"),
        settings=("min_lead",),
        adjustable=True,
    ),
    Rule(
        code="PSH203",
        title="The time zone is missing, or does not exist",
        severity=Severity.ERROR,
        why="""Eight in the evening is another moment in every zone. The manifest has to say which
        one is meant, by a name of the time zone database, because only a name knows when clocks
        change.""",
        fix="Write a name such as `Asia/Shanghai` or `Europe/Berlin`.",
        bad=entry("schedule: {at: 2026-12-24T20:00, timezone: Asia/Beijing}"),
        good=entry("schedule: {at: 2026-12-24T20:00, timezone: Asia/Shanghai}"),
        sources=(ZONES,),
    ),
    Rule(
        code="PSH204",
        title="The offset contradicts the time zone",
        severity=Severity.ERROR,
        why="""The time is written with an offset that the zone does not have on that day, often
        because summer time is over. One of the two is wrong, and they are an hour apart.""",
        fix="Leave the offset out, correct it, or end the time with Z for UTC.",
        bad=entry('schedule: {at: "2026-12-24T20:00:00+02:00", timezone: Europe/Berlin}'),
        good=entry('schedule: {at: "2026-12-24T20:00:00+01:00", timezone: Europe/Berlin}'),
        sources=(ZONES,),
    ),
    Rule(
        code="PSH205",
        title="The wall time does not exist",
        severity=Severity.ERROR,
        why="""When clocks go forward in spring, an hour is left out, and this time is in it. A
        single push has no moment then. A recurrence is delivered when the clocks have changed, and
        this is a warning.""",
        fix="Write another time, or say what you mean with `gap: next`, `shift` or `skip`.",
        bad=entry("schedule: {at: 2027-03-14T02:30, timezone: America/New_York}"),
        good=entry("schedule: {at: 2027-03-14T03:30, timezone: America/New_York}"),
        sources=(ZONES,),
    ),
    Rule(
        code="PSH206",
        title="The wall time happens twice",
        severity=Severity.ERROR,
        why="""When clocks go back in autumn, an hour comes twice, and this time is in it. A single
        push could mean either. A recurrence is delivered the first time, once, and this is a
        warning.""",
        fix="Write another time, or say which one you mean with `fold: first` or `second`.",
        bad=entry("schedule: {at: 2027-04-04T02:30, timezone: Australia/Sydney}"),
        good=entry("schedule: {at: 2027-04-04T02:30, timezone: Australia/Sydney, fold: first}"),
        sources=(ZONES,),
    ),
    Rule(
        code="PSH207",
        title="The recurrence never delivers",
        severity=Severity.ERROR,
        why="""No day fits everything that the schedule says: the days it repeats on, its first and
        last day, and the days it leaves out. Nobody would ever get it.""",
        fix="Check the days, `from`, `until` and `skip`.",
        bad=report("{every: [30], at: '10:00', from: 2027-02-01, until: 2027-02-28}"),
        good=report("{every: [15], at: '10:00', from: 2027-02-01, until: 2027-02-28}"),
        sources=(PUSH_SIMPLE,),
    ),
    Rule(
        code="PSH208",
        title="Some months do not have this day",
        severity=Severity.WARNING,
        why="""Only seven months have a day 31, and February has no day 30. In the other months
        nothing is delivered, which is seldom what is meant by the end of the month.""",
        fix="Write `every: [last day]`, or say what you mean with `short_months`.",
        bad=report("{every: [31], at: '10:00'}"),
        good=report("{every: [last day], at: '10:00'}"),
        sources=("RFC 5545, section 3.3.10: invalid dates are ignored",),
        adjustable=True,
    ),
    Rule(
        code="PSH209",
        title="The date is too far ahead",
        severity=Severity.ERROR,
        why="""The service takes a push for at most 180 days ahead. A recurrence is no trouble: it
        is scheduled as far as that, and renewed while time goes on.""",
        fix="Apply it later, or give it an earlier date.",
        bad=entry("schedule: {at: 2027-11-11T20:00}"),
        good=entry("schedule: {at: 2027-05-20T20:00}"),
        sources=(PUSH_SIMPLE,),
    ),
    Rule(
        code="PSH212",
        title="The first delivery is missed",
        severity=Severity.WARNING,
        why="""The recurrence is to begin today, at a time that has passed. It begins on the next
        day that fits, which may be a week or a month away.""",
        fix="Begin with a time that is still ahead, or with a later day.",
        bad=report("{every: day, at: '08:00', from: 2026-12-01}"),
        good=report("{every: day, at: '08:00', from: 2026-12-02}"),
        adjustable=True,
    ),
    Rule(
        code="PSH215",
        title="The recurrence begins later than the service takes it",
        severity=Severity.INFO,
        why="""The service takes a push for at most 180 days ahead, and this one begins after that.
        Nothing is wrong with it, but for now there is nothing to create.""",
        fix="Nothing: the first apply that can create it does.",
        bad=report("{every: mon, at: '10:00', from: 2027-07-05}"),
        good=report("{every: mon, at: '10:00', from: 2027-01-04}"),
        sources=(PUSH_SIMPLE,),
        adjustable=True,
    ),
    Rule(
        code="PSH218",
        title="A month without a delivery",
        severity=Severity.WARNING,
        why="""All that was due in a month falls on days that `skip` leaves out. That may be meant,
        and is more often a monthly report that nobody gets because its day is a holiday.""",
        fix="Move it to a working day with `on_holiday: before` or `after`, or accept the finding.",
        bad=report("{every: [1], at: '10:00', skip: [2027-01-01]}"),
        good=report("{every: [1], at: '10:00', skip: [2027-01-01], on_holiday: after}"),
        adjustable=True,
    ),
    Rule(
        code="PSH405",
        title="The message could arrive after the offer has ended",
        severity=Severity.ERROR,
        why="""A phone that is off gets the message later, up to `expires_after`. What is offered
        then is over, and people come to a shop that is closed.""",
        fix="Shorten `expires_after`, or deliver earlier.",
        bad=entry("offer_ends: 2026-12-24T23:59", "expires_after: 8h"),
        good=entry("offer_ends: 2026-12-24T23:59", "expires_after: 3h"),
        sources=("mPaaS documentation, PushSimple: ExpiredSeconds",),
        adjustable=True,
    ),
)
