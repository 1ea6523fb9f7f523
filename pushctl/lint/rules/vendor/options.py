"""What single vendors are told about a message, against what it says of itself."""

from __future__ import annotations

from collections.abc import Iterator

from pushctl.diagnostics import Edit, Severity
from pushctl.lint.check import Finding, LintContext, LintTarget
from pushctl.lint.labels import meaning, pairs
from pushctl.manifest.edit import edits
from pushctl.manifest.yaml.positions import Provenance
from pushctl.vendors.facts import Channel

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
