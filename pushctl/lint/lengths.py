"""Texts that are longer than a channel takes."""

from __future__ import annotations

from collections.abc import Iterator

from pushctl.lint.model import Finding, Setting, Subject
from pushctl.vendors.counting import fitting, length
from pushctl.vendors.facts import Channel, ChannelFacts

REJECTED = {Channel.VIVO: "PSH301"}


def check(subject: Subject, setting: Setting) -> Iterator[Finding]:
    """Yield what a vendor will reject."""
    for channel in subject.channels:
        if channel.channel in REJECTED:
            yield from _rejected(subject, channel)


def _rejected(subject: Subject, channel: ChannelFacts) -> Iterator[Finding]:
    message = subject.entry.message
    limits = (
        ("title", message.title, channel.title),
        ("body", message.body, channel.body_in(message.style)),
    )
    for name, text, limit in limits:
        if limit is None or (used := length(text, channel.unit)) <= limit:
            continue
        over = len(text) - len(fitting(text, limit, channel.unit))
        yield Finding(
            REJECTED[channel.channel],
            ("message", name),
            f"The {name} is {used} of {limit} units long; {channel.name} will reject it.",
            fix=f"shorten it by {over} character{'' if over == 1 else 's'}, or accept the finding "
            f"if nobody has a phone of {channel.name}",
        )
