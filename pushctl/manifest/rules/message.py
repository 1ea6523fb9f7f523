"""Rules about what a message says and shows, and where a tap leads."""

from __future__ import annotations

from pushctl.diagnostics import Severity
from pushctl.rule import Rule, entry

CONTENT_LIMITS = "mPaaS documentation, limits of message content"
EXTENDED = "mPaaS documentation, extended parameters"
IPHONE = "to: {ios: [740f4707bebcf74f9b7c25d48e3358945f6aa01da5ddb387462c7eaf61bb78ad]}"


RULES = (
    Rule(
        code="PSH307",
        title="The title or text is blank",
        severity=Severity.ERROR,
        why="""The vendors refuse a push without a title or without a text. Blanks, line breaks and
        characters that nobody sees, such as a zero-width space, are no text.""",
        fix="Write what people should read.",
        bad=entry('message: {title: " ", body: Until midnight.}'),
        good=entry("message: {title: Flash sale, body: Until midnight.}"),
        sources=(CONTENT_LIMITS,),
        adjustable=True,
    ),
    Rule(
        code="PSH308",
        title="The style and the picture do not fit",
        severity=Severity.ERROR,
        why="""`style: image` asks for a picture that is not there, or there is a picture that no
        phone shows because the style does not ask for it; the latter is only a warning.""",
        fix="Have both `style: image` and `image`, or neither.",
        bad=entry(IPHONE, "message: {title: Brunch, body: A table for two., style: image}"),
        good=entry(
            IPHONE,
            "message:",
            "  title: Brunch",
            "  body: A table for two.",
            "  style: image",
            "  image: https://cdn.acme.example/brunch.png",
        ),
        sources=("mPaaS documentation, PushSimple, pushStyle",),
        adjustable=True,
    ),
    Rule(
        code="PSH314",
        title="The address does not open what it should",
        severity=Severity.ERROR,
        why="""The service is told separately whether a tap opens a web page or a screen of the app.
        A web address as `intent`, or the app's own scheme as a page, opens nothing, nor does one
        with two schemes or invisible signs. What runs code, such as `javascript:`, is refused as
        either; what may be meant, such as `/100%`, is a warning.""",
        fix="Write web addresses as `open: https://...`, screens as `open: {intent: ...}`.",
        bad=entry("message: {title: Sale, body: Tonight., open: acme://sale}"),
        good=entry('message: {title: Sale, body: Tonight., open: {intent: "acme://sale"}}'),
        sources=("mPaaS documentation, PushSimple, pushAction and uri",),
        adjustable=True,
    ),
    Rule(
        code="PSH316",
        title="The extra values do not fit",
        severity=Severity.ERROR,
        why="""The service takes 20 extra values, uses some names itself, and passes the rest on to
        the app. They count against the 2,048 bytes of a message: more than 1,024 are a warning,
        because hardly any room is left for the text.""",
        fix="Choose another name, or pass an id by which the app fetches the rest.",
        bad=entry("message: {title: Sale, body: Tonight., extras: {action: sale}}"),
        good=entry("message: {title: Sale, body: Tonight., extras: {acme_action: sale}}"),
        sources=(EXTENDED,),
        adjustable=True,
    ),
)
