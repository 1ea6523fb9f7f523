"""Rules about pushes that got another id, and ids that got another push."""

from __future__ import annotations

from pushctl.diagnostics import Severity
from pushctl.rule import Rule, entry

IMMEDIATE = "policy:\n  allow_immediate: true\n"
SENT = entry("schedule: {now: true}", head=IMMEDIATE).text


RULES = (
    Rule(
        code="PSH802",
        title="A push was renamed without saying so",
        severity=Severity.ERROR,
        why="""One push left the manifest and another one came that says the same, or nearly, to the
        same people. Most likely it got a new id. Without `moved` the old one is cancelled, or runs
        out beside the new one, and nobody remembers who has had it: somebody could get it twice, or
        not at all. It is a warning, and an error where the old one was just delivered: within a
        week, or within a day if it repeats.""",
        fix="Add a line to `moved` that says so; a rename touches no task.",
        bad=entry(before=entry(id="sale").text, offline=False),
        good=entry(
            before=entry(id="sale").text,
            head="moved: [{from: sale, to: flash-sale}]\n",
            offline=False,
        ),
        adjustable=True,
    ),
    Rule(
        code="PSH803",
        title="An id is used again for something else",
        severity=Severity.WARNING,
        why="""For seven days, what was delivered can be withdrawn from the phones, and `stop
        --revoke` does that by the id of the push. If another push has the same id by then, both are
        meant. The history of the two is one as well.""",
        fix="Give the new push an id of its own, such as one with the date.",
        bad=entry(
            "message: {title: Winter sale, body: From today on.}",
            head=IMMEDIATE,
            before=SENT,
            offline=False,
        ),
        good=entry(
            "message: {title: Winter sale, body: From today on.}",
            id="winter-sale",
            head=IMMEDIATE,
            before=SENT,
            offline=False,
        ),
        adjustable=True,
    ),
)
