"""Decides what becomes of a message on a phone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo

from pushctl.sandbox.clock import iso
from pushctl.sandbox.devices.hours import ALWAYS, Hours, parse_hours
from pushctl.sandbox.devices.vendors import Rules, vendors


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone; `online` are hours of the day, `number` is where an SMS goes."""

    seq: int
    vendor: str | None = None
    online: str = "always"
    notifications: bool = True
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A push on its way to a phone; it is kept for the phone until `until_ms`."""

    title: str
    content: str
    params: Mapping[str, object]
    sent_ms: int
    until_ms: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What holds from `ends_ms` on, and by which rule; until then it waits for what `waits` says.

    `marketing` tells that it counts towards what its vendor allows a day.
    """

    outcome: str
    ends_ms: int
    rule: str | None = None
    waits: str | None = None
    title: str | None = None
    content: str | None = None
    marketing: bool = False

    @property
    def shown(self) -> bool:
        """Whether the phone shows it, some time."""
        return self.outcome in ("shown", "cut")


def decide(
    phone: Phone, message: Message, marketing_before: int, undeclared: str, zone: tzinfo
) -> Outcome:
    """Returns what becomes of a message on a phone; moments are epoch milliseconds.

    `marketing_before` is how much marketing the phone got that day, `undeclared` what a message is
    that does not say: marketing or service.
    """
    rules, sent = _rules(phone, message.params), message.sent_ms
    if (refusal := rules.refusal(message.title, message.content, message.params)) is not None:
        return Outcome("rejected", sent, refusal)
    marketing = rules.is_marketing(message.params, undeclared)
    hours = rules.hours if marketing else ALWAYS
    if rules.outside == "rejected" and hours.next(sent, zone) != sent:
        return Outcome("rejected", sent, f"{rules.name} takes marketing from {hours} only")
    most = rules.marketing_per_day
    if marketing and most and marketing_before >= most:
        return Outcome("capped", sent, f"{rules.name} shows {most} marketing messages a day")
    if not phone.notifications:
        return Outcome("blocked", sent, "notifications are switched off on this phone")
    online = parse_hours(phone.online)
    moment, waits = _first(online, hours, sent, zone), None
    if moment != sent:
        offline = online.next(sent, zone) != sent
        waits = "the phone is offline" if offline else f"{rules.name} holds marketing back"
        waits += "" if moment is None else f" until {iso(moment, zone)}"
    if moment is None or moment > message.until_ms:
        return Outcome("expired", message.until_ms, waits, waits, marketing=marketing)
    title, content = rules.shown(message.title, message.content)
    if (title, content) == (message.title, message.content):
        return Outcome("shown", moment, None, waits, marketing=marketing)
    rule = f"{rules.name} shows {rules.title} units of the title and {rules.content} of the content"
    return Outcome("cut", moment, rule, waits, title, content, marketing)


def _rules(phone: Phone, params: Mapping[str, object]) -> Rules:
    rules = vendors()[phone.vendor] if phone.vendor else Rules()
    own = params.get("NotifyType") == "transparent" or str(params.get("AndroidChannel")) == "1"
    return vendors()["mps"] if own and rules.platform == "android" else rules


def _first(online: Hours, hours: Hours, ms: int, zone: tzinfo) -> int | None:
    """Returns the first moment from `ms` on that is within both, None if there is none."""
    for _ in range(4):
        found = online.next(ms, zone)
        held = None if found is None else hours.next(found, zone)
        if found is None or held is None or held == found:
            return held
        ms = held
    return None
