"""The history of a state in a terminal, the newest last."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from pushctl.render.words import WORDS
from pushctl.state.history import HistoryEntry
from pushctl.text import timestamps
from pushctl.text.escape import terminal

SHORT = 9
"""Characters of a commit that people need to find it."""

DONE: Mapping[str, str] = {**WORDS["done"], **WORDS["done_besides"]}


def lines(changes: Iterable[HistoryEntry], id: str | None = None, *, zone: dt.tzinfo) -> str:
    """Render changes, or what they did to one push, in times of a zone."""
    return "".join(f"{terminal(_line(change, id, zone))}\n" for change in changes)


def _line(change: HistoryEntry, id: str | None, zone: dt.tzinfo) -> str:
    started = f" (started by {change.starter})" if change.starter else ""
    parts = [
        timestamps.recorded(change.at, zone),
        f"{change.who}@{change.host}{started}",
        _what(change, id),
    ]
    if change.slot:
        parts.insert(1, f"slot {change.slot}")
    if change.exit:
        parts.append(f"exit {change.exit}")
    if change.commit:
        sha, dirty, _ = change.commit.partition("-")
        parts.append(f"commit {sha[:SHORT]}{' and edits' if dirty else ''}")
    parts += [text for text in (change.request, change.run) if text]
    return "  ".join(parts)


def _what(change: HistoryEntry, id: str | None) -> str:
    words = change.done_to(id) if id is not None else ()
    return ", ".join(DONE.get(word, word) for word in words) or change.what
