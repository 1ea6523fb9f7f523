"""What people see, and what the vendors make of it."""

from __future__ import annotations

from pushctl.diagnostics import Severity
from pushctl.rules.rule import Example, Rule

CONTENT_LIMITS = "mPaaS documentation, limits of message content"

RULES: tuple[Rule, ...] = (
    Rule(
        code="PSH301",
        title="vivo will reject a text that is too long",
        severity=Severity.ERROR,
        why=(
            "vivo takes a title of 40 units and a body of 100, where a Chinese character counts 2 "
            "and every other one 1. It rejects what is longer, and the service still says that "
            "all is well: nobody with a phone of vivo gets the push, and nobody is told."
        ),
        fix="Shorten the text. If nobody of the audience has a phone of vivo, accept the finding.",
        bad=Example("""\
pushes:
  flash-sale:
    owner: crm@acme.example
    schedule: {at: 2026-12-24T20:00}
    to: {users: [u1]}
    message:
      title: 限时特惠：全场六折，会员优先抢购今晚到手价，先到先得
      body: Until midnight.
"""),
        good=Example("""\
pushes:
  flash-sale:
    owner: crm@acme.example
    schedule: {at: 2026-12-24T20:00}
    to: {users: [u1]}
    message:
      title: 限时特惠：全场六折，会员优先
      body: Until midnight.
"""),
        sources=(CONTENT_LIMITS,),
        adjustable=True,
    ),
)
