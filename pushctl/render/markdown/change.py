"""One change of a plan in Markdown: the line that is always seen, and what is behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, assert_never

from pushctl.mpaas import encode
from pushctl.plan.change import (
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
    cancels_of,
    creates_of,
)
from pushctl.plan.plan import Plan
from pushctl.push.task import NewTask
from pushctl.render import json_output, schedule_text
from pushctl.render.markdown.message import message
from pushctl.render.markdown.syntax import (
    code,
    fenced,
    folded,
    html_code,
    line_of,
    own,
    prose,
    shown,
    text,
)
from pushctl.render.view import facts, labels, origins
from pushctl.render.view.plan_view import Entry
from pushctl.schedule.recurrence import Recurrence
from pushctl.text import escape, timestamps, word_diff
from pushctl.text.plural import count
from pushctl.text.width import width
from pushctl.text.word_diff import Kind, Piece

SHORT = 40
"""Cells up to which a value is shown whole, before and after, instead of word by word."""

AROUND = 40
"""Characters shown on both sides of a changed word."""

CHANGES = 20
"""Changed places of a text that are shown."""

TITLE = 60
"""Characters of a title that the line about an entry shows."""

BODY = 200
"""Characters of the body of what is cancelled."""

REQUESTS = 3
"""Requests of one entry that are shown; the others differ only in people and days."""

NAMED = 10
"""Tasks that are named before they are only counted."""


@dataclass(frozen=True, slots=True)
class Detail:
    """How much is said about an entry beside its line."""

    previews: bool = True
    differences: bool = True


# --- the line -------------------------------------------------------------------------------------


def row(item: Entry, plan: Plan) -> str:
    """Write the one line about an entry, as HTML: what, when, who, how many tasks, why."""
    symbol, word = labels.SYMBOLS[item.action], item.action.value
    parts = (
        f"<b>{escape.block(symbol)} {word}</b> {html_code(item.id, limit=120)}",
        _former(item),
        _when(item, plan),
        escape.block(labels.audience(item)),
        escape.block(labels.tasks(item)),
        escape.block(shown(_why(item))),
    )
    return " · ".join(part for part in parts if part)


def _former(item: Entry) -> str:
    """Show the title of what is taken out; of everything else its message is in the manifest."""
    if not (isinstance(item.change, Cancel | Forget) and item.title):
        return ""
    return f"“{escape.block(shown(item.title, limit=TITLE))}”"


def _when(item: Entry, plan: Plan) -> str:
    match item.change:
        case Create() | Replace() | Renew():
            if item.upcoming:
                more = len(item.upcoming) - 1
                then = f", then {more} more" if more else ""
                return _moment(item.upcoming[0], item, plan) + then
            return "<b>sent the moment this is applied</b>" if item.at_once else ""
        case Cancel():
            gone = item.shift.gone
            lost = count(len(gone), "delivery", "deliveries")
            return f"loses {lost}, due {_moment(gone[0], item, plan)}" if gone else ""
        case Forget() | Adopt() | Rename() | Blocked() | NoOp():
            return ""
        case _:
            assert_never(item.change)


def _moment(at: int, item: Entry, plan: Plan) -> str:
    """Write an instant; its zone is named where it is not the one of the whole plan."""
    foreign = timestamps.zone_name(item.zone) != timestamps.zone_name(plan.timezone)
    zone = f" {escape.block(timestamps.zone_name(item.zone))}" if foreign else ""
    when = timestamps.moment(at, item.zone, with_zone=False)
    return f"<b>{when}</b>{zone}, {timestamps.ahead(at, plan.created_at)}"


def _why(item: Entry) -> str:
    match item.change:
        case Rename(before=before):
            return f"was {before}; no call is made"
        case Blocked(cause=cause, reason=reason):
            return f"in doubt: {reason}" if cause is BlockReason.IN_DOUBT else reason
        case _:
            return item.change.reason


# --- what is behind it ----------------------------------------------------------------------------


def details(item: Entry, plan: Plan, detail: Detail, source: str = "") -> Iterator[str]:
    """Yield blocks of Markdown about an entry; none if its line says everything.

    `source` is the address below which the manifest's lines can be looked at.
    """
    if lines := [f"- {line}" for line in (*_facts(item, source), *_origin(item, plan))]:
        yield "\n".join(lines)
    if detail.differences and (lines := list(_differences(item))):
        yield "\n".join(("**What changes**", "", *lines))
    if detail.previews and item.push is not None and creates_of(item.change):
        yield from message(item.push)
        yield _requests(item, plan)


def _origin(item: Entry, plan: Plan) -> Iterator[str]:
    """Say which lines brought it, where the plan was compared with a commit."""
    if item.id in plan.origins:
        yield text(origins.sentence(plan.origins[item.id]), limit=400)


def _facts(item: Entry, source: str) -> Iterator[str]:
    place = facts.where(item.change)
    if place is not None:
        yield line_of(*place, source)
    elif isinstance(item.change, Cancel | Forget):
        yield "not in the manifest any more"
    if isinstance(item.change, Cancel | Forget) and item.known:
        yield f"title: {text(item.title)}"
        yield f"body: {text(item.body, limit=BODY)}"
    if isinstance(item.change, Blocked):
        yield f"**Fix:** {prose(item.change.fix)}"
    yield from _dates(item)
    if cancels := cancels_of(item.change):
        ids = ", ".join(code(task.task_id) for task in cancels[:NAMED])
        more = len(cancels) - NAMED
        yield f"Cancels {ids}" + (f" and {more} more tasks" if more > 0 else "")
    for finding in item.findings:
        yield f"{finding.severity.value} {code(finding.code)} {text(finding.summary)}"


def _dates(item: Entry) -> Iterator[str]:
    if item.push is not None and isinstance(item.push.schedule, Recurrence):
        yield own(schedule_text.english(item.push.schedule, item.push.schedule.zone))
    if following := labels.following(item, shown=4):
        yield f"then {own(following)}"
    if item.upcoming and item.goes_on:
        yield "goes on after that: apply renews it in time"
    yield from _shifts(item)


def _shifts(item: Entry) -> Iterator[str]:
    """Say which deliveries disappear, appear and move, where not all of them do."""
    shift, zone = item.shift, item.zone
    if item.held:
        held = own(labels.some(item.held, zone))
        yield f"not today: {held}, since today's was delivered already"
    if shift.gone:
        yield f"**no longer:** {own(labels.some(shift.gone, zone, shown=5))}"
    if shift.new and isinstance(item.change, Replace):
        yield f"**new:** {own(labels.some(shift.new, zone, shown=5))}"
    if shift.moved:
        yield f"**moved:** {own(labels.moved(shift.moved, zone, shown=3))}"


# --- what differs ---------------------------------------------------------------------------------


def _differences(item: Entry) -> Iterator[str]:
    fields: Sequence[FieldChange] = getattr(item.change, "fields", ())
    for field in fields:
        match field.path:
            case "to" if isinstance(field.after, int):
                pass  # the line says it
            case "to.joined":
                yield f"- joining: {code(str(field.after))}"
            case "to.left":
                yield f"- leaving: {code(str(field.before))}"
            case _:
                yield f"- {code(field.path)} {_difference(field.before, field.after)}"


def _difference(before: Any, after: Any) -> str:
    """Show short values whole, before and after; of a long text the words that changed."""
    if (
        isinstance(before, str)
        and isinstance(after, str)
        and max(map(width, (before, after))) > SHORT
    ):
        pieces = word_diff.diff(escape.visible(before), escape.visible(after))
        if any(piece.kind is Kind.SAME for piece in pieces):
            short = word_diff.shortened(pieces, around=AROUND, changes=CHANGES)
            return "".join(map(_marked, short))
    old = "(none)" if before is None else f"<del>{text(before)}</del>"
    new = "(none)" if after is None else f"<ins>{text(after)}</ins>"
    return f"{old} → {new}"


def _marked(piece: Piece) -> str:
    said = escape.markdown(piece.text)
    match piece.kind:
        case Kind.SAME:
            return said
        case Kind.GONE:
            return f"<del>{said}</del>"
        case Kind.NEW:
            return f"<ins>{said}</ins>"
        case _:
            assert_never(piece.kind)


# --- what is sent ---------------------------------------------------------------------------------


def _requests(item: Entry, plan: Plan) -> str:
    """Show the exact calls, without people and message keys."""
    push, creates = item.push, creates_of(item.change)
    assert push is not None
    tasks = sorted(creates, key=lambda task: (task.first or 0, task.slot))
    groups = [list(same) for _, same in groupby(tasks, key=lambda task: task.schedule)]
    blocks = []
    for same in groups[:REQUESTS]:
        targets = f"({_targets(same)}, each with its own message key)"
        own_ = encode.task_parameters(same[0], zone=plan.service_zone, targets=targets)
        sent: dict[str, Any] = {**encode.shared_parameters(push), **own_}
        calls = [] if len(groups) == 1 else [f"{count(len(same), 'call')}:"]
        blocks += [*calls, fenced(json_output.text(sent), "json")]
    if len(groups) > REQUESTS:
        rest = sum(map(len, groups[REQUESTS:]))
        blocks.append(f"{count(rest, 'more call')} with other days and times.")
    return folded(f"{count(len(creates), 'PushSimple call')}", blocks)


def _targets(tasks: Sequence[NewTask]) -> str:
    """Count the targets of calls that are the same otherwise: `10 + 10 + 3 targets`."""
    sizes = [len(task.message_keys) for task in tasks]
    if len(sizes) == 1:
        return count(sizes[0], "target")
    more = " + …" if len(sizes) > NAMED else ""
    return f"{' + '.join(map(str, sizes[:NAMED]))}{more} targets"
