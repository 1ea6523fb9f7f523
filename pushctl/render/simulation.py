"""What everybody would get of a manifest that was lived through, in a terminal and as JSON."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from pushctl.state.decoding import iso
from pushctl.text import timestamps
from pushctl.text.escape import plain, terminal
from pushctl.text.plural import count
from pushctl.text.style import PLAIN, Style
from pushctl.text.width import wrap

WIDTH = 80
COLORS = {"shown": "green", "cut": "yellow", "waiting": "yellow", "revoked": "yellow"}
"""Of what became of a message; all else is red."""

ASSUMED = "Phones and the service may differ: pushctl sandbox knob says what is assumed."
ALL_SHOWN = "No phones are described, so everything is shown; --seed FILE describes some."

Message = Mapping[str, Any]
"""What became of a message, as the sandbox's inbox tells it."""


class Simulation(Struct, frozen=True):
    """What was lived through between two instants (epoch seconds), with `applies` on the way.

    `people` maps who gets something to their messages in the order of time; `left` says of a push,
    by id, why it was not delivered as it is declared. Without `described`, phones show everything.
    """

    place: str
    zone: dt.tzinfo
    since: int
    until: int
    applies: int
    people: Mapping[str, list[Message]]
    left: Mapping[str, str]
    described: bool

    @property
    def span(self) -> str:
        """From when to when, and how often it was applied."""
        since = timestamps.moment(self.since, self.zone, with_zone=False)
        until = timestamps.moment(self.until, self.zone)
        return f"{since} to {until}, applied {count(self.applies, 'time')}, as a daily job would"

    @property
    def counted(self) -> str:
        """How many people and messages there are, and what became of those."""
        every = [message for messages in self.people.values() for message in messages]
        return f"{count(len(self.people), 'person', 'people')}, {outcomes(every)}"

    @property
    def notes(self) -> tuple[str, ...]:
        """How it may differ from what will really be."""
        return (ASSUMED,) if self.described else (ALL_SHOWN, ASSUMED)


def outcomes(messages: list[Message]) -> str:
    """Count messages, and what became of them."""
    found = Counter(message["outcome"] for message in messages).most_common()
    listed = ", ".join(f"{number:,} {outcome}" for outcome, number in found)
    return f"{count(len(messages), 'message')}{': ' * bool(found)}{listed}"


def text(item: Simulation, style: Style = PLAIN) -> str:
    """Render each person's messages, folded to the terminal and to 80 cells."""
    cells = min(style.cells or WIDTH, WIDTH)
    return "".join(f"{part}\n" for line in _lines(item, style) for part in wrap(line, cells))


def _lines(item: Simulation, style: Style) -> Iterator[str]:
    yield style.paint(f"pushctl simulate · {terminal(item.place)}", "bold")
    yield from (item.span, "")
    for user, messages in item.people.items():
        yield f"{style.paint(terminal(user), 'bold')} · {outcomes(messages)}"
        yield from (line for message in messages for line in _message(message, item.zone, style))
        yield ""
    yield from (f"! {terminal(id)}: {terminal(why)}" for id, why in sorted(item.left.items()))
    yield from item.notes
    yield style.paint(item.counted, "bold")


def _message(message: Message, zone: dt.tzinfo, style: Style) -> Iterable[str]:
    when = timestamps.moment(message["at_ms"] // 1000, zone, with_zone=False)
    outcome = style.paint(message["outcome"], COLORS.get(message["outcome"], "red"))
    device = f" on {terminal(phone)}" if (phone := phone_of(message)) else ""
    title = plain(message["title"], limit=60)
    yield f"  {when}  {outcome}{device}  {terminal(message['task_name'])} “{title}”"
    if message["rule"]:
        yield f"      {terminal(message['rule'])}"


def phone_of(message: Message) -> str:
    """Name the phone, and the way if that is SMS; empty if nothing is known."""
    sms = "SMS" if message["channel"] == "sms" else None
    return ", ".join(filter(None, (message["device"], sms)))


def document(item: Simulation) -> dict[str, Any]:
    """Return all that the text says as plain data; moments are ISO 8601 in UTC."""
    return {
        "since": iso(item.since),
        "until": iso(item.until),
        "applies": item.applies,
        "people": [
            {"user": user, "messages": [_fields(message) for message in messages]}
            for user, messages in item.people.items()
        ],
        "left": [{"push": id, "reason": why} for id, why in sorted(item.left.items())],
        "notes": list(item.notes),
    }


def _fields(message: Message) -> dict[str, Any]:
    names = ("device", "vendor", "channel", "outcome", "rule", "title", "content")
    at, push = iso(message["at_ms"] // 1000), message["task_name"]
    return {"at": at, "push": push, **{name: message[name] for name in names}}
