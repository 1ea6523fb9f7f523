"""The HTML page of a manifest that was lived through: a table for each person."""

from __future__ import annotations

import datetime as dt

from pushctl.render.html.markup import Html, join, table, tag, user_text, wide
from pushctl.render.html.page import document, themes
from pushctl.render.simulation import COLORS, Message, Simulation, outcomes, phone_of
from pushctl.text import timestamps

HEADS = ("When", "Push", "Message", "Outcome")
CHIPS = {"green": "create", "yellow": "warning", "red": "error"}


def page(item: Simulation, *, version: str) -> str:
    """Write the page of a simulation, the same for the same values."""
    left = (tag("li", user_text(id), ": ", why) for id, why in sorted(item.left.items()))
    head = tag(
        "div",
        tag("h1", "Push simulation"),
        tag("p", user_text(item.place), class_="place"),
        tag("p", item.span, class_="lead"),
    )
    summary = join(
        tag("h2", "Summary"),
        tag("p", item.counted),
        tag("ul", *left, class_="note bad") if item.left else None,
        *(tag("p", note, class_="lead") for note in item.notes),
    )
    return document(
        f"Push simulation · {item.place}",
        tag("header", head, themes(), class_="top"),
        tag(
            "main",
            tag("section", summary),
            *(_person(*own, item.zone) for own in item.people.items()),
        ),
        tag("footer", tag("p", f"pushctl {version}")),
    )


def _person(user: str, messages: list[Message], zone: dt.tzinfo) -> Html:
    caption = outcomes(messages)
    drawn = table(caption, HEADS, (_row(message, zone) for message in messages))
    return tag("section", tag("h2", user_text(user)), wide(drawn, f"{user}: {caption}"))


def _row(message: Message, zone: dt.tzinfo) -> Html:
    when = timestamps.moment(message["at_ms"] // 1000, zone, with_zone=False)
    kind = CHIPS[COLORS.get(message["outcome"], "red")]
    return tag(
        "tr",
        tag("td", when),
        tag("td", user_text(message["task_name"]), tag("small", user_text(phone_of(message)))),
        tag("td", user_text(message["title"]), tag("small", user_text(message["content"]))),
        tag(
            "td",
            tag("span", message["outcome"], class_=f"chip {kind}"),
            tag("small", message["rule"]),
        ),
    )
