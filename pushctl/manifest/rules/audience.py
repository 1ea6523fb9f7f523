"""Rules about targets as they are written, in the manifest or in a file."""

from __future__ import annotations

from pushctl.diagnostics import Severity
from pushctl.rule import Example, Rule, entry

TEN = "mPaaS documentation, PushSimple: targetMsgkey takes ten targets"
WHOLE = "app: {id: ONEX0000000000000, workspace: test, chunking: false}\n"
CSV = {"members.csv": "member,city\nuser1024,Hangzhou\n"}


def _activity(to: str, rest: str) -> Example:
    return entry(
        "owner: ops@acme.example",
        "schedule: {at: 2026-12-02T20:30}",
        f"to: {to}",
        "message: {title: Delivered, body: Enjoy your meal.}",
        f"live_activity: {{event: end, state: {{step: done}}{rest}}}",
        id="order-8841",
    )


RULES = (
    Rule(
        code="PSH503",
        title="A target is there twice",
        severity=Severity.WARNING,
        why="""Everybody gets a push once, however often they are listed. That a target is there
        twice may mean that another one was meant.""",
        fix="Delete one of them.",
        bad=entry("to: {users: [user1024, user1024]}"),
        good=entry("to: {users: [user1024, user2048]}"),
        adjustable=True,
    ),
    Rule(
        code="PSH510",
        title="There are more targets than one task takes",
        severity=Severity.ERROR,
        why="""One task takes ten people. The app says that no push may be split into several tasks,
        so there is no way to reach all of them.""",
        fix="Write `chunking: true` under `app`, or keep at most ten.",
        bad=entry("to: {users: [u1, u2, u3, u4, u5, u6, u7, u8, u9, u10, u11]}", head=WHOLE),
        good=entry("to: {users: [u1, u2, u3, u4, u5, u6, u7, u8, u9, u10]}", head=WHOLE),
        sources=(TEN,),
    ),
    Rule(
        code="PSH511",
        title="Live Activity fields and targets do not fit",
        severity=Severity.ERROR,
        why="""A Live Activity is reached by its own tokens or ids, and they reach nothing else.
        When it goes away is asked only at its end: with an update the service ignores it, and an
        end without it stays on the lock screen for hours.""",
        fix="Use `activity_tokens` or `activity_ids`, and say `dismiss_at` with `event: end`.",
        bad=_activity("{users: [user1024]}", ""),
        good=_activity("{activity_ids: [act-8841]}", ", dismiss_at: 2026-12-02T21:00"),
        sources=("mPaaS documentation, PushSimple: ActivityEvent and DismissalDate",),
    ),
    Rule(
        code="PSH512",
        title="The audience is empty",
        severity=Severity.ERROR,
        why="""The file holds nobody. An export that failed leaves such a file, and a push to nobody
        would cancel what was scheduled for the people before. An empty `policy.suppressed` would
        let marketing through to everybody.""",
        fix="Export it again. If nobody wants no marketing, write `# nobody` into a .txt file.",
        bad=entry("to: {users_from: members.txt}", files={"members.txt": "# nobody yet\n"}),
        good=entry("to: {users_from: members.txt}", files={"members.txt": "user1024\n"}),
    ),
    Rule(
        code="PSH514",
        title="A target cannot be used",
        severity=Severity.ERROR,
        why="""It is empty, has white space at its edge, holds a character that nobody can see, is
        what programs write where nobody is named (`NULL`, `#N/A`, `1.38E+10`, a total), or several
        on a line. The service would look for exactly that name, and find nobody.""",
        fix="Write the target as the app knows it.",
        bad=entry('to: {users: [" user1024"]}'),
        good=entry("to: {users: [user1024]}"),
    ),
    Rule(
        code="PSH515",
        title="The audience file has no such column",
        severity=Severity.ERROR,
        why="""Nothing says which column holds the targets, or what separates the columns; or they
        hold another kind. Guessing could send to names, to cities or to the wrong people.""",
        fix="Name the column, as in `users_from: {file: members.csv, column: member}`.",
        bad=entry("to: {users_from: members.csv}", files=CSV),
        good=entry("to: {users_from: {file: members.csv, column: member}}", files=CSV),
    ),
)
