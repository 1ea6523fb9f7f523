"""Working together: owners, exceptions, removals."""

from __future__ import annotations

from pushctl.diagnostics import Severity
from pushctl.lint.catalogue.rule import Example, Rule
from pushctl.lint.catalogue.shown import entry, written

IMMEDIATE = "policy:\n  allow_immediate: true\n"

RULES: tuple[Rule, ...] = (
    Rule(
        code="PSH801",
        title="The push has no owner",
        severity=Severity.WARNING,
        why=(
            "When something is wrong with a push at night, somebody has to be called who knows "
            "whether it may be stopped. The owner is shown in plans, in `status`, and by `stop`."
        ),
        fix="Add `owner` to the push, or to the `defaults` of its file.",
        bad=Example("""\
pushes:
  flash-sale:
    schedule: {at: 2026-12-24T20:00}
    to: {users: [user1024]}
    message: {title: Flash sale, body: Until midnight.}
"""),
        good=entry(),
        adjustable=True,
    ),
    Rule(
        code="PSH802",
        title="A push was renamed without saying so",
        severity=Severity.ERROR,
        why=(
            "One push left the manifest and another one came that says the same, or nearly, to the "
            "same people. Most likely it got a new id. Without `moved` the old one is cancelled, "
            "or runs out beside the new one, and nobody remembers who has had it: somebody could "
            "get it twice, or not at all. It is a warning, and an error where the old one was "
            "just delivered: within a week, or within a day if it repeats."
        ),
        fix="Add a line to `moved` that says so; a rename touches no task.",
        bad=entry(before=written(id="sale"), offline=False),
        good=entry(
            before=written(id="sale"),
            head="moved: [{from: sale, to: flash-sale}]\n",
            offline=False,
        ),
        adjustable=True,
    ),
    Rule(
        code="PSH803",
        title="An id is used again for something else",
        severity=Severity.WARNING,
        why=(
            "For seven days, what was delivered can be withdrawn from the phones, and `stop "
            "--revoke` does that by the id of the push. If another push has the same id by then, "
            "both are meant. The history of the two is one as well."
        ),
        fix="Give the new push an id of its own, such as one with the date.",
        bad=entry(
            "message: {title: Winter sale, body: From today on.}",
            head=IMMEDIATE,
            before=written("schedule: {now: true}", head=IMMEDIATE),
            offline=False,
        ),
        good=entry(
            "message: {title: Winter sale, body: From today on.}",
            id="winter-sale",
            head=IMMEDIATE,
            before=written("schedule: {now: true}", head=IMMEDIATE),
            offline=False,
        ),
        adjustable=True,
    ),
    Rule(
        code="PSH804",
        title="The push is sent the moment it is applied",
        severity=Severity.WARNING,
        why=(
            "`schedule: {now: true}` cannot be stopped, and a reviewer cannot see when it happens. "
            "Plan and apply refuse it unless somebody types `--allow-immediate`; "
            "`policy.allow_immediate` allows it for good, and this finding goes away."
        ),
        fix="Give it a date and time.",
        bad=entry("schedule: {now: true}"),
        good=entry(),
        settings=("allow_immediate",),
        adjustable=True,
    ),
    Rule(
        code="PSH805",
        title="A raw parameter would break the promise of exactly once",
        severity=Severity.ERROR,
        why=(
            "`raw` may pass on any parameter of the service except those by which pushctl knows "
            "who gets what and when. With them it could not tell a push that arrived from one "
            "that did not, and would have to guess."
        ),
        fix="Say it with `to`, `schedule` and `app`.",
        bad=entry('raw: {TargetMsgkey: "{}"}'),
        good=entry(),
    ),
    Rule(
        code="PSH806",
        title="A raw parameter is used",
        severity=Severity.WARNING,
        why=(
            "What stands under `raw` is passed on as it is, and wins over everything else. No "
            "check looks at it, no preview shows it, and a typing mistake in its name is silently "
            "ignored by the service."
        ),
        fix="Use the field of this language, or accept the finding with a reason.",
        bad=entry("raw: {ChannelId: sale}"),
        good=entry("vendors: {android: {channel: sale}}"),
        adjustable=True,
    ),
    Rule(
        code="PSH807",
        title="An accepted finding is accepted no longer",
        severity=Severity.ERROR,
        why=(
            "Somebody accepted a finding until a certain day, and that day is over. The reason may "
            "still be good; somebody has to say so again, or exceptions stay for ever and nobody "
            "remembers why."
        ),
        fix="Mend what the finding says, or write a new day.",
        bad=entry("allow: [{rule: PSH301, reason: agreed with legal, until: 2026-11-30}]"),
        good=entry("allow: [{rule: PSH301, reason: agreed with legal, until: 2027-01-31}]"),
    ),
    Rule(
        code="PSH808",
        title="This looks like a key or a password",
        severity=Severity.ERROR,
        why=(
            "What stands in a manifest is in the repository's history for good, and would be sent "
            "to every phone. The finding says what it looks like and where it stands, and shows "
            "nothing of it, because findings end up in the logs of CI systems."
        ),
        fix="Take it out, and have it replaced by a new one: the old one is known already.",
        bad=entry("message: {title: Sale, body: Tonight., extras: {key: AKIAIOSFODNN7EXAMPLE}}"),
        good=entry("message: {title: Sale, body: Tonight., extras: {campaign: xmas-2026}}"),
        adjustable=True,
    ),
    Rule(
        code="PSH809",
        title="A rule is named that does not exist, or cannot be changed",
        severity=Severity.WARNING,
        why=(
            "`policy.rules` and `allow` name rules by their codes. A code that does not exist "
            "changes nothing, and whoever wrote it believes that it does. Nor does one of a rule "
            "that always counts the same: what keeps an entry from being understood, or would "
            "break the promise of exactly once, is an error whatever anybody says."
        ),
        fix="Correct the code (`pushctl explain PSH401` shows what one means), or delete it.",
        bad=entry("allow: [{rule: PSH508, reason: agreed with legal}]"),
        good=entry("allow: [{rule: PSH501, reason: agreed with legal}]"),
        adjustable=True,
    ),
)
