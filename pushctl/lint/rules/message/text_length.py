"""Texts that are longer than a channel takes, or shows."""

from __future__ import annotations

from collections.abc import Iterator

from pushctl.lint.check import Finding, LintContext, LintTarget
from pushctl.vendors.counting import fitting, length
from pushctl.vendors.facts import Channel, ChannelFacts, Overflow

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
