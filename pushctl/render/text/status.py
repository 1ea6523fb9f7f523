"""The end of `status` in a terminal: counts, and what needs attention."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pushctl.plan.status import Attention, AttentionReason, Status
from pushctl.render.words import WORDS
from pushctl.state.decoding import iso
from pushctl.text import local_times
from pushctl.text.escape import shell, terminal
from pushctl.text.messages import _, count
from pushctl.text.style import PLAIN, Style
from pushctl.text.width import wrap

SHOWN = 20
"""Pushes that are named before the rest is only counted."""

ATTENTION: Mapping[AttentionReason, Mapping[str, Any]] = WORDS["attention"]


def summary(standings: Mapping[Status, int], style: Style = PLAIN) -> str:
    """Say how many pushes there are, and how they stand."""
    total = sum(standings.values())
    parts = _(", ").join(f"{number} {_(standing)}" for standing, number in standings.items())
    return style.paint(_("{pushes}: {parts}", count(total, "push", "pushes"), parts), "bold") + "\n"


def attention(
    concerns: Sequence[Attention], *, typed: str, zone: dt.tzinfo, style: Style = PLAIN
) -> str:
    """Render what to look at, and what to type; `typed` is how a command begins."""
    if not concerns:
        return _("Nothing needs attention.\n")
    single = [item for item in concerns if item.need is not AttentionReason.DIFFERS]
    differing = len(concerns) - len(single)
    lines = [style.paint(_("Needs attention"), "bold")]
    for item in single[:SHOWN]:
        symbol, color = ATTENTION[item.need]["sign"]
        lines.append(f"{style.paint(symbol, color)} {terminal(item.id)}  {_said(item, zone)}")
    if len(single) > SHOWN:
        lines.append(_("  and {number} more", len(single) - SHOWN))
    if differing:
        symbol, color = ATTENTION[AttentionReason.DIFFERS]["sign"]
        number = count(differing, "push is", "pushes are")
        said = _("{number} not as the manifest says", number)
        lines.append(f"{style.paint(symbol, color)} {said}")
    lines += [_("  type: {text}", text) for text in dict.fromkeys(_types(concerns, typed))]
    if style.cells is not None:
        lines = [part for line in lines for part in wrap(line, style.cells)]
    return "".join(f"{line}\n" for line in lines)


def _said(item: Attention, zone: dt.tzinfo) -> str:
    at = local_times.moment(item.at, zone) if item.at is not None else ""
    deliveries = count(item.count, "delivery", "deliveries")
    said = _(ATTENTION[item.need]["said"])
    return said.format(at=at, tasks=count(item.count, "task"), deliveries=deliveries)


def _types(concerns: Sequence[Attention], typed: str) -> Iterator[str]:
    for item in concerns:
        yield f"{terminal(typed)} {ATTENTION[item.need]['type'].format(id=shell(item.id))}"


def document(concerns: Sequence[Attention]) -> list[dict[str, Any]]:
    """Return what to look at as a document."""
    return [
        {"id": item.id, "need": str(item.need), "at": iso(item.at), "count": item.count or None}
        for item in concerns
    ]
