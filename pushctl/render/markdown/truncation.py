"""What a page has no room for: which of many are shown, and what is said of the others.

One of each kind is shown before a second of any: a hundred cancels must not hide the one push that
goes out at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

from pushctl.plan.change import Action
from pushctl.render.view.labels import WORDS
from pushctl.render.view.plan_view import (
    Again,
    AtOnce,
    Entry,
    Irreversible,
    LetGo,
    Losses,
    TextMessages,
)
from pushctl.text.plural import count

T = TypeVar("T")


def kind_of(entry: Entry) -> Hashable:
    """Return what a reviewer must see one of: an action with what cannot be taken back in it."""
    return entry.action, frozenset(type(item) for item in entry.irreversible)


def by_kind(items: Iterable[T], kind: Callable[[T], Hashable]) -> list[T]:
    """Put the first of each kind before all others."""
    seen: set[Hashable] = set()
    firsts: list[T] = []
    others: list[T] = []
    for item in items:
        of = kind(item)
        (others if of in seen else firsts).append(item)
        seen.add(of)
    return firsts + others


def parted(items: Sequence[T], room: int, kind: Callable[[T], Hashable]) -> tuple[list[T], list[T]]:
    """Choose as many as there is room for; return them and the others, both in their order."""
    chosen = {id(item) for item in by_kind(items, kind)[:room]}
    return (
        [item for item in items if id(item) in chosen],
        [item for item in items if id(item) not in chosen],
    )


def changes(entries: Iterable[Entry]) -> str:
    """Count changes by what is done: `617 to cancel, 3 blocked`."""
    counts = Counter(entry.action for entry in entries)
    parts = [f"{counts[action]} to {word}" for action, word in WORDS.items() if counts[action]]
    if counts[Action.BLOCKED]:
        parts.append(f"{counts[Action.BLOCKED]} blocked")
    return ", ".join(parts)


_DEEDS: tuple[tuple[type[Irreversible], str, str], ...] = (
    (AtOnce, "goes out at once", "go out at once"),
    (Again, "goes out again", "go out again"),
    (LetGo, "leaves tasks behind", "leave tasks behind"),
    (TextMessages, "sends text messages", "send text messages"),
)


def lasting(items: Iterable[Irreversible]) -> str:
    """Count what cannot be taken back by kind: `2 go out at once, 990 lose 1230 deliveries`."""
    listed = list(items)
    counts = Counter(type(item) for item in listed)
    parts = [
        f"{counts[kind]} {one if counts[kind] == 1 else many}"
        for kind, one, many in _DEEDS
        if counts[kind]
    ]
    if counts[Losses]:
        lost = sum(len(item.moments) for item in listed if isinstance(item, Losses))
        verb = "loses" if counts[Losses] == 1 else "lose"
        parts.append(f"{counts[Losses]} {verb} {count(lost, 'delivery', 'deliveries')}")
    return ", ".join(parts)
