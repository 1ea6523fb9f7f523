"""What a message asks to show, and on which phones nobody sees it."""

from __future__ import annotations

from collections.abc import Iterator

from pushctl.diagnostics import Severity
from pushctl.lint.check import Finding, LintContext, LintTarget
from pushctl.manifest.schema.models import Images
from pushctl.text.plural import listed


def check(subject: LintTarget, context: LintContext) -> Iterator[Finding]:
    """Yield pictures that some phones do not show, and what a silent push shows nobody."""
    if subject.entry.message.silent:
        yield from _silent(subject)
    elif subject.entry.message.style == "image":
        yield from _unseen(subject)


def _unseen(subject: LintTarget) -> Iterator[Finding]:
    image = subject.entry.message.image
    if image is None:
        return
    given = image.data(defaults=False) if isinstance(image, Images) else {"default"}
    blind = [item for item in subject.channels if item.pictures is False]
    for_nothing = [item.name for item in blind if item.channel.value in given]
    if blind:
        every = len(blind) == len([item for item in subject.channels if item.channel != "mps"])
        names = listed([item.name for item in blind])
        extra = f" The one for {listed(for_nothing)} is for nothing." if for_nothing else ""
        yield Finding(
            "PSH310",
            ("message", "image"),
            f"Phones of {names} show the text without the picture.{extra}",
            fix="let title and text say everything without it",
            severity=Severity.WARNING if every else Severity.INFO,
        )


def _silent(subject: LintTarget) -> Iterator[Finding]:
    message = subject.entry.message
    if subject.entry.sms is not None:
        detail = (
            "The push is silent, so that nobody sees it, and yet people would get a text message."
        )
        yield Finding("PSH315", ("sms",), detail, fix="delete `sms`, or `silent: true`")
    shown = [name for name in ("image", "icon") if getattr(message, name) is not None]
    if message.style != "default":
        shown.insert(0, "style")
    if shown:
        detail = f"The push is silent, so nobody sees its {listed(shown)}."
        fix = "delete what nobody sees, or `silent: true`"
        yield Finding("PSH315", ("message", shown[0]), detail, fix=fix, severity=Severity.WARNING)
