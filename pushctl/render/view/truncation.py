"""Which of many things are shown where there is no room for all, and how the others are counted.

One of each kind is shown before a second of any: a hundred cancels must not hide the one push that
goes out at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

from pushctl.render.view.change_view import ChangeView
from pushctl.render.view.irreversible import (
    Abandoned,
    Irreversible,
    LostDeliveries,
    SentAgain,
    SentImmediately,
    TextMessages,
)
from pushctl.render.view.labels import counted
from pushctl.text.plural import count

T = TypeVar("T")


def kind_of(view: ChangeView) -> Hashable:
    """Return what a reviewer must see one of: an action with what cannot be taken back in it."""
    return view.action, frozenset(type(item) for item in view.irreversible)


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


def count_changes(views: Iterable[ChangeView]) -> str:
    """Count changes by what is done: `617 to cancel, 3 blocked`."""
    return ", ".join(counted(Counter(view.action for view in views)))


_EFFECTS: tuple[tuple[type[Irreversible], str, str], ...] = (
    (SentImmediately, "goes out at once", "go out at once"),
    (SentAgain, "goes out again", "go out again"),
    (Abandoned, "leaves tasks behind", "leave tasks behind"),
    (TextMessages, "sends text messages", "send text messages"),
)


def count_irreversible(items: Iterable[Irreversible]) -> str:
    """Count what cannot be taken back by kind: `2 go out at once, 990 lose 1230 deliveries`."""
    listed = list(items)
    counts = Counter(type(item) for item in listed)
    parts = [
        f"{counts[kind]} {one if counts[kind] == 1 else many}"
        for kind, one, many in _EFFECTS
        if counts[kind]
    ]
    if counts[LostDeliveries]:
        lost = sum(len(item.instants) for item in listed if isinstance(item, LostDeliveries))
        verb = "loses" if counts[LostDeliveries] == 1 else "lose"
        parts.append(f"{counts[LostDeliveries]} {verb} {count(lost, 'delivery', 'deliveries')}")
    return ", ".join(parts)
