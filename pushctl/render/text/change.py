"""One change of a plan as a person reads it in a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, assert_never

from pushctl.plan.change import (
    Action,
    Adopt,
    Blocked,
    BlockReason,
    Cancel,
    Create,
    FieldChange,
    Forget,
    NoOp,
    Rename,
    Renew,
    Replace,
    creates_of,
)
from pushctl.plan.plan import Plan
from pushctl.render import schedule_text
from pushctl.render.view import facts, labels, origins
from pushctl.render.view.plan_view import Entry
from pushctl.schedule.recurrence import Recurrence
from pushctl.text import timestamps, word_diff
from pushctl.text.escape import plain, terminal
from pushctl.text.plural import count
from pushctl.text.style import Style
from pushctl.text.width import clipped, ljust, width
from pushctl.text.word_diff import Kind, Piece

COLORS = {
    Action.CREATE: "green",
    Action.REPLACE: "yellow",
    Action.CANCEL: "red",
    Action.RENEW: "green",
    Action.ADOPT: "cyan",
    Action.FORGET: "dim",
    Action.RENAME: "cyan",
    Action.BLOCKED: "red",
    Action.NOOP: "dim",
}

INDENT = 6
"""Cells before everything that is said about a change."""

SHORT = 40
"""Cells up to which a value is shown whole, before and after, instead of word by word."""

AROUND = 16
"""Characters shown on both sides of a changed word."""

CHANGES = 6
"""Changed places of a text that are shown."""

NARROW = 60
"""Cells below which a line holds one thing only."""


def change(item: Entry, plan: Plan, column: int, style: Style) -> Iterator[str]:
    """Yield the lines of a change; `column` is how wide the names are, in cells."""
    yield from _head(item, column, style)
    for text in _details(item, plan, style):
        yield " " * INDENT + text
    if item.id in plan.origins:
        yield " " * INDENT + terminal(origins.sentence(plan.origins[item.id]))


def _head(item: Entry, column: int, style: Style) -> Iterator[str]:
    """Yield the line of the name, and a second one for what does not fit beside it."""
    symbol = style.paint(labels.SYMBOLS[item.action], COLORS[item.action], "bold")
    name, place = terminal(item.id), facts.where(item.change)
    source = f"{terminal(place[0])}:{place[1]}" if place else ""
    rest = "  ".join(part for part in (source, labels.tasks(item)) if part)
    beside = f"  {symbol} {style.paint(ljust(name, column), 'bold')}  {rest}"
    if rest and (style.cells is None or width(beside) <= style.cells):
        yield beside
    else:
        yield f"  {symbol} {style.paint(name, 'bold')}"
        if rest:
            yield " " * INDENT + rest


def _details(item: Entry, plan: Plan, style: Style) -> Iterator[str]:
    match item.change:
        case Create(reason=reason, fields=fields):
            yield from _message(item, style)
            yield f"to {labels.audience(item)}"
            yield from _schedule(item)
            if reason != "new":
                yield terminal(reason)
                yield from _fields(fields, style)
            yield from _dates(item, plan)
        case Replace(reason=reason, fields=fields):
            yield terminal(reason)
            yield from _fields([field for field in fields if not _of_people(field)], style)
            yield from _people(item, fields)
            yield from _schedule(item)
            yield from _dates(item, plan)
            yield from _shifts(item)
        case Renew(reason=reason):
            yield terminal(reason)
            yield from _covered(item)
        case Cancel(reason=reason):
            yield from _message(item, style)
            yield terminal(reason)
            yield _losses(item)
        case Forget(reason=reason):
            yield from _message(item, style)
            yield terminal(reason)
        case Adopt(reason=reason) | NoOp(reason=reason):
            yield terminal(reason)
        case Rename(before=before):
            yield f"was {terminal(before)}; no call is made"
        case Blocked(cause=cause, reason=reason, fix=fix):
            word = "in doubt" if cause is BlockReason.IN_DOUBT else "blocked"
            yield style.paint(f"{word}: {terminal(reason)}", "red")
            yield f"fix: {terminal(fix)}"
        case _:
            assert_never(item.change)


def _message(item: Entry, style: Style) -> Iterator[str]:
    """Show the beginning of the message, if it is known, on one line where that is enough."""
    if not item.known:
        return
    # In quotes, so that no title is at the start of a line, where a CI system would obey it.
    title, body = f"“{plain(item.title, limit=60)}”", plain(item.body, limit=80)
    line = f"{title} · {body}"
    if style.cells is None or width(line) <= style.cells - INDENT:
        yield line
    else:
        yield clipped(title, style.cells - INDENT)
        yield clipped(f"· {body}", style.cells - INDENT)


def _schedule(item: Entry) -> Iterator[str]:
    """Say a recurrence in a sentence."""
    if item.push is not None and isinstance(item.push.schedule, Recurrence):
        yield schedule_text.english(item.push.schedule, item.push.schedule.zone)


# --- what differs ---------------------------------------------------------------------------------


def _of_people(field: FieldChange) -> bool:
    """Tell whether a field says how many there are, and who comes and goes."""
    number = field.path == "to" and isinstance(field.after, int)
    return number or field.path in ("to.joined", "to.left")


def _people(item: Entry, fields: tuple[FieldChange, ...]) -> Iterator[str]:
    yield f"to {labels.audience(item)}"
    for field in fields:
        if field.path == "to.joined":
            yield f"  joining: {plain(field.after)}"
        elif field.path == "to.left":
            yield f"  leaving: {plain(field.before)}"


def _fields(fields: tuple[FieldChange, ...] | list[FieldChange], style: Style) -> Iterator[str]:
    paths = [terminal(field.path) for field in fields]
    column = max(map(width, paths), default=0)
    stacked = style.cells is not None and style.cells < NARROW
    for path, field in zip(paths, fields, strict=True):
        value = _difference(field.before, field.after, style)
        if stacked:
            yield path
            yield f"  {value}"
        else:
            yield f"{ljust(path, column)}  {value}"


def _difference(before: Any, after: Any, style: Style) -> str:
    """Show short values whole, before and after; of a long text the words that changed."""
    if (
        isinstance(before, str)
        and isinstance(after, str)
        and max(map(width, (before, after))) > SHORT
    ):
        pieces = word_diff.diff(terminal(before), terminal(after))
        if any(piece.kind is Kind.SAME for piece in pieces):
            short = word_diff.shortened(pieces, around=AROUND, changes=CHANGES)
            return "".join(_marked(piece, style) for piece in short)
    return f"{plain(before)}  →  {plain(after)}"


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


# --- when -----------------------------------------------------------------------------------------


def _dates(item: Entry, plan: Plan) -> Iterator[str]:
    if not item.upcoming:
        if creates_of(item.change):
            yield "sent the moment this is applied"
        return
    first = item.upcoming[0]
    yield f"{timestamps.moment(first, item.zone)}   {timestamps.ahead(first, plan.created_at)}"
    if after := labels.following(item):
        yield f"then {after}"
    if item.goes_on:
        yield "goes on after that: apply renews it in time"


def _shifts(item: Entry) -> Iterator[str]:
    """Say which deliveries disappear, appear and move; what moves most is said once."""
    shift, zone = item.shift, item.zone
    if item.held:
        held = labels.some(item.held, zone)
        yield f"not today: {held}, since today's was delivered already"
    if shift.gone:
        yield f"no longer: {labels.some(shift.gone, zone)}"
    if shift.new:
        yield f"new: {labels.some(shift.new, zone)}"
    if shift.moved:
        yield f"moved: {labels.moved(shift.moved, zone)}"


def _losses(item: Entry) -> str:
    gone = item.shift.gone
    if not gone:
        return "loses no delivery"
    lost = count(len(gone), "delivery", "deliveries")
    return f"loses {lost} to {labels.audience(item)}: {labels.some(gone, item.zone)}"


def _covered(item: Entry) -> Iterator[str]:
    made = creates_of(item.change)
    last = max((task.last for task in made if task.last is not None), default=None)
    if last is not None:
        yield f"covered until {timestamps.moment(last, item.zone)}"
