"""Text messages."""

from __future__ import annotations

from pushctl.diagnostics import Severity
from pushctl.lint.catalogue.rule import Rule
from pushctl.lint.catalogue.shown import entry

SMS = "mPaaS documentation, text messages"

RULES: tuple[Rule, ...] = (
    Rule(
        code="PSH701",
        title="There are no text messages in this region",
        severity=Severity.ERROR,
        why=(
            "The service sends text messages only in Hangzhou, and not in its finance zone. "
            "Elsewhere the push would go out alone, and whoever counted on the text message gets "
            "nothing."
        ),
        fix="Delete `sms`, or use an app in Hangzhou.",
        bad=entry(
            "sms: {mode: fallback, sign: Acme, template: SMS_216070269, params: {code: 1234}}",
            head="app: {id: ONEX0000000000000, workspace: test, region: cn-shanghai}\n",
        ),
        good=entry(
            "sms: {mode: fallback, sign: Acme, template: SMS_216070269, params: {code: 1234}}",
            head="app: {id: ONEX0000000000000, workspace: test, region: cn-hangzhou}\n",
        ),
        sources=(SMS,),
        adjustable=True,
    ),
    Rule(
        code="PSH702",
        title="The text messages are many, or expensive",
        severity=Severity.ERROR,
        why=(
            "With `mode: concurrent` everybody gets a text message beside the push, at every "
            "delivery, and each part of it is paid for. More people than `policy.sms.max_people` "
            "are a warning; a delivery that costs more than `policy.sms.budget` is an error. The "
            "cost is the least there can be: the template's own words are not known here."
        ),
        fix="Write `mode: fallback`, or raise the number that the policy has.",
        bad=entry(
            "to: {users: [user1024, user2048, user4096]}",
            "sms: {mode: concurrent, sign: Acme, template: SMS_216070269, params: {code: 1234}}",
            head="policy:\n  sms: {price: 0.045, budget: 0.1}\n",
        ),
        good=entry(
            "to: {users: [user1024, user2048, user4096]}",
            "sms: {mode: fallback, sign: Acme, template: SMS_216070269, params: {code: 1234}}",
            head="policy:\n  sms: {price: 0.045, budget: 0.1}\n",
        ),
        settings=("sms",),
        adjustable=True,
    ),
    Rule(
        code="PSH703",
        title="The text message is sent in parts",
        severity=Severity.INFO,
        why=(
            "A text message has 70 characters. A longer one is sent in parts of 67, and each part "
            "costs as much as a whole message. Only the signature and the values are known here: "
            "it may be more parts than are told."
        ),
        fix="Shorten the values, or pass a short link.",
        bad=entry(
            "sms:",
            "  mode: fallback",
            "  sign: Acme",
            "  template: SMS_216070269",
            "  params:",
            "    shop: Acme flagship store at the corner of Nanjing Road and Fuzhou Road",
        ),
        good=entry(
            "sms:",
            "  mode: fallback",
            "  sign: Acme",
            "  template: SMS_216070269",
            "  params:",
            "    shop: Acme, Nanjing Road",
        ),
        sources=("Alibaba Cloud documentation on the length of text messages",),
        adjustable=True,
    ),
)
