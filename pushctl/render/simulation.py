"""What everybody would get of a manifest that was lived through, in a terminal and as JSON."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from pushctl.render.json_output import FORMAT_VERSION
from pushctl.state.decoding import iso
from pushctl.text import timestamps
from pushctl.text.escape import plain, terminal
from pushctl.text.plural import count
from pushctl.text.style import PLAIN, Style
from pushctl.text.width import wrap

WIDTH = 80
COLORS = {"shown": "green", "cut": "yellow", "waiting": "yellow", "revoked": "yellow"}
ASSUMED = "Real phones and the real service may differ: `pushctl sandbox` shows what is assumed."
ALL_SHOWN = "Phones are not described, so each shows everything; --seed FILE describes some."


class Message(Struct, frozen=True):
    """One message to one phone at an instant (epoch seconds), and what became of it by which rule.

    `device` is None where the phones of a person are not described; `channel` is push or sms.
    """

    at: int
    push: str
    device: str | None
    channel: str
    outcome: str
    rule: str | None
    title: str
    content: str


class Simulation(Struct, frozen=True):
    """What was lived through between two instants (epoch seconds), with `applies` on the way.

    `people` maps who gets something to their messages in the order of time; `left` says of a push,
    by id, why it was not delivered as it is declared. Without `described`, phones show everything.
    """

    app: str
    workspace: str
    env: str | None
    zone: dt.tzinfo
    since: int
    until: int
    applies: int
    people: Mapping[str, tuple[Message, ...]]
    left: Mapping[str, str]
    described: bool = False

    @property
    def place(self) -> str:
        """Whose pushes these are."""
        return " · ".join(filter(None, (self.env, f"{self.app}/{self.workspace}")))

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
        people = count(len(self.people), "person", "people")
        return f"{people}, {count(len(every), 'message')}{outcomes(every)}"

    @property
    def notes(self) -> tuple[str, ...]:
        """How it may differ from what will really be."""
        return (ASSUMED,) if self.described else (ALL_SHOWN, ASSUMED)


def outcomes(messages: Iterable[Message]) -> str:
    """Count messages by what became of them, as the end of a sentence."""
    found = Counter(message.outcome for message in messages)
    listed = ", ".join(f"{number:,} {outcome}" for outcome, number in found.most_common())
    return f": {listed}" if listed else ""


def text(item: Simulation, style: Style = PLAIN) -> str:
    """Render each person's messages, folded to the terminal or to 80 cells."""
    cells = min(style.cells or WIDTH, WIDTH)
    return "".join(f"{part}\n" for line in _lines(item, style) for part in wrap(line, cells))


def _lines(item: Simulation, style: Style) -> Iterator[str]:
    yield style.paint(f"pushctl simulate · {terminal(item.place)}", "bold")
    yield item.span
    for user, messages in item.people.items():
        number = count(len(messages), "message")
        yield ""
        yield f"{style.paint(terminal(user), 'bold')} · {number}{outcomes(messages)}"
        for message in messages:
            yield from _message(message, item.zone, style)
    yield ""
    for id, why in sorted(item.left.items()):
        yield f"! {terminal(id)}: {terminal(why)}"
    yield from item.notes
    yield style.paint(item.counted, "bold")


def _message(message: Message, zone: dt.tzinfo, style: Style) -> Iterator[str]:
    when = timestamps.moment(message.at, zone, with_zone=False)
    outcome = style.paint(message.outcome, COLORS.get(message.outcome, "red"))
    sms = " by SMS" if message.channel == "sms" else ""
    device = f" on {terminal(message.device)}" if message.device else ""
    title = plain(message.title, limit=60)
    yield f"  {when}  {outcome}{sms}{device}  {terminal(message.push)} “{title}”"
    if message.rule:
        yield f"      {terminal(message.rule)}"


def document(item: Simulation, *, version: str) -> dict[str, Any]:
    """Return all that the text says as plain data; moments are ISO 8601 in UTC."""
    fields = ("push", "device", "channel", "outcome", "rule", "title", "content")
    return {
        "format_version": FORMAT_VERSION,
        "pushctl_version": version,
        **{name: getattr(item, name) for name in ("app", "workspace", "env", "applies")},
        "since": iso(item.since),
        "until": iso(item.until),
        "people": [
            {
                "user": user,
                "messages": [
                    {"at": iso(message.at), **{name: getattr(message, name) for name in fields}}
                    for message in messages
                ],
            }
            for user, messages in item.people.items()
        ],
        "left": [{"push": id, "reason": why} for id, why in sorted(item.left.items())],
        "notes": list(item.notes),
    }
