"""What single vendors are told about a message, against what it says of itself."""

from __future__ import annotations

from collections.abc import Iterator

from pushctl.diagnostics import Edit, Severity
from pushctl.lint.rule import Finding, Setting, Subject
from pushctl.manifest.edit import edits
from pushctl.manifest.yaml.positions import Provenance
from pushctl.vendors.facts import Channel

RAW = "raw:"


def check(subject: Subject, setting: Setting) -> Iterator[Finding]:
    """Yield what vendors punish, or make less of than was meant."""
    huawei = subject.entry.vendors.huawei.category
    if huawei is not None and huawei in setting.facts.huawei_transparent_only:
        yield from _transparent_only(subject, huawei)
    if not subject.marketing:
        return
    reached = {item.channel for item in subject.channels}
    if Channel.VIVO in reached:
        yield from _vivo(subject)
    if Channel.HUAWEI in reached:
        yield from _huawei(subject, setting)
    if Channel.OPPO in reached and subject.entry.vendors.oppo.level == "full":
        yield Finding(
            "PSH324",
            ("vendors", "oppo", "level"),
            "On phones of OPPO it comes with banner, vibration and sound, and it is marketing.",
            fix="write `level: bar`, or delete it",
        )


def _transparent_only(subject: Subject, category: str) -> Iterator[Finding]:
    message = subject.entry.message
    if message.transparent_payload is None and not message.silent:
        yield Finding(
            "PSH323",
            ("vendors", "huawei", "category"),
            f"Huawei takes `{category}` only for messages that the app reads and nobody sees; this "
            "one has a title and a text to show.",
            fix="write another category",
        )


def _vivo(subject: Subject) -> Iterator[Finding]:
    vivo = subject.entry.vendors.vivo
    if vivo.class_ != "operational":
        said = "it is a system message" if vivo.class_ else "nothing, which means a system message"
        yield Finding(
            "PSH321",
            ("vendors", "vivo", "class"),
            f"{subject.id} is marketing, and vivo is told {said}.",
            fix="write `vendors: {vivo: {class: operational}}`",
            edits=_operational(subject.push.provenance, vivo.class_),
        )
    if vivo.category == "im":
        yield Finding(
            "PSH322",
            ("vendors", "vivo", "category"),
            "It is marketing, and vivo is told that it is a chat message (`im`).",
            fix="delete the category, or write the one that vivo has granted you",
        )


def _operational(place: Provenance, told: str | None) -> tuple[Edit, ...]:
    path, right = ("vendors", "vivo", "class"), "operational"
    if told is None:
        return edits.insert(place, path, right)
    return edits.replace_value(place, path, told, right)


def _huawei(subject: Subject, setting: Setting) -> Iterator[Finding]:
    huawei = subject.entry.vendors.huawei
    told = huawei.category
    if told is None or told in setting.facts.huawei_marketing:
        if _otherwise_labelled(subject, setting):
            yield Finding(
                "PSH322",
                ("vendors", "huawei", "category"),
                "Huawei is told that it is marketing, and its labels say something else: "
                f"{_labels(subject, setting)}.",
                fix="correct the labels or the category: marketing makes no sound, and a phone "
                "gets few of them a day",
                severity=Severity.WARNING,
            )
    elif not told.startswith(RAW):
        yield Finding(
            "PSH322",
            ("vendors", "huawei", "category"),
            f"It is marketing by its labels, and Huawei is told `{told}`.",
            fix="write `category: marketing`, or take the label off",
        )
    if huawei.level == "normal":
        yield Finding(
            "PSH324",
            ("vendors", "huawei", "level"),
            "On phones of Huawei it comes with sound and vibration, and it is marketing.",
            fix="write `level: low`, or delete it",
        )


def _otherwise_labelled(subject: Subject, setting: Setting) -> bool:
    """Tell whether a label by which marketing is known is there and says something else."""
    labels = subject.entry.labels
    return any(labels.get(key, value) != value for key, value in setting.policy.marketing.items())


def _labels(subject: Subject, setting: Setting) -> str:
    labels = subject.entry.labels
    return ", ".join(f"{key}: {labels[key]}" for key in setting.policy.marketing if key in labels)
