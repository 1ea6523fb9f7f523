"""What single vendors are told about a message, against what it says of itself."""

from __future__ import annotations

from collections.abc import Iterator

from pushctl.diagnostics import Edit, Severity
from pushctl.lint.check import Finding, LintContext, LintTarget
from pushctl.lint.labels import meaning, pairs
from pushctl.manifest.edit import edits
from pushctl.manifest.yaml.positions import Provenance
from pushctl.rule import Rule, entry
from pushctl.vendors.facts import Channel

HUAWEI = "Huawei Push Kit documentation, message classification"
VIVO = "vivo's rules for operational messages, as relayed by Alibaba Cloud EMAS"
MARKETING = ("labels: {class: marketing}", "expires_after: 1h")


RULES = (
    Rule(
        code="PSH321",
        title="Marketing is sent to vivo as a system message",
        severity=Severity.ERROR,
        why="""vivo wants to be told what is operational, which is its word for marketing; unless
        told so, the service says system. vivo checks, and takes the right to push from apps that
        send offers as system messages.""",
        fix="Write `vendors: {vivo: {class: operational}}`, best in `defaults`.",
        bad=entry(*MARKETING),
        good=entry(*MARKETING, "vendors: {vivo: {class: operational}}"),
        sources=(VIVO, "mPaaS documentation, PushSimple, classification"),
        settings=("marketing",),
        adjustable=True,
    ),
    Rule(
        code="PSH322",
        title="The category contradicts the labels",
        severity=Severity.ERROR,
        why="""Labels say that it is marketing, and a vendor is told that it is a bank statement or
        a chat. Vendors limit marketing and not the others, so they look for this and punish it. The
        reverse, a service message sent as marketing, is a warning: it makes no sound, and few of
        them arrive in a day.""",
        fix="Tell vendors what your labels say.",
        bad=entry(*MARKETING, "vendors: {vivo: {class: operational}, huawei: {category: finance}}"),
        good=entry(
            *MARKETING, "vendors: {vivo: {class: operational}, huawei: {category: marketing}}"
        ),
        sources=(HUAWEI,),
        settings=("marketing",),
        adjustable=True,
    ),
    Rule(
        code="PSH323",
        title="The category is only for messages that nobody sees",
        severity=Severity.ERROR,
        why="""Huawei has `play-voice` only for transparent messages, which wake the app so that it
        says something, and not for those with a title and a text to show.""",
        fix="Write a category for messages that people read.",
        bad=entry(
            "message: {title: You were paid, body: 8.50 have arrived.}",
            "vendors: {huawei: {category: play-voice}}",
        ),
        good=entry(
            "message: {title: You were paid, body: 8.50 have arrived.}",
            "vendors: {huawei: {category: finance}}",
        ),
        sources=(HUAWEI,),
        adjustable=True,
    ),
    Rule(
        code="PSH324",
        title="Marketing asks to be loud",
        severity=Severity.WARNING,
        why="""Sound, vibration and a banner over whatever people do are for what cannot wait. An
        offer can; being loud with it is how an app loses the permission to notify at all.""",
        fix="Write a lower level, or leave it to the vendor.",
        bad=entry(*MARKETING, "vendors: {vivo: {class: operational}, oppo: {level: full}}"),
        good=entry(*MARKETING, "vendors: {vivo: {class: operational}, oppo: {level: bar}}"),
        sources=(HUAWEI, "mPaaS documentation, PushSimple, notifyLevel"),
        settings=("marketing",),
        adjustable=True,
    ),
)


RAW = "raw:"


def check(subject: LintTarget, context: LintContext) -> Iterator[Finding]:
    """Yield what vendors punish, or make less of than was meant."""
    huawei = subject.entry.vendors.huawei.category
    if huawei is not None and huawei in context.facts.huawei_transparent_only:
        yield from _transparent_only(subject, huawei)
    if not subject.marketing:
        return
    reached = {item.channel for item in subject.channels}
    if Channel.VIVO in reached:
        yield from _vivo(subject)
    if Channel.HUAWEI in reached:
        yield from _huawei(subject, context)
    if Channel.OPPO in reached and subject.entry.vendors.oppo.level == "full":
        detail = "On phones of OPPO it comes with banner, vibration and sound, and it is marketing."
        fix = "write `level: bar`, or delete it"
        yield Finding("PSH324", ("vendors", "oppo", "level"), detail, fix=fix)


def _transparent_only(subject: LintTarget, category: str) -> Iterator[Finding]:
    message = subject.entry.message
    if message.transparent_payload is None and not message.silent:
        yield Finding(
            "PSH323",
            ("vendors", "huawei", "category"),
            f"Huawei takes `{category}` only for messages that the app reads and nobody sees; this "
            "one has a title and a text to show.",
            fix="write another category",
        )


def _vivo(subject: LintTarget) -> Iterator[Finding]:
    vivo = subject.entry.vendors.vivo
    if vivo.class_ != "operational":
        claim = "it is a system message" if vivo.class_ else "nothing, which means a system message"
        yield Finding(
            "PSH321",
            ("vendors", "vivo", "class"),
            f"{subject.id} is marketing, and vivo is told {claim}.",
            fix="write `vendors: {vivo: {class: operational}}`",
            edits=_operational(subject.push.provenance, vivo.class_),
        )
    if vivo.category == "im":
        detail = "It is marketing, and vivo is told that it is a chat message (`im`)."
        fix = "delete the category, or write the one that vivo has granted you"
        yield Finding("PSH322", ("vendors", "vivo", "category"), detail, fix=fix)


def _operational(place: Provenance, category: str | None) -> tuple[Edit, ...]:
    path, right = ("vendors", "vivo", "class"), "operational"
    if category is None:
        return edits.insert(place, path, right)
    return edits.replace_value(place, path, category, right)


def _huawei(subject: LintTarget, context: LintContext) -> Iterator[Finding]:
    huawei = subject.entry.vendors.huawei
    category = huawei.category
    if category is None or category in context.facts.huawei_marketing:
        own, wanted = subject.entry.labels, dict(pairs(context.policy.marketing))
        known = {key: value for key, value in own.items() if meaning(key) in wanted}
        if not pairs(known) <= wanted.items():
            yield Finding(
                "PSH322",
                ("vendors", "huawei", "category"),
                "Huawei is told that it is marketing, and its labels say something else: "
                f"{', '.join(f'{key}: {value}' for key, value in known.items())}.",
                fix="correct the labels or the category: marketing makes no sound, and a phone "
                "gets few of them a day",
                severity=Severity.WARNING,
            )
    elif not category.startswith(RAW):
        detail = f"It is marketing by its labels, and Huawei is told `{category}`."
        fix = "write `category: marketing`, or take the label off"
        yield Finding("PSH322", ("vendors", "huawei", "category"), detail, fix=fix)
    if huawei.level == "normal":
        detail = "On phones of Huawei it comes with sound and vibration, and it is marketing."
        fix = "write `level: low`, or delete it"
        yield Finding("PSH324", ("vendors", "huawei", "level"), detail, fix=fix)
