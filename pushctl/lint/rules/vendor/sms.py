"""Text messages: where they exist, whom they reach, and what they cost."""

from __future__ import annotations

from collections.abc import Iterator

from pushctl.diagnostics import Severity
from pushctl.lint.check import Finding, LintContext, LintTarget
from pushctl.manifest.schema.models import Sms
from pushctl.rule import Example, Rule, entry
from pushctl.vendors.counting import segments

SMS = "mPaaS documentation, text messages"
FALLBACK = "sms: {mode: fallback, sign: Acme, template: SMS_216070269, params: {code: 1234}}"
THREE = "to: {users: [user1024, user2048, user4096]}"
PRICE = "policy:\n  sms: {price: 0.045, budget: 0.1}\n"


def _in(region: str) -> Example:
    app = f"app: {{id: ONEX0000000000000, workspace: test, region: {region}}}\n"
    return entry(FALLBACK, head=app)


def _shop(name: str) -> Example:
    params = ("  params:", f"    shop: {name}")
    return entry("sms:", "  mode: fallback", "  sign: Acme", "  template: SMS_216070269", *params)


RULES = (
    Rule(
        code="PSH701",
        title="There are no text messages in this region",
        severity=Severity.ERROR,
        why="""The service sends text messages only in Hangzhou, and not in its finance zone.
        Elsewhere the push would go out alone, and whoever counted on the text message gets
        nothing.""",
        fix="Delete `sms`, or use an app in Hangzhou.",
        bad=_in("cn-shanghai"),
        good=_in("cn-hangzhou"),
        sources=(SMS,),
        adjustable=True,
    ),
    Rule(
        code="PSH702",
        title="The text messages are many, or expensive",
        severity=Severity.ERROR,
        why="""With `mode: concurrent` everybody gets a text message beside the push, at every
        delivery, and each part of it is paid for. More people than `policy.sms.max_people` are a
        warning; a delivery that costs more than `policy.sms.budget` is an error. The cost is the
        least there can be: the template's own words are not known here.""",
        fix="Write `mode: fallback`, or raise the number that the policy has.",
        bad=entry(THREE, FALLBACK.replace("fallback", "concurrent"), head=PRICE),
        good=entry(THREE, FALLBACK, head=PRICE),
        settings=("sms",),
        adjustable=True,
    ),
    Rule(
        code="PSH703",
        title="The text message is sent in parts",
        severity=Severity.INFO,
        why="""A text message has 70 characters. A longer one is sent in parts of 67, and each part
        costs as much as a whole message. Only the signature and the values are known here: it may
        be more parts than are told.""",
        fix="Shorten the values, or pass a short link.",
        bad=_shop("Acme flagship store at the corner of Nanjing Road and Fuzhou Road"),
        good=_shop("Acme, Nanjing Road"),
        sources=("Alibaba Cloud documentation on the length of text messages",),
        adjustable=True,
    ),
)


BRACKETS = 2
"""A text message begins with its signature in brackets."""


def check(subject: LintTarget, context: LintContext) -> Iterator[Finding]:
    """Yield what is impossible, expensive, or longer than it looks."""
    sms = subject.entry.sms
    if sms is None:
        return
    if context.app.region not in context.facts.sms.regions:
        detail = (
            f"The region is {context.app.region}; text messages exist only in "
            f"{', '.join(sorted(context.facts.sms.regions))}."
        )
        yield Finding("PSH701", ("sms",), detail, fix="delete `sms`, or use an app of that region")
    parts = segments(least(sms), context.facts.sms)
    if sms.mode == "concurrent":
        yield from _many(subject, context, parts)
    if parts > 1:
        detail = (
            f"Signature and values alone have {least(sms)} characters; with more than "
            f"{context.facts.sms.single} it is sent, and paid for, in {parts} parts or more."
        )
        yield Finding("PSH703", ("sms", "params"), detail, fix="shorten the values")


def least(sms: Sms) -> int:
    """Return how many characters a text message has at least.

    The template is not here, only what is put into it: its own words come on top.
    """
    return len(sms.sign) + BRACKETS + sum(len(str(value)) for value in sms.params.values())


def _many(subject: LintTarget, context: LintContext, parts: int) -> Iterator[Finding]:
    people, policy = len(subject.push.targets), context.policy.sms
    cost = None if policy.price is None else people * parts * policy.price
    fix = (
        "write `mode: fallback`, which sends one only where the push does not arrive, or raise "
        "`policy.sms.{}`"
    )
    if cost is not None and policy.budget is not None and cost > policy.budget:
        detail = (
            f"Every delivery costs at least {cost:,.2f} {policy.currency} ({people:,} people, "
            f"{parts} part{'' if parts == 1 else 's'} each); the budget is {policy.budget:,.2f}."
        )
        yield Finding("PSH702", ("sms", "mode"), detail, fix=fix.format("budget"))
    elif people > policy.max_people:
        price = "" if cost is None else f", for {cost:,.2f} {policy.currency} or more"
        yield Finding(
            "PSH702",
            ("sms", "mode"),
            f"All {people:,} people get a text message at every delivery{price}; up to "
            f"{policy.max_people:,} are nothing to speak of.",
            fix=fix.format("max_people"),
            severity=Severity.WARNING,
        )
