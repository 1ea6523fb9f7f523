"""How long a text may be."""

from __future__ import annotations

from pushctl.diagnostics import Severity
from pushctl.lint.catalogue.rule import Rule
from pushctl.lint.catalogue.shown import entry

CONTENT_LIMITS = "mPaaS documentation, limits of message content"
SHORTEN = "Shorten the text. If nobody of the audience has such a phone, accept the finding."
UNTOLD = (
    "It rejects what is longer, and the service still says that all is well: nobody with such a "
    "phone gets the push, and nobody is told."
)

RULES: tuple[Rule, ...] = (
    Rule(
        code="PSH301",
        title="vivo will reject a text that is too long",
        severity=Severity.ERROR,
        why=(
            "vivo takes a title of 40 units and a body of 100, where a Chinese character counts 2 "
            f"and every other one 1. {UNTOLD}"
        ),
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
        why=(
            "OPPO takes a title of 32 characters and a body of 200; with `style: big-text` the "
            "body has 128, with `style: image` only 50. OPPO's own page allows titles of 50, but "
            f"the service, which is who sends, says 32. {UNTOLD}"
        ),
        fix=SHORTEN,
        bad=entry("message: {title: Up to 60% off everything tonight!, body: Until midnight.}"),
        good=entry("message: {title: Up to 60% off tonight, body: Until midnight.}"),
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
        why=(
            "An iPhone shows 40 units of a title, where a Chinese character counts 2, and then "
            "three dots. The message arrives; what was to be read last, often the name or the "
            "price, is what nobody sees."
        ),
        fix="Shorten the title, or put what matters first.",
        bad=entry(
            "to: {ios: [740f4707bebcf74f9b7c25d48e3358945f6aa01da5ddb387462c7eaf61bb78ad]}",
            "message: {title: Members get up to sixty percent off tonight, body: Until midnight.}",
        ),
        good=entry(
            "to: {ios: [740f4707bebcf74f9b7c25d48e3358945f6aa01da5ddb387462c7eaf61bb78ad]}",
            "message: {title: Up to 60% off tonight, body: Until midnight. Members only.}",
        ),
        sources=(CONTENT_LIMITS,),
        adjustable=True,
    ),
    Rule(
        code="PSH306",
        title="The message is larger than any channel takes",
        severity=Severity.ERROR,
        why=(
            "Title, body, extra values and link together have 2,048 bytes on every channel. A "
            "Chinese character has three bytes, most emoji four. What the channels wrap around it "
            "comes on top, so stay well below."
        ),
        fix="Shorten the text, and pass an id in `extras` by which the app fetches the rest.",
        bad=entry(
            "to: {harmony: [harmony-77aa01]}",
            "message:",
            "  title: 年终盘点",
            f"  body: {'感谢您一年来的支持与陪伴，' * 54}",
        ),
        good=entry(
            "to: {harmony: [harmony-77aa01]}",
            "message: {title: 年终盘点, body: 感谢您一年来的支持与陪伴}",
        ),
        sources=(CONTENT_LIMITS,),
        adjustable=True,
    ),
    Rule(
        code="PSH307",
        title="The title or text is blank",
        severity=Severity.ERROR,
        why=(
            "The vendors refuse a push without a title or without a text. Blanks, line breaks and "
            "characters that nobody sees, such as a zero-width space, are no text."
        ),
        fix="Write what people should read.",
        bad=entry('message: {title: " ", body: Until midnight.}'),
        good=entry("message: {title: Flash sale, body: Until midnight.}"),
        sources=(CONTENT_LIMITS,),
        adjustable=True,
    ),
    Rule(
        code="PSH317",
        title="Honor will reject a text that is too long",
        severity=Severity.ERROR,
        why=(
            "Honor takes a title of 60 units and a body of 4,096, where a Chinese character counts "
            f"2 and every other one 1. {UNTOLD}"
        ),
        fix=SHORTEN,
        bad=entry(
            "message:",
            "  title: Members get up to sixty percent off everything in the shop tonight",
            "  body: Until midnight.",
        ),
        good=entry("message: {title: Up to 60% off tonight, body: Until midnight.}"),
        sources=(CONTENT_LIMITS,),
        adjustable=True,
    ),
    Rule(
        code="PSH318",
        title="The text is longer than HarmonyOS takes",
        severity=Severity.WARNING,
        why=(
            "HarmonyOS takes a title of 60 units and a body of 4,096, where a Chinese character "
            "counts 2 and every other one 1. Nobody states what becomes of a longer one."
        ),
        fix=SHORTEN,
        bad=entry(
            "to: {harmony: [harmony-77aa01]}",
            "message:",
            "  title: Members get up to sixty percent off everything in the shop tonight",
            "  body: Until midnight.",
        ),
        good=entry(
            "to: {harmony: [harmony-77aa01]}",
            "message: {title: Up to 60% off tonight, body: Until midnight.}",
        ),
        sources=(CONTENT_LIMITS,),
        adjustable=True,
    ),
)
