"""The HTML page of a manifest that was lived through: a table for each person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from pushctl.render.html.markup import Html, table, tag, user_text, wide
from pushctl.render.html.page import document, themes
from pushctl.render.simulation import COLORS, Message, Simulation, outcomes
from pushctl.text import timestamps
from pushctl.text.plural import count

HEADS = ("When", "Push", "What the phone shows", "Outcome")
CHIPS = {"green": "create", "yellow": "warning", "red": "error"}


def page(item: Simulation, *, version: str) -> str:
    """Write the page of a simulation, the same for the same values."""
    lines = (tag("h1", "Push simulation"), tag("p", user_text(item.place), class_="place"))
    span, zone = tag("p", item.span, class_="lead"), item.zone
    people = (_person(user, found, zone) for user, found in item.people.items())
    return document(
        f"Push simulation · {item.app}/{item.workspace}",
        tag("header", tag("div", *lines, span), themes(), class_="top"),
        tag("main", tag("section", *_summary(item), id="summary"), *people),
        tag("footer", tag("p", f"pushctl {version}")),
    )


def _summary(item: Simulation) -> tuple[Html, ...]:
    left = (tag("li", tag("b", user_text(id)), ": ", why) for id, why in sorted(item.left.items()))
    warned = [tag("div", tag("ul", *left), class_="note bad")] if item.left else []
    notes = (tag("p", note, class_="lead") for note in item.notes)
    return (tag("h2", "Summary"), tag("p", item.counted), *warned, *notes)


def _person(user: str, messages: Sequence[Message], zone: dt.tzinfo) -> Html:
    caption = f"{count(len(messages), 'message')}{outcomes(messages)}"
    drawn = table(caption, HEADS, (_row(message, zone) for message in messages))
    return tag("section", tag("h2", user_text(user)), wide(drawn, f"{user}: {caption}"))


def _row(message: Message, zone: dt.tzinfo) -> Html:
    kind = CHIPS[COLORS.get(message.outcome, "red")]
    sms = "SMS" if message.channel == "sms" else None
    phone = " ".join(filter(None, (message.device, sms)))
    chip = tag("span", message.outcome, class_=f"chip {kind}")
    return tag(
        "tr",
        tag("td", timestamps.moment(message.at, zone, with_zone=False)),
        tag("td", user_text(message.push), tag("small", user_text(phone)) if phone else None),
        tag("td", user_text(message.title), tag("small", user_text(message.content))),
        tag("td", chip, tag("small", message.rule) if message.rule else None),
    )
