"""What a message says and shows, and where a tap leads."""

from __future__ import annotations

from pushctl.diagnostics import Severity
from pushctl.lint.catalogue.rule import Rule
from pushctl.lint.catalogue.shown import entry

IPHONE = "to: {ios: [740f4707bebcf74f9b7c25d48e3358945f6aa01da5ddb387462c7eaf61bb78ad]}"
PRODUCTION = "app: {id: ONEX0000000000000, workspace: prod}\n"
EXTENDED = "mPaaS documentation, extended parameters"

RULES: tuple[Rule, ...] = (
    Rule(
        code="PSH308",
        title="The style and the picture do not fit",
        severity=Severity.ERROR,
        why=(
            "`style: image` asks for a picture that is not there, or there is a picture that no "
            "phone shows because the style does not ask for it; the latter is only a warning."
        ),
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
        code="PSH309",
        title="An address is not encrypted",
        severity=Severity.ERROR,
        why=(
            "Phones and vendors load pictures and icons only from https. A link to http opens, and "
            "is a warning: whoever is on the way, such as a hotel's network, can read what people "
            "look at and change it."
        ),
        fix="Write https:// instead of http://.",
        bad=entry("message: {title: Brunch, body: For two., icon: http://cdn.acme.example/i.png}"),
        good=entry(
            "message: {title: Brunch, body: For two., icon: https://cdn.acme.example/i.png}"
        ),
        sources=("Apple documentation, App Transport Security; Huawei Push Kit documentation",),
        adjustable=True,
    ),
    Rule(
        code="PSH310",
        title="Some phones do not show the picture",
        severity=Severity.INFO,
        why=(
            "The channels of Xiaomi, vivo and Honor show the text without the picture. That is no "
            "mistake, as long as the text says everything without it. Where none of the channels "
            "shows it, it is a warning."
        ),
        fix="Look at the preview of these phones, and let the text stand on its own.",
        bad=entry(
            "message:",
            "  title: Brunch",
            "  body: See what is on the table.",
            "  style: image",
            "  image: https://cdn.acme.example/brunch.png",
        ),
        good=entry(
            IPHONE,
            "message:",
            "  title: Brunch",
            "  body: See what is on the table.",
            "  style: image",
            "  image: https://cdn.acme.example/brunch.png",
        ),
        sources=("mPaaS documentation, PushSimple, imageUrls; Xiaomi's announcement of 2023-08",),
        adjustable=True,
    ),
    Rule(
        code="PSH311",
        title="The text has characters that phones treat in different ways",
        severity=Severity.WARNING,
        why=(
            "Some characters nobody sees: they count against the limits, and come in by pasting. "
            "Others turn text around, which is how senders of fakes hide an address, or stand for "
            "a character that was lost on the way. Emoji that are put together from several are "
            "for information: they count several times, and older phones show the parts."
        ),
        fix="Delete the named character, or type the word anew.",
        bad=entry('message: {title: "Flash\\u200b sale", body: Until midnight.}'),
        good=entry("message: {title: Flash sale, body: Until midnight.}"),
        sources=("Unicode Standard Annex 9; Unicode Technical Standard 51",),
        adjustable=True,
    ),
    Rule(
        code="PSH312",
        title="A placeholder or a test was left over",
        severity=Severity.ERROR,
        why=(
            "\u201cDear {{name}}\u201d is read by everybody who gets it, and is told about for "
            "years; a link to `/sale/{{id}}` leads nowhere. Nothing replaces placeholders between "
            "here and the phone, and markup is shown as it stands. What only templates have, such "
            "as `{{name}}` or `%s`, is an error; what could be meant, such as `[name]` or `TODO`, "
            "is a warning. In a workspace that is by its name one for tests, a placeholder is a "
            "warning and a text that says test is nothing; elsewhere such a text is a warning."
        ),
        fix="Write what people should read; `${name}` takes a value from `vars`.",
        bad=entry('message: {title: "Dear {{name}}", body: Until midnight.}', head=PRODUCTION),
        good=entry("message: {title: Dear members, body: Until midnight.}", head=PRODUCTION),
        adjustable=True,
    ),
    Rule(
        code="PSH313",
        title="The link leads where this team does not want to lead",
        severity=Severity.ERROR,
        why=(
            "`policy.links` lists the schemes and hosts that a tap may open. A typing mistake in a "
            "host, or a link that somebody slipped in, would send everybody to a stranger's page "
            "that looks like yours."
        ),
        fix="Correct the link, or add the host to `policy.links` in a change of its own.",
        bad=entry(
            "message: {title: Sale, body: Tonight., open: https://m.acme.example.evil.example/}",
            head='policy:\n  links: {hosts: ["*.acme.example"]}\n',
        ),
        good=entry(
            "message: {title: Sale, body: Tonight., open: https://m.acme.example/sale}",
            head='policy:\n  links: {hosts: ["*.acme.example"]}\n',
        ),
        settings=("links",),
        adjustable=True,
    ),
    Rule(
        code="PSH314",
        title="The link does not fit its kind",
        severity=Severity.ERROR,
        why=(
            "The service is told separately whether a tap opens a web page or a screen of the app. "
            "A web address as `intent`, or the app's own scheme as a page, opens nothing. What "
            "runs code or opens files, such as `javascript:`, is refused as either."
        ),
        fix="Write web addresses as `open: https://...`, screens as `open: {intent: ...}`.",
        bad=entry("message: {title: Sale, body: Tonight., open: acme://sale}"),
        good=entry('message: {title: Sale, body: Tonight., open: {intent: "acme://sale"}}'),
        sources=("mPaaS documentation, PushSimple, pushAction and uri",),
        adjustable=True,
    ),
    Rule(
        code="PSH315",
        title="A silent push asks for something that people would see",
        severity=Severity.ERROR,
        why=(
            "`silent: true` is for the app alone. A text message beside it would reach people and "
            "cost money for something that was to stay unseen; a picture, an icon or a style is "
            "shown to nobody, and is a warning."
        ),
        fix="Take `silent: true` away, or what people would see.",
        bad=entry(
            "message: {title: Refresh, body: Refresh, silent: true}",
            'sms: {mode: fallback, sign: Acme, template: SMS_216070269, params: {code: "1"}}',
        ),
        good=entry("message: {title: Refresh, body: Refresh, silent: true}"),
        sources=("mPaaS documentation, PushSimple, silent and smsStrategy",),
        adjustable=True,
    ),
    Rule(
        code="PSH316",
        title="The extra values do not fit",
        severity=Severity.ERROR,
        why=(
            "The service takes 20 extra values, uses some names itself, and passes the rest on to "
            "the app. They count against the 2,048 bytes of a message: more than 1,024 are a "
            "warning, because hardly any room is left for the text."
        ),
        fix="Choose another name, or pass an id by which the app fetches the rest.",
        bad=entry("message: {title: Sale, body: Tonight., extras: {action: sale}}"),
        good=entry("message: {title: Sale, body: Tonight., extras: {acme_action: sale}}"),
        sources=(EXTENDED,),
        adjustable=True,
    ),
)
