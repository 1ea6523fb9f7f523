"""Who gets it, and how often."""

from __future__ import annotations

from pushctl.diagnostics import Severity
from pushctl.lint.catalogue.rule import Example, Rule

FREQUENCY = "Daily numbers of the vendors, as relayed by EMAS"
TEN = "mPaaS documentation, PushSimple: targetMsgkey takes ten targets"


def _to(targets: str, more: str = "") -> str:
    return f"""\
{more}pushes:
  flash-sale:
    owner: crm@acme.example
    labels: {{class: marketing}}
    schedule: {{at: 2026-12-24T20:00}}
    to: {targets}
    expires_after: 2h
    message: {{title: Flash sale, body: Until midnight.}}
    vendors: {{vivo: {{class: operational}}}}
"""


def _sales(*clocks: str) -> str:
    return "pushes:\n" + "\n".join(
        f"""\
  {name}:
    owner: crm@acme.example
    labels: {{class: marketing}}
    schedule: {{at: 2026-12-24T{clock}}}
    to: {{users: [user1024]}}
    expires_after: 1h
    message: {{title: Flash sale, body: {body}}}
    vendors: {{vivo: {{class: operational}}, xiaomi: {{channel: "123321"}}}}
"""
        for clock, (name, body) in zip(
            clocks,
            (
                ("breakfast", "Fresh rolls until ten."),
                ("lunch", "Soup of the day until two."),
                ("dinner", "Everything for tonight."),
            ),
            strict=False,
        )
    )


def _activity(to: str, rest: str) -> str:
    return f"""\
pushes:
  order-8841:
    owner: ops@acme.example
    schedule: {{at: 2026-12-02T20:30}}
    to: {to}
    message: {{title: Delivered, body: Enjoy your meal.}}
    live_activity: {{event: end, state: {{step: done}}{rest}}}
"""


def _members(first: int, last: int) -> dict[str, str]:
    return {"members.txt": "".join(f"user{number}\n" for number in range(first, last + 1))}


def _users(first: int, last: int) -> str:
    return "{users: [" + ", ".join(f"u{number}" for number in range(first, last + 1)) + "]}"


PATTERN = 'policy:\n  targets: {users: "test-[0-9]+"}\n'
OPTED_OUT = "policy:\n  suppressed: opted-out.txt\n"
WHOLE = "app: {id: ONEX0000000000000, workspace: test, chunking: false}\n"

RULES: tuple[Rule, ...] = (
    Rule(
        code="PSH501",
        title="The same people get two pushes soon after each other",
        severity=Severity.WARNING,
        why=(
            "Two pushes within an hour feel like spam, and the second one hides the first. Often "
            "two teams plan for the same people and the same evening, and only the whole manifest "
            "shows it. Updates of Live Activities and silent messages are not counted."
        ),
        fix="Keep them apart, or send only one of them.",
        bad=Example(_sales("20:00", "20:30")),
        good=Example(_sales("12:00", "20:30")),
        settings=("min_gap",),
        adjustable=True,
    ),
    Rule(
        code="PSH502",
        title="Somebody gets more marketing on one day than is allowed",
        severity=Severity.WARNING,
        why=(
            "Most vendors deliver two marketing messages a day to a device, and drop what is more: "
            "which ones is chance. People who get too many turn notifications off."
        ),
        fix="Deliver some of them on other days, or to other people.",
        bad=Example(_sales("08:30", "12:00", "20:00")),
        good=Example(_sales("12:00", "20:00")),
        sources=(FREQUENCY,),
        settings=("max_per_day", "marketing"),
        adjustable=True,
    ),
    Rule(
        code="PSH503",
        title="A target is there twice",
        severity=Severity.WARNING,
        why=(
            "Everybody gets a push once, however often they are listed. That a target is there "
            "twice may mean that another one was meant."
        ),
        fix="Delete one of them.",
        bad=Example(_to("{users: [user1024, user1024]}")),
        good=Example(_to("{users: [user1024, user2048]}")),
        adjustable=True,
    ),
    Rule(
        code="PSH504",
        title="The size of an audience is unusual",
        severity=Severity.ERROR,
        why=(
            "More than half of the people have changed, or there are more than the policy allows. "
            "A broken export looks just like this. Names are compared, not only numbers, so "
            "another file of the same length is found too."
        ),
        fix="Look at the file. If it is meant, plan and apply with `--max-audience`.",
        bad=Example(_to(_users(11, 20)), before=_to(_users(1, 10)), offline=False),
        good=Example(_to(_users(1, 11)), before=_to(_users(1, 10)), offline=False),
        settings=("max_audience", "max_audience_change"),
    ),
    Rule(
        code="PSH505",
        title="An audience takes a large share of the tasks",
        severity=Severity.ERROR,
        why=(
            "Ten people are one task, and the service allows 100 tasks at a time. For hundreds of "
            "people, this way of sending is the wrong one: the service has operations for groups "
            "and for everybody. More than there can ever be is an error, a quarter of it is told "
            "for information."
        ),
        fix="Let the service send it to a group or to everybody, or choose fewer people.",
        bad=Example(_to("{users_from: members.txt}"), files=_members(1, 300)),
        good=Example(_to("{users_from: members.txt}"), files=_members(1, 200)),
        sources=(TEN,),
        adjustable=True,
    ),
    Rule(
        code="PSH506",
        title="A target does not look like one",
        severity=Severity.ERROR,
        why=(
            "An e-mail address or a telephone number is personal data that must not be in a "
            "repository, and the service does not know it. White space, and device tokens of "
            "another form than Apple's, are warnings: such targets are never reached."
        ),
        fix="Name people by the ids that your app gives them.",
        bad=Example(_to("{users: [anna@acme.example]}")),
        good=Example(_to("{users: [user1024]}")),
        sources=("Apple documentation: a device token has 32 bytes today",),
        adjustable=True,
    ),
    Rule(
        code="PSH507",
        title="A target does not belong to this app",
        severity=Severity.ERROR,
        why=(
            "The policy says what targets look like here. One of another form was probably meant "
            "for another workspace: people of production in a test, or the other way round."
        ),
        fix="Use targets of this workspace, or correct the expression in the policy.",
        bad=Example(_to("{users: [u-8841]}", PATTERN)),
        good=Example(_to("{users: [test-17]}", PATTERN)),
        settings=("targets",),
        adjustable=True,
    ),
    Rule(
        code="PSH509",
        title="Somebody in the audience wants no marketing",
        severity=Severity.ERROR,
        why=(
            "These people have said that they want no advertising, and in most places the law is "
            "on their side. Other pushes, such as the state of an order, still reach them."
        ),
        fix="Take them out of the audience.",
        bad=Example(
            _to("{users: [user1024, user2048]}", OPTED_OUT), files={"opted-out.txt": "user2048\n"}
        ),
        good=Example(_to("{users: [user1024]}", OPTED_OUT), files={"opted-out.txt": "user2048\n"}),
        settings=("suppressed", "marketing"),
        adjustable=True,
    ),
    Rule(
        code="PSH510",
        title="There are more targets than one task takes",
        severity=Severity.ERROR,
        why=(
            "One task takes ten people. The app says that no push may be split into several tasks, "
            "so there is no way to reach all of them."
        ),
        fix="Write `chunking: true` under `app`, or keep at most ten.",
        bad=Example(WHOLE + _to(_users(1, 11))),
        good=Example(WHOLE + _to(_users(1, 10))),
        sources=(TEN,),
    ),
    Rule(
        code="PSH511",
        title="Live Activity fields and targets do not fit",
        severity=Severity.ERROR,
        why=(
            "A Live Activity is reached by its own tokens or ids, and they reach nothing else. "
            "When it goes away is asked only at its end: with an update the service ignores it, "
            "and an end without it stays on the lock screen for hours."
        ),
        fix="Use `activity_tokens` or `activity_ids`, and say `dismiss_at` with `event: end`.",
        bad=Example(_activity("{users: [user1024]}", "")),
        good=Example(_activity("{activity_ids: [act-8841]}", ", dismiss_at: 2026-12-02T21:00")),
        sources=("mPaaS documentation, PushSimple: ActivityEvent and DismissalDate",),
    ),
    Rule(
        code="PSH512",
        title="The audience is empty",
        severity=Severity.ERROR,
        why=(
            "The file holds nobody. An export that failed leaves such a file, and a push to nobody "
            "would cancel what was scheduled for the people before."
        ),
        fix="Export the audience again, or delete the push.",
        bad=Example(_to("{users_from: members.txt}"), files={"members.txt": "# nobody yet\n"}),
        good=Example(_to("{users_from: members.txt}"), files={"members.txt": "user1024\n"}),
    ),
    Rule(
        code="PSH514",
        title="A target cannot be used",
        severity=Severity.ERROR,
        why=(
            "It is empty, has white space at its edge, or holds a character that nobody can see. "
            "The service would look for exactly that name, and find nobody."
        ),
        fix="Write the target as the app knows it.",
        bad=Example(_to('{users: [" user1024"]}')),
        good=Example(_to("{users: [user1024]}")),
    ),
    Rule(
        code="PSH515",
        title="The audience file has no such column",
        severity=Severity.ERROR,
        why=(
            "The file has several columns, and nothing says which of them holds the targets. "
            "Guessing could send to names or to cities."
        ),
        fix="Name the column, as in `users_from: {file: members.csv, column: member}`.",
        bad=Example(
            _to("{users_from: members.csv}"),
            files={"members.csv": "member,city\nuser1024,Hangzhou\n"},
        ),
        good=Example(
            _to("{users_from: {file: members.csv, column: member}}"),
            files={"members.csv": "member,city\nuser1024,Hangzhou\n"},
        ),
    ),
)
