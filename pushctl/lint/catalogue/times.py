"""When it is delivered."""

from __future__ import annotations

from pushctl.diagnostics import Severity
from pushctl.lint.catalogue.rule import Example, Rule
from pushctl.lint.catalogue.shown import entry

PUSH_SIMPLE = "mPaaS documentation, PushSimple: StrategyContent"
ZONES = "IANA time zone database"


XIAOMI = 'defaults: {vendors: {xiaomi: {channel: "123321"}}}\n'
"""Without a channel, Xiaomi shows only the first push of a day (PSH325)."""


def _sale(schedule: str, more: str = "") -> str:
    return f"""\
pushes:
  flash-sale:
    owner: crm@acme.example
    schedule: {schedule}
    to: {{users: [user1024]}}
{more}    message: {{title: Flash sale, body: Until midnight.}}
"""


def _report(schedule: str) -> str:
    return f"""\
pushes:
  report:
    owner: ops@acme.example
    schedule: {schedule}
    to: {{users: [user1024]}}
    expires_after: 4h
    message: {{title: Your report, body: It is in your inbox.}}
"""


def _two(clock: str, other: str) -> str:
    return f"""\
pushes:
  north:
    owner: crm@acme.example
    schedule: {{at: 2026-12-24T{clock}}}
    to: {{users_from: north.txt}}
    message: {{title: Flash sale, body: In your shop until midnight.}}

  south:
    owner: crm@acme.example
    schedule: {{at: 2026-12-24T{other}}}
    to: {{users_from: south.txt}}
    message: {{title: Flash sale, body: In your shop until midnight.}}
"""


MEMBERS = {
    f"{name}.txt": "".join(f"{name}-{number}\n" for number in range(1, 81))
    for name in ("north", "south")
}

RULES: tuple[Rule, ...] = (
    Rule(
        code="PSH201",
        title="The delivery time has passed",
        severity=Severity.ERROR,
        why=(
            "The time is over, and the push was never sent. It is not sent late by itself, because "
            "yesterday's offer is wrong today. A push that was delivered in time may stay in the "
            "manifest: it is known to be done."
        ),
        fix="Give it a time that is still ahead, or send it at once with `apply --send-late`.",
        bad=Example(_sale("{at: 2026-11-27T20:00}")),
        good=Example(_sale("{at: 2026-12-04T20:00}")),
        sources=(PUSH_SIMPLE,),
    ),
    Rule(
        code="PSH202",
        title="The delivery is very soon",
        severity=Severity.WARNING,
        why=(
            "A review and an approval take longer than people think. When the plan is finally "
            "applied, the time may have passed, and the push is refused."
        ),
        fix="Give it a later time, or apply right away.",
        bad=Example(_sale("{at: 2026-12-01T09:05}")),
        good=Example(_sale("{at: 2026-12-01T11:00}")),
        settings=("min_lead",),
        adjustable=True,
    ),
    Rule(
        code="PSH203",
        title="The time zone is missing, or does not exist",
        severity=Severity.ERROR,
        why=(
            "Eight in the evening is another moment in every zone. The manifest has to say which "
            "one is meant, by a name of the time zone database, because only a name knows when "
            "clocks change."
        ),
        fix="Write a name such as `Asia/Shanghai` or `Europe/Berlin`.",
        bad=Example(_sale("{at: 2026-12-24T20:00, timezone: Asia/Beijing}")),
        good=Example(_sale("{at: 2026-12-24T20:00, timezone: Asia/Shanghai}")),
        sources=(ZONES,),
    ),
    Rule(
        code="PSH204",
        title="The offset contradicts the time zone",
        severity=Severity.ERROR,
        why=(
            "The time is written with an offset that the zone does not have on that day, often "
            "because summer time is over. One of the two is wrong, and they are an hour apart."
        ),
        fix="Leave the offset out, correct it, or end the time with Z for UTC.",
        bad=Example(_sale('{at: "2026-12-24T20:00:00+02:00", timezone: Europe/Berlin}')),
        good=Example(_sale('{at: "2026-12-24T20:00:00+01:00", timezone: Europe/Berlin}')),
        sources=(ZONES,),
    ),
    Rule(
        code="PSH205",
        title="The wall time does not exist",
        severity=Severity.ERROR,
        why=(
            "When clocks go forward in spring, an hour is left out, and this time is in it. A "
            "single push has no moment then. A recurrence is delivered when the clocks have "
            "changed, and this is a warning."
        ),
        fix="Write another time, or say what you mean with `gap: next`, `shift` or `skip`.",
        bad=Example(_sale("{at: 2027-03-14T02:30, timezone: America/New_York}")),
        good=Example(_sale("{at: 2027-03-14T03:30, timezone: America/New_York}")),
        sources=(ZONES,),
    ),
    Rule(
        code="PSH206",
        title="The wall time happens twice",
        severity=Severity.ERROR,
        why=(
            "When clocks go back in autumn, an hour comes twice, and this time is in it. A single "
            "push could mean either. A recurrence is delivered the first time, once, and this is a "
            "warning."
        ),
        fix="Write another time, or say which one you mean with `fold: first` or `second`.",
        bad=Example(_sale("{at: 2027-04-04T02:30, timezone: Australia/Sydney}")),
        good=Example(_sale("{at: 2027-04-04T02:30, timezone: Australia/Sydney, fold: first}")),
        sources=(ZONES,),
    ),
    Rule(
        code="PSH207",
        title="The recurrence never delivers",
        severity=Severity.ERROR,
        why=(
            "No day fits everything that the schedule says: the days it repeats on, its first and "
            "last day, and the days it leaves out. Nobody would ever get it."
        ),
        fix="Check the days, `from`, `until` and `skip`.",
        bad=Example(_report("{every: [30], at: '10:00', from: 2027-02-01, until: 2027-02-28}")),
        good=Example(_report("{every: [15], at: '10:00', from: 2027-02-01, until: 2027-02-28}")),
        sources=(PUSH_SIMPLE,),
    ),
    Rule(
        code="PSH208",
        title="Some months do not have this day",
        severity=Severity.WARNING,
        why=(
            "Only seven months have a day 31, and February has no day 30. In the other months "
            "nothing is delivered, which is seldom what is meant by the end of the month."
        ),
        fix="Write `every: [last day]`, or say what you mean with `short_months`.",
        bad=Example(_report("{every: [31], at: '10:00'}")),
        good=Example(_report("{every: [last day], at: '10:00'}")),
        sources=("RFC 5545, section 3.3.10: invalid dates are ignored",),
        adjustable=True,
    ),
    Rule(
        code="PSH209",
        title="The date is too far ahead",
        severity=Severity.ERROR,
        why=(
            "The service takes a push for at most 180 days ahead. A recurrence is no trouble: it "
            "is scheduled as far as that, and renewed while time goes on."
        ),
        fix="Apply it later, or give it an earlier date.",
        bad=Example(_sale("{at: 2027-11-11T20:00}")),
        good=Example(_sale("{at: 2027-05-20T20:00}")),
        sources=(PUSH_SIMPLE,),
    ),
    Rule(
        code="PSH210",
        title="A recurrence that people are used to ends soon",
        severity=Severity.WARNING,
        why=(
            "What has been coming for months stops in the next two weeks, because somebody once "
            "wrote a last day. When it is silent, nobody notices for long. A new recurrence and a "
            "campaign of less than 60 days are not looked at: there the end is what is meant."
        ),
        fix="Take `until` out, or move it. If it is to end, accept the finding.",
        bad=Example(
            _report("{every: mon, at: '10:00', from: 2026-06-01, until: 2026-12-07}"),
            before=_report("{every: mon, at: '10:00', from: 2026-06-01, until: 2026-12-07}"),
        ),
        good=Example(
            _report("{every: mon, at: '10:00', from: 2026-06-01}"),
            before=_report("{every: mon, at: '10:00', from: 2026-06-01, until: 2026-12-07}"),
        ),
        adjustable=True,
    ),
    Rule(
        code="PSH211",
        title="The schedule takes many tasks",
        severity=Severity.INFO,
        why=(
            "The service repeats by the day, the week and the month, at one time of day, in its "
            "own zone. What is said otherwise, such as every third day, or the time of a zone in "
            "which clocks change, becomes several tasks, for each ten people. The service allows "
            "100 tasks in all, so a few such schedules use them up."
        ),
        fix="Choose days of the week or of the month, and few times of day.",
        bad=Example(XIAOMI + _report("{every: 3 days, at: ['10:00', '16:00'], from: 2026-12-02}")),
        good=Example(XIAOMI + _report("{every: [mon, thu], at: ['10:00', '16:00']}")),
        sources=(PUSH_SIMPLE,),
        adjustable=True,
    ),
    Rule(
        code="PSH212",
        title="The first delivery is missed",
        severity=Severity.WARNING,
        why=(
            "The recurrence is to begin today, at a time that has passed. It begins on the next "
            "day that fits, which may be a week or a month away."
        ),
        fix="Begin with a time that is still ahead, or with a later day.",
        bad=Example(_report("{every: day, at: '08:00', from: 2026-12-01}")),
        good=Example(_report("{every: day, at: '08:00', from: 2026-12-02}")),
        adjustable=True,
    ),
    Rule(
        code="PSH213",
        title="It is delivered during a freeze",
        severity=Severity.ERROR,
        why=(
            "The team has said that nothing may be delivered on these days: nobody is there to "
            "stop a wrong push, or the systems behind it are closed. The days are those of the "
            "push's own time zone."
        ),
        fix="Deliver it on another day, leave the days out with `skip`, or accept the finding.",
        bad=Example(
            "policy:\n  freezes: [{from: 2026-12-31, until: 2027-01-01, reason: year-end closing}]"
            "\n" + _sale("{at: 2026-12-31T20:00}")
        ),
        good=Example(
            "policy:\n  freezes: [{from: 2026-12-31, until: 2027-01-01, reason: year-end closing}]"
            "\n" + _sale("{at: 2026-12-30T20:00}")
        ),
        settings=("freezes",),
        adjustable=True,
    ),
    Rule(
        code="PSH214",
        title="Many messages leave in the same minute",
        severity=Severity.INFO,
        why=(
            "On the full hour every company sends, and vendors take only so many messages a "
            "second. Everybody who gets one opens the app at the same moment. A few minutes more "
            "or less make no difference to people, and a large one to servers."
        ),
        fix="Deliver some of them a few minutes earlier or later.",
        bad=Example(_two("20:00", "20:00"), files=MEMBERS),
        good=Example(_two("20:03", "20:11"), files=MEMBERS),
        sources=("Limits of vendors by the second, as relayed by Getui",),
        adjustable=True,
    ),
    Rule(
        code="PSH215",
        title="The recurrence begins later than the service takes it",
        severity=Severity.INFO,
        why=(
            "The service takes a push for at most 180 days ahead, and this one begins after that. "
            "Nothing is wrong with it, but for now there is nothing to create."
        ),
        fix="Nothing: the first apply that can create it does.",
        bad=Example(_report("{every: mon, at: '10:00', from: 2027-07-05}")),
        good=Example(_report("{every: mon, at: '10:00', from: 2027-01-04}")),
        sources=(PUSH_SIMPLE,),
        adjustable=True,
    ),
    Rule(
        code="PSH216",
        title="A recurrence falls silent",
        severity=Severity.WARNING,
        why=(
            "What is scheduled of a recurrence runs out within two weeks, and this plan does not "
            "renew it: it was left out, or the quota has no room. If nobody applies in time, "
            "people get nothing, and nothing tells them why."
        ),
        fix="Apply without `--target` and `--exclude`, and make room if it waits for some.",
        bad=Example(
            _report("{every: day, at: '10:00'}"),
            before=_report("{every: day, at: '10:00'}"),
            applied="2026-06-11T09:00:00+08:00",
            offline=False,
            options=("--exclude", "report"),
        ),
        good=Example(
            _report("{every: day, at: '10:00'}"),
            before=_report("{every: day, at: '10:00'}"),
            applied="2026-06-11T09:00:00+08:00",
            offline=False,
        ),
        adjustable=True,
    ),
    Rule(
        code="PSH217",
        title="The sign of the time zone is the other way round",
        severity=Severity.WARNING,
        why=(
            "In the names of the IANA database, `Etc/GMT+8` is eight hours behind UTC, in the "
            "middle of the Pacific Ocean, and China is `Etc/GMT-8`. Who writes the one and means "
            "the other is sixteen hours wrong, which is the middle of the night for a push of the "
            "day."
        ),
        fix="Write the name of a city, such as Asia/Shanghai; nobody can misread that.",
        bad=entry("schedule: {at: 2026-12-24T20:00, timezone: Etc/GMT+8}"),
        good=entry("schedule: {at: 2026-12-24T20:00, timezone: Asia/Shanghai}"),
        sources=("IANA time zone database, file etcetera",),
        adjustable=True,
    ),
)
