"""Rules about what is left to people: raw parameters, accepted findings."""

from __future__ import annotations

from pushctl.diagnostics import Severity
from pushctl.rule import Rule, entry

RULES = (
    Rule(
        code="PSH805",
        title="A raw parameter would break the promise of exactly once",
        severity=Severity.ERROR,
        why="""`raw` may pass on any parameter of the service except those by which pushctl knows
        who gets what and when. With them it could not tell a push that arrived from one that did
        not, and would have to guess.""",
        fix="Say it with `to`, `schedule` and `app`.",
        bad=entry('raw: {TargetMsgkey: "{}"}'),
        good=entry(),
    ),
    Rule(
        code="PSH806",
        title="A raw parameter is used",
        severity=Severity.WARNING,
        why="""What stands under `raw` is passed on as it is, and wins over everything else. No
        check looks at it, no preview shows it, and a typing mistake in its name is silently ignored
        by the service.""",
        fix="Use the field of this language, or accept the finding with a reason.",
        bad=entry("raw: {ChannelId: sale}"),
        good=entry("vendors: {android: {channel: sale}}"),
        adjustable=True,
    ),
    Rule(
        code="PSH807",
        title="An accepted finding is accepted no longer",
        severity=Severity.ERROR,
        why="""Somebody accepted a finding until a certain day, and that day is over. The reason may
        still be good; somebody has to say so again, or exceptions stay for ever and nobody
        remembers why.""",
        fix="Mend what the finding says, or write a new day.",
        bad=entry("allow: [{rule: PSH301, reason: agreed with legal, until: 2026-11-30}]"),
        good=entry("allow: [{rule: PSH301, reason: agreed with legal, until: 2027-01-31}]"),
    ),
)
