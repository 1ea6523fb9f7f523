"""Which of many things are shown: one of each kind before a second of any."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

from pushctl.render.view.change_view import ChangeView
from pushctl.render.view.irreversible import Irreversible

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


def irreversible(
    views: Iterable[ChangeView], room: int
) -> tuple[list[tuple[Irreversible, ChangeView]], list[Irreversible]]:
    """Choose what cannot be taken back, each with its change; return that and the others."""
    found = [(item, view) for view in views for item in view.irreversible]
    shown, others = parted(found, room, lambda pair: type(pair[0]).__name__)
    return shown, [item for item, _ in others]
