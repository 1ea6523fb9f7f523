"""One change of a plan in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, assert_never

from pushctl.plan.change import (
    Blocked,
    BlockReason,
    Cancel,
    Change,
    Create,
    FieldChange,
    Forget,
    Renew,
    Replace,
)
from pushctl.plan.plan import Plan
from pushctl.render.view import labels
from pushctl.render.view.change_facts import MOVES, WHEN, change_facts
from pushctl.render.view.change_view import ChangeView
from pushctl.render.words import WORDS
from pushctl.text.escape import plain, terminal
from pushctl.text.messages import _, local
from pushctl.text.style import Style
from pushctl.text.width import clipped, ljust, width
from pushctl.text.word_diff import Kind, Piece, changed_words

INDENT = 6
"""Cells before everything that is said about a change."""

AROUND = 16
"""Characters shown on both sides of a changed word."""

CHANGES = 6
"""Changed places of a text that are shown."""

NARROW = 60
"""Cells below which a line holds one thing only."""

FACTS: dict[type[Change], tuple[str, ...]] = {
    Create: WHEN,
    Replace: (*WHEN, *MOVES),
    Renew: ("Covered",),
    Cancel: ("Lost",),
}
"""What is said of a change below its reason, its differences and its audience."""


def change(view: ChangeView, plan: Plan, column: int, style: Style) -> Iterator[str]:
    """Yield the lines of a change; `column` is how wide the names are, in cells."""
    yield from _head(view, column, style)
    for text in _details(view, plan, style):
        yield " " * INDENT + text


def _head(view: ChangeView, column: int, style: Style) -> Iterator[str]:
    """Yield the line of the name, and a second one for what does not fit beside it."""
    symbol = style.paint(labels.SYMBOLS[view.action], WORDS["colors"][view.action], "bold")
    name, place = terminal(view.id), view.place
    source = f"{terminal(place[0])}:{place[1]}" if place else ""
    rest = "  ".join(part for part in (source, labels.tasks(view)) if part)
    beside = f"  {symbol} {style.paint(ljust(name, column), 'bold')}  {rest}"
    if rest and (style.cells is None or width(beside) <= style.cells):
        yield beside
    else:
        yield f"  {symbol} {style.paint(name, 'bold')}"
        if rest:
            yield " " * INDENT + rest


def _details(view: ChangeView, plan: Plan, style: Style) -> Iterator[str]:
    change = view.change
    found = change_facts(view, plan, shown=3)
    facts = {name: terminal(fact.sentence) for name, fact in found.items()}
    if isinstance(change, Create | Cancel | Forget):
        yield from _message(view, style)
    if isinstance(change, Blocked):
        word = _("in doubt") if change.cause is BlockReason.IN_DOUBT else _("blocked")
        yield style.paint(_("{word}: {reason}", word, terminal(local(change.reason))), "red")
        yield facts["Fix"]
    elif "Why" in facts:
        yield facts["Why"]
    if isinstance(change, Create | Replace):
        yield from _fields(change.fields, style)
        yield facts["Who"]
        yield from _people(change.fields)
    for name in (*FACTS.get(type(change), ()), "Comes from"):
        if name in facts:
            yield facts[name]


def _message(view: ChangeView, style: Style) -> Iterator[str]:
    """Show the beginning of the message, if it is known, on one line where that is enough."""
    if not view.known:
        return
    # In quotes, so that no title is at the start of a line, where a CI system would obey it.
    title, body = f"“{plain(view.title, limit=60)}”", plain(view.body, limit=80)
    line = f"{title} · {body}"
    if style.cells is None or width(line) <= style.cells - INDENT:
        yield line
    else:
        yield clipped(title, style.cells - INDENT)
        yield clipped(f"· {body}", style.cells - INDENT)


# --- what differs ---------------------------------------------------------------------------------


def _of_people(field: FieldChange) -> bool:
    """Tell whether a field says how many there are, and who comes and goes."""
    number = field.path == "to" and isinstance(field.after, int)
    return number or field.path in ("to.joined", "to.left")


def _people(fields: Iterable[FieldChange]) -> Iterator[str]:
    for field in fields:
        if field.path == "to.joined":
            yield _("  joining: {plain}", plain(field.after))
        elif field.path == "to.left":
            yield _("  leaving: {plain}", plain(field.before))


def _fields(fields: Iterable[FieldChange], style: Style) -> Iterator[str]:
    named = [(terminal(field.path), field) for field in fields if not _of_people(field)]
    column = max((width(path) for path, _ in named), default=0)
    for path, field in named:
        value = _difference(field.before, field.after, style)
        if style.cells is not None and style.cells < NARROW:
            yield path
            yield f"  {value}"
        else:
            yield f"{ljust(path, column)}  {value}"


def _difference(before: Any, after: Any, style: Style) -> str:
    """Show short values whole, before and after; of a long text the words that changed."""
    pieces = changed_words(before, after, escape=terminal, around=AROUND, changes=CHANGES)
    if pieces is None:
        return f"{plain(before)}  →  {plain(after)}"
    return "".join(_marked(piece, style) for piece in pieces)


def _marked(piece: Piece, style: Style) -> str:
    """Mark a piece as `git diff --word-diff` does, so that it is seen without colour too."""
    match piece.kind:
        case Kind.SAME:
            return piece.text
        case Kind.GONE:
            return style.paint(f"[-{piece.text}-]", "red")
        case Kind.NEW:
            return style.paint(f"{{+{piece.text}+}}", "green")
        case _:
            assert_never(piece.kind)
