"""At what hours, and for how long it is kept."""

from __future__ import annotations

from pushctl.diagnostics import Severity
from pushctl.lint.catalogue.rule import Example, Rule

EXPIRY = "mPaaS documentation, PushSimple: ExpiredSeconds"
VIVO = "vivo's page on message classes, as relayed by EMAS"


def _sale(at: str, expires: str, zone: str = "") -> str:
    zone = f", timezone: {zone}" if zone else ""
    return f"""\
pushes:
  flash-sale:
    owner: crm@acme.example
    labels: {{class: marketing}}
    schedule: {{at: 2026-12-24T{at}{zone}}}
    to: {{users: [user1024]}}
    expires_after: {expires}
    message: {{title: Flash sale, body: Until midnight.}}
    vendors: {{vivo: {{class: operational}}}}
"""


def _code(expires: str) -> str:
    return f"""\
pushes:
  pick-up:
    owner: ops@acme.example
    schedule: {{at: 2026-12-24T10:00}}
    to: {{users: [user1024]}}
    expires_after: {expires}
    message: {{title: Your parcel, body: It waits for you in locker 12.}}
"""


def _offer(expires: str) -> str:
    return f"""\
pushes:
  flash-sale:
    owner: crm@acme.example
    schedule: {{at: 2026-12-24T20:00}}
    offer_ends: 2026-12-24T23:59
    to: {{users: [user1024]}}
    expires_after: {expires}
    message: {{title: Flash sale, body: Until midnight.}}
"""


def _daily(expires: str) -> str:
    return f"""\
pushes:
  weather:
    owner: ops@acme.example
    schedule: {{every: day, at: "07:30"}}
    to: {{users: [user1024]}}
    expires_after: {expires}
    message: {{title: Today's weather, body: Tap to see it.}}
"""


RULES: tuple[Rule, ...] = (
    Rule(
        code="PSH401",
        title="Marketing is delivered in quiet hours",
        severity=Severity.ERROR,
        why=(
            "Advertising that wakes people makes them turn notifications off, and in many places "
            "it is not allowed. Quiet hours are those of the push's own time zone. A push is "
            "marketing by its labels, or if Huawei is told so."
        ),
        fix="Deliver at another time, or take the label off if it is no marketing.",
        bad=Example(_sale("23:30", "1h")),
        good=Example(_sale("20:00", "1h")),
        settings=("quiet_hours", "marketing"),
        adjustable=True,
    ),
    Rule(
        code="PSH402",
        title="Marketing may still arrive in quiet hours",
        severity=Severity.WARNING,
        why=(
            "A phone that is off gets the message when it is on again, as long as the message is "
            "kept. Kept for eight hours, what was sent in the evening rings in the night. If "
            "nothing is said, messages are kept for a day."
        ),
        fix="Write an `expires_after` that ends before the quiet hours begin.",
        bad=Example(_sale("20:00", "8h")),
        good=Example(_sale("20:00", "2h")),
        sources=(EXPIRY,),
        settings=("quiet_hours", "marketing"),
        adjustable=True,
    ),
    Rule(
        code="PSH403",
        title="vivo does not take operational messages at this hour",
        severity=Severity.ERROR,
        why=(
            "vivo takes messages of the class operational, which marketing has to be, only from "
            "07:00 to 23:00 in China. What comes at another hour is dropped, and the service still "
            "says that all is well. Evening in Europe is night in China."
        ),
        fix="Deliver at another hour. A service message may have the class system.",
        bad=Example(_sale("18:00", "2h", "Europe/Berlin")),
        good=Example(_sale("12:00", "2h", "Europe/Berlin")),
        sources=(VIVO,),
        adjustable=True,
    ),
    Rule(
        code="PSH404",
        title="The message expires before many can see it",
        severity=Severity.WARNING,
        why=(
            "A phone in a lift or a tunnel is away for minutes. A message that is kept for less "
            "than ten of them never reaches it, and nothing tells anybody."
        ),
        fix="Keep it for ten minutes at least.",
        bad=Example(_code("5m")),
        good=Example(_code("12h")),
        sources=(EXPIRY,),
        adjustable=True,
    ),
    Rule(
        code="PSH405",
        title="The message could arrive after the offer has ended",
        severity=Severity.ERROR,
        why=(
            "A phone that is off gets the message later, up to `expires_after`. What is offered "
            "then is over, and people come to a shop that is closed."
        ),
        fix="Shorten `expires_after`, or deliver earlier.",
        bad=Example(_offer("8h")),
        good=Example(_offer("3h")),
        sources=(EXPIRY,),
        adjustable=True,
    ),
    Rule(
        code="PSH406",
        title="Several of the same message may arrive at once",
        severity=Severity.WARNING,
        why=(
            "The message is kept for longer than it takes until the next one is sent. A phone that "
            "was off over a weekend shows all of them when it is on again, though only the last "
            "one is of use."
        ),
        fix="Keep it only until the next one is sent.",
        bad=Example(_daily("3d")),
        good=Example(_daily("12h")),
        sources=(EXPIRY,),
        adjustable=True,
    ),
    Rule(
        code="PSH407",
        title="A channel does not keep the message for so long",
        severity=Severity.WARNING,
        why=(
            "Some channels keep a message for phones that are off only for a time of their own, "
            "and refuse or shorten what asks for more: FCM keeps it for 28 days. Of channels that "
            "state no number nothing is said here."
        ),
        fix="Keep it for no longer than that.",
        bad=Example(_code("60d")),
        good=Example(_code("7d")),
        sources=("Firebase documentation, time to live of a message",),
        adjustable=True,
    ),
)
