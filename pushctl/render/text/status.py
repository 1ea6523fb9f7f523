"""The end of `status` in a terminal: counts, and what needs attention."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, assert_never

from pushctl.plan.status import Attention, AttentionReason, Status
from pushctl.state.decoding import iso
from pushctl.text import local_times
from pushctl.text.escape import shell, terminal
from pushctl.text.messages import _, count
from pushctl.text.style import PLAIN, Style
from pushctl.text.width import wrap

SHOWN = 20
"""Pushes that are named before the rest is only counted."""

SYMBOLS = {
    AttentionReason.IN_DOUBT: ("?", "red"),
    AttentionReason.LAPSED: ("!", "red"),
    AttentionReason.LAPSING: ("!", "yellow"),
    AttentionReason.WAITING: ("…", "cyan"),
    AttentionReason.STOPPED: ("■", "yellow"),
    AttentionReason.DIFFERS: ("~", "yellow"),
}


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
        symbol, color = SYMBOLS[item.need]
        lines.append(f"{style.paint(symbol, color)} {terminal(item.id)}  {_said(item, zone)}")
    if len(single) > SHOWN:
        lines.append(_("  and {number} more", len(single) - SHOWN))
    if differing:
        symbol, color = SYMBOLS[AttentionReason.DIFFERS]
        number = count(differing, "push is", "pushes are")
        said = _("{number} not as the manifest says", number)
        lines.append(f"{style.paint(symbol, color)} {said}")
    lines += [_("  type: {text}", text) for text in dict.fromkeys(_types(concerns, typed))]
    if style.cells is not None:
        lines = [part for line in lines for part in wrap(line, style.cells)]
    return "".join(f"{line}\n" for line in lines)


def _said(item: Attention, zone: dt.tzinfo) -> str:
    at = local_times.moment(item.at, zone) if item.at is not None else ""
    match item.need:
        case AttentionReason.IN_DOUBT:
            return _("{tasks}: the outcome of a call is unknown", count(item.count, "task"))
        case AttentionReason.LAPSED:
            lost = count(item.count, "delivery", "deliveries")
            return _(
                "fell silent on {at}; {lost} did not happen, and apply goes on with the next",
                at,
                lost,
            )
        case AttentionReason.LAPSING:
            return _("is not scheduled on {at} nor later", at)
        case AttentionReason.WAITING:
            return _("waits for room: {tasks}, first due {at}", count(item.count, "task"), at)
        case AttentionReason.STOPPED:
            return _("is stopped")
        case AttentionReason.DIFFERS:
            return _("is not as the manifest says")
        case _:
            assert_never(item.need)


def _types(concerns: Sequence[Attention], typed: str) -> Iterator[str]:
    for item in concerns:
        match item.need:
            case AttentionReason.IN_DOUBT:
                yield f"{terminal(typed)} state resolve {shell(item.id)}"
            case AttentionReason.STOPPED:
                yield f"{terminal(typed)} resume {shell(item.id)}"
            case (
                AttentionReason.LAPSED
                | AttentionReason.LAPSING
                | AttentionReason.WAITING
                | AttentionReason.DIFFERS
            ):
                yield f"{terminal(typed)} plan"
            case _:
                assert_never(item.need)


def document(concerns: Sequence[Attention]) -> list[dict[str, Any]]:
    """Return what to look at as a document."""
    return [
        {"id": item.id, "need": str(item.need), "at": iso(item.at), "count": item.count or None}
        for item in concerns
    ]
