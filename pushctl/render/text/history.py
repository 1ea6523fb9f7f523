"""The history of a state in a terminal, the newest last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pushctl.render.words import WORDS
from pushctl.state.history import HistoryEntry
from pushctl.text.escape import terminal

SHORT = 9
"""Characters of a commit that people need to find it."""

DONE: Mapping[str, str] = {**WORDS["done"], **WORDS["done_besides"]}


def lines(changes: Iterable[HistoryEntry], id: str | None = None) -> str:
    """Render changes, or what they did to one push."""
    return "".join(f"{terminal(_line(change, id))}\n" for change in changes)


def _line(change: HistoryEntry, id: str | None) -> str:
    started = f" (started by {change.starter})" if change.starter else ""
    parts = [change.at, f"{change.who}@{change.host}{started}", _what(change, id)]
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
