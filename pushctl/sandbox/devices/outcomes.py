"""Decides what becomes of a message on a phone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo

from pushctl.sandbox.clock import iso
from pushctl.sandbox.devices.hours import ALWAYS, Hours
from pushctl.sandbox.devices.vendors import Rules, vendors


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone; `number` is where an SMS goes."""

    seq: int
    vendor: str | None = None
    online: Hours = ALWAYS
    notifications: bool = True
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A push on its way to a phone; moments are epoch milliseconds."""

    title: str
    content: str
    params: Mapping[str, object]
    sent_ms: int
    until_ms: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What holds from `ends_ms` on, and by which rule; before, it waits for what `waits` says."""

    outcome: str
    ends_ms: int
    rule: str | None = None
    waits: str | None = None
    title: str | None = None
    content: str | None = None


_NO_RULES = Rules("", "")


def rules_of(phone: Phone, message: Message) -> Rules:
    """Returns the rules of the channel that takes the message to the phone."""
    rules = vendors().get(phone.vendor or "", _NO_RULES)
    own = message.params.get("NotifyType") == "transparent"
    own |= str(message.params.get("AndroidChannel")) == "1"
    return vendors()["mps"] if own and rules.platform == "android" else rules


def decide(
    phone: Phone, message: Message, rules: Rules, marketing_today: int | None, zone: tzinfo
) -> Outcome:
    """Returns what becomes of a message on a phone.

    `marketing_today` is how much of that the phone got before, None if this is not marketing.
    """
    sent = message.sent_ms
    marketing = marketing_today is not None
    if (refusal := rules.refusal(message.title, message.content, message.params)) is not None:
        return Outcome("rejected", sent, refusal)
    if marketing and rules.rejects_outside and rules.hours.next(sent, zone) != sent:
        return Outcome("rejected", sent, f"{rules.name} takes marketing at {rules.hours} only")
    most = rules.marketing_per_day
    if marketing_today is not None and most and marketing_today >= most:
        rule = f"{rules.name} shows a phone {most} marketing messages a day"
        return Outcome("capped", sent, rule)
    if not phone.notifications:
        return Outcome("blocked", sent, "notifications are switched off on this phone")
    return _when_online(phone, message, rules, rules.hours if marketing else ALWAYS, zone)


def _when_online(
    phone: Phone, message: Message, rules: Rules, hours: Hours, zone: tzinfo
) -> Outcome:
    moment = _first(phone.online, hours, message.sent_ms, zone)
    waits = None
    if moment != message.sent_ms:
        till = "" if moment is None else f" until {iso(moment, zone)}"
        offline = phone.online.next(message.sent_ms, zone) != message.sent_ms
        waits = ("the phone is offline" if offline else f"{rules.name} holds marketing") + till
    if moment is None or moment > message.until_ms:
        return Outcome("expired", message.until_ms, f"{waits}: it expired before", waits)
    title = rules.cut(message.title, rules.title if rules.cuts else 0)
    content = rules.cut(message.content, rules.content if rules.cuts else 0)
    if (title, content) == (message.title, message.content):
        return Outcome("shown", moment, None, waits)
    rule = f"{rules.name} shows {rules.title} units of a title and {rules.content} of a content"
    return Outcome("cut", moment, rule, waits, title, content)


def _first(online: Hours, hours: Hours, ms: int, zone: tzinfo) -> int | None:
    """Returns the first moment within both, None if there is none in a day or two."""
    moment: int | None = ms
    for _ in range(4):
        moment = None if moment is None else online.next(moment, zone)
        later = None if moment is None else hours.next(moment, zone)
        if later == moment:
            return moment
        moment = later
    return None
