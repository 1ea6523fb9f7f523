"""What single vendors are told about a message."""

from __future__ import annotations

from pushctl.diagnostics import Severity
from pushctl.lint.catalogue.rule import Rule
from pushctl.lint.catalogue.shown import entry

MARKETING = ("labels: {class: marketing}", "expires_after: 1h")
HUAWEI = "Huawei Push Kit documentation, message classification"
VIVO = "vivo's rules for operational messages, as relayed by Alibaba Cloud EMAS"

RULES: tuple[Rule, ...] = (
    Rule(
        code="PSH321",
        title="Marketing is sent to vivo as a system message",
        severity=Severity.ERROR,
        why=(
            "vivo wants to be told what is operational, which is its word for marketing; unless "
            "told so, the service says system. vivo checks, and takes the right to push from apps "
            "that send offers as system messages."
        ),
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
        why=(
            "Labels say that it is marketing, and a vendor is told that it is a bank statement or "
            "a chat. Vendors limit marketing and not the others, so they look for this and punish "
            "it. The reverse, a service message sent as marketing, is a warning: it makes no "
            "sound, and few of them arrive in a day."
        ),
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
        why=(
            "Huawei has `play-voice` only for transparent messages, which wake the app so that it "
            "says something, and not for those with a title and a text to show."
        ),
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
        why=(
            "Sound, vibration and a banner over whatever people do are for what cannot wait. An "
            "offer can; being loud with it is how an app loses the permission to notify at all."
        ),
        fix="Write a lower level, or leave it to the vendor.",
        bad=entry(*MARKETING, "vendors: {vivo: {class: operational}, oppo: {level: full}}"),
        good=entry(*MARKETING, "vendors: {vivo: {class: operational}, oppo: {level: bar}}"),
        sources=(HUAWEI, "mPaaS documentation, PushSimple, notifyLevel"),
        settings=("marketing",),
        adjustable=True,
    ),
    Rule(
        code="PSH325",
        title="Xiaomi shows only the first push of a day",
        severity=Severity.WARNING,
        why=(
            "Of messages that name no channel of Xiaomi's, a device gets one a day; the rest is "
            "dropped, and the service says that all is well. It is found where the same people "
            "would get a second one on the same day in China, and told once for the whole manifest."
        ),
        fix="Apply for a channel at Xiaomi, and write `vendors: {xiaomi: {channel: ...}}`.",
        bad=entry('schedule: {every: day, at: ["09:00", "18:00"]}', "expires_after: 4h"),
        good=entry(
            'schedule: {every: day, at: ["09:00", "18:00"]}',
            "expires_after: 4h",
            'vendors: {xiaomi: {channel: "123321"}}',
        ),
        sources=("Xiaomi's rules for message channels, as relayed by Alibaba Cloud EMAS",),
        adjustable=True,
    ),
)
