"""At what hours, and for how long it is kept."""

from __future__ import annotations

from pushctl.diagnostics import Severity
from pushctl.rules.rule import Example, Rule

RULES: tuple[Rule, ...] = (
    Rule(
        code="PSH401",
        title="Marketing is delivered in quiet hours",
        severity=Severity.ERROR,
        why=(
            "Advertising that wakes people makes them turn notifications off, and in many places "
            "it is not allowed. Quiet hours are those of the push's own time zone."
        ),
        fix="Deliver at another time, or take the label off if it is no marketing.",
        bad=Example("""\
pushes:
  flash-sale:
    owner: crm@acme.example
    labels: {class: marketing}
    schedule: {at: 2026-12-24T23:30}
    to: {users: [u1]}
    expires_after: 1h
    message: {title: Flash sale, body: Until midnight.}
    vendors: {vivo: {class: operational}}
"""),
        good=Example("""\
pushes:
  flash-sale:
    owner: crm@acme.example
    labels: {class: marketing}
    schedule: {at: 2026-12-24T20:00}
    to: {users: [u1]}
    expires_after: 1h
    message: {title: Flash sale, body: Until midnight.}
    vendors: {vivo: {class: operational}}
"""),
        settings=("quiet_hours", "marketing"),
        adjustable=True,
    ),
)
