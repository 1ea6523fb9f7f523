"""Texts that are longer than a channel takes, or shows."""

from __future__ import annotations

from collections.abc import Iterator

from pushctl.diagnostics import Severity
from pushctl.lint.check import Finding, LintContext, LintTarget
from pushctl.rule import Rule, entry
from pushctl.vendors.counting import fitting, length
from pushctl.vendors.facts import Channel, ChannelFacts, Overflow

CONTENT_LIMITS = "mPaaS documentation, limits of message content"
IPHONE = "to: {ios: [740f4707bebcf74f9b7c25d48e3358945f6aa01da5ddb387462c7eaf61bb78ad]}"
HARMONY = "to: {harmony: [harmony-77aa01]}"
LONG = (
    "message:",
    "  title: Members get up to sixty percent off everything in the shop tonight",
    "  body: Until midnight.",
)
SHORT = "message: {title: Up to 60% off tonight, body: Until midnight.}"
SHORTEN = "Shorten the text. If nobody of the audience has such a phone, accept the finding."
UNTOLD = (
    "It rejects what is longer, and the service still says that all is well: nobody with such a "
    "phone gets the push, and nobody is told."
)


RULES = (
    Rule(
        code="PSH301",
        title="vivo will reject a text that is too long",
        severity=Severity.ERROR,
        why=f"""vivo takes a title of 40 units and a body of 100, where a Chinese character counts 2
        and every other one 1. {UNTOLD}""",
        fix=SHORTEN,
        bad=entry(
            "message:",
            "  title: 限时特惠：全场六折，会员优先抢购今晚到手价，先到先得",
            "  body: Until midnight.",
        ),
        good=entry("message:", "  title: 限时特惠：全场六折，会员优先", "  body: Until midnight."),
        sources=(CONTENT_LIMITS,),
        adjustable=True,
    ),
    Rule(
        code="PSH302",
        title="Xiaomi will reject a text that is too long",
        severity=Severity.ERROR,
        why=f"Xiaomi takes a title of 50 characters and a body of 128, whatever they are. {UNTOLD}",
        fix=SHORTEN,
        bad=entry(
            "message:",
            "  title: Flash sale",
            "  body: >-",
            "    Up to sixty percent off everything in the shop, for members and for all whom a",
            "    member brings along to us, tonight until midnight.",
        ),
        good=entry(
            "message:", "  title: Flash sale", "  body: Up to 60% off. Tonight until midnight."
        ),
        sources=(CONTENT_LIMITS,),
        adjustable=True,
    ),
    Rule(
        code="PSH303",
        title="OPPO will reject a text that is too long",
        severity=Severity.ERROR,
        why=f"""OPPO takes a title of 32 characters and a body of 200; with `style: big-text` the
        body has 128, with `style: image` only 50. OPPO's own page allows titles of 50, but the
        service, which is who sends, says 32. {UNTOLD}""",
        fix=SHORTEN,
        bad=entry("message: {title: Up to 60% off everything tonight!, body: Until midnight.}"),
        good=entry(SHORT),
        sources=(CONTENT_LIMITS, "OPPO's page on notification styles"),
        adjustable=True,
    ),
    Rule(
        code="PSH304",
        title="Huawei will reject a text that is too long",
        severity=Severity.ERROR,
        why=f"Huawei takes a title of 40 characters and a body of 1,024. {UNTOLD}",
        fix=SHORTEN,
        bad=entry("message: {title: Up to 60% off everything in the whole shop, body: Tonight.}"),
        good=entry("message: {title: Up to 60% off everything, body: Tonight.}"),
        sources=(CONTENT_LIMITS,),
        adjustable=True,
    ),
    Rule(
        code="PSH305",
        title="iPhones cut the title off",
        severity=Severity.WARNING,
        why="""An iPhone shows 40 units of a title, where a Chinese character counts 2, and then
        three dots. The message arrives; what was to be read last, often the name or the price, is
        what nobody sees.""",
        fix="Shorten the title, or put what matters first.",
        bad=entry(
            IPHONE,
            "message: {title: Members get up to sixty percent off tonight, body: Until midnight.}",
        ),
        good=entry(
            IPHONE,
            "message: {title: Up to 60% off tonight, body: Until midnight. Members only.}",
        ),
        sources=(CONTENT_LIMITS,),
        adjustable=True,
    ),
    Rule(
        code="PSH317",
        title="Honor will reject a text that is too long",
        severity=Severity.ERROR,
        why=f"""Honor takes a title of 60 units and a body of 4,096, where a Chinese character
        counts 2 and every other one 1. {UNTOLD}""",
        fix=SHORTEN,
        bad=entry(*LONG),
        good=entry(SHORT),
        sources=(CONTENT_LIMITS,),
        adjustable=True,
    ),
    Rule(
        code="PSH318",
        title="The text is longer than HarmonyOS takes",
        severity=Severity.WARNING,
        why="""HarmonyOS takes a title of 60 units and a body of 4,096, where a Chinese character
        counts 2 and every other one 1. Nobody states what becomes of a longer one.""",
        fix=SHORTEN,
        bad=entry(HARMONY, *LONG),
        good=entry(HARMONY, SHORT),
        sources=(CONTENT_LIMITS,),
        adjustable=True,
    ),
)


CODES = {
    Channel.VIVO: "PSH301",
    Channel.XIAOMI: "PSH302",
    Channel.OPPO: "PSH303",
    Channel.HUAWEI: "PSH304",
    Channel.IOS: "PSH305",
    Channel.HONOR: "PSH317",
    Channel.HARMONY: "PSH318",
}
CONSEQUENCES = {
    Overflow.REJECTED: "{name} will reject it",
    Overflow.CUT: "an {name} shows the beginning and three dots",
    Overflow.UNKNOWN: "nobody states what {name} does with it",
}


def check(subject: LintTarget, context: LintContext) -> Iterator[Finding]:
    """Yield what a vendor will reject, or cut."""
    message = subject.entry.message
    title, body = message.title, message.body
    # Nothing counts more than 2 for a character.
    most_title, most_body = 2 * len(title), 2 * len(body)
    for channel in subject.channels:
        limit = channel.title
        if limit is not None and most_title > limit:
            yield from _over(channel, "title", title, limit)
        limit = channel.body_in(message.style)
        # What the screen cuts of a text is one tap away; of a title it is lost.
        if limit is not None and most_body > limit and channel.overflow is not Overflow.CUT:
            yield from _over(channel, "body", body, limit)


def _over(channel: ChannelFacts, field: str, text: str, limit: int) -> Iterator[Finding]:
    used = length(text, channel.unit)
    code = CODES.get(channel.channel)
    if used <= limit or code is None:
        return
    over = len(text) - len(fitting(text, limit, channel.unit))
    becomes = CONSEQUENCES[channel.overflow].format(name=channel.name)
    yield Finding(
        code,
        ("message", field),
        f"The {field} is {used} of {limit} units long; {becomes}.",
        fix=f"shorten it by {over} character{'' if over == 1 else 's'}, or accept the finding "
        f"if nobody has a phone of this kind",
    )
