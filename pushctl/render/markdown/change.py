"""One change of a plan in Markdown: a line, and the details that a reader opens."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any, assert_never

from msgspec import Struct

from pushctl.mpaas import encode
from pushctl.plan.change import (
    Cancel,
    Create,
    FieldChange,
    Forget,
    Renew,
    Replace,
    cancels_of,
    creates_of,
)
from pushctl.plan.plan import Plan
from pushctl.push.task import NewTask
from pushctl.render import json_output
from pushctl.render.markdown.message import message
from pushctl.render.markdown.syntax import (
    code,
    fenced,
    folded,
    html_code,
    line_of,
    own_text,
    prose,
    shown,
    text,
)
from pushctl.render.view import labels
from pushctl.render.view.change_facts import MOVES, WHEN, change_facts
from pushctl.render.view.change_view import ChangeView
from pushctl.text import escape, local_times, timestamps
from pushctl.text.messages import _, count, local
from pushctl.text.word_diff import Kind, Piece, changed_words

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


class Detail(Struct, frozen=True):
    """How much is said about an entry beside its line."""

    previews: bool = True
    differences: bool = True


# --- the line -------------------------------------------------------------------------------------


def row(view: ChangeView, plan: Plan) -> str:
    """Write the one line about an entry, as HTML: what, when, who, how many tasks, why."""
    symbol, word = labels.SYMBOLS[view.action], _(view.action.value)
    parts = (
        f"<b>{escape.block(symbol)} {word}</b> {html_code(view.id, limit=120)}",
        _said(view),
        _when(view, plan),
        escape.block(labels.audience(view)),
        escape.block(labels.tasks(view)),
        "" if _is_said(view) else escape.block(shown(labels.why(view))),
        escape.block(shown(_("owner {owner}", view.owner), limit=TITLE)) if view.owner else "",
    )
    return " · ".join(part for part in parts if part)


def _said(view: ChangeView) -> str:
    """Show what an edited field was and will be, or the title of what is new or taken out."""
    if field := view.main_field:
        difference = _difference(field, say=escape.block, limit=TITLE, around=12, changes=2)
        return f"{html_code(field.path)} {difference}"
    if not (isinstance(view.change, Create | Cancel | Forget) and view.title):
        return ""
    return f"“{escape.block(shown(view.title, limit=TITLE))}”"


def _is_said(view: ChangeView) -> bool:
    """Tell whether the reason names nothing but the field that is shown."""
    return view.main_field is not None and view.change.reason == f"{view.main_field.path} changed"


def _when(view: ChangeView, plan: Plan) -> str:
    gone, upcoming = view.delta.gone, view.upcoming
    if isinstance(view.change, Cancel) and gone:
        lost = count(len(gone), "delivery", "deliveries")
        return _("loses {lost}, due {moment}", lost, _moment(gone[0], view, plan))
    if isinstance(view.change, Create | Replace | Renew) and upcoming:
        then = _(", then {number} more", len(upcoming) - 1) if len(upcoming) > 1 else ""
        return _moment(upcoming[0], view, plan) + then
    return f"<b>{_('sent the moment this is applied')}</b>" if view.at_once else ""


def _moment(at: int, view: ChangeView, plan: Plan) -> str:
    """Write an instant; its zone is named where it is not the one of the whole plan."""
    foreign = timestamps.zone_name(view.zone) != timestamps.zone_name(plan.timezone)
    zone = f" {escape.block(timestamps.zone_name(view.zone))}" if foreign else ""
    when = local_times.moment(at, view.zone, with_zone=False)
    ahead = local_times.ahead(at, plan.created_at)
    return _("{when}, {ahead}", f"<b>{when}</b>{zone}", ahead)


# --- what is behind it ----------------------------------------------------------------------------


def details(view: ChangeView, plan: Plan, detail: Detail, source: str = "") -> Iterator[str]:
    """Yield blocks of Markdown about an entry; none if its line says everything.

    `source` is the address below which the manifest's lines can be looked at.
    """
    if lines := [f"- {line}" for line in _facts(view, plan, source)]:
        yield "\n".join(lines)
    if detail.differences and (lines := list(_differences(view))):
        yield "\n".join((_("**What changes**"), "", *lines))
    if detail.previews and view.push is not None and creates_of(view.change):
        yield from message(view.push)
        yield _requests(view, plan)


def _facts(view: ChangeView, plan: Plan, source: str) -> Iterator[str]:
    facts = change_facts(view, plan, shown=5)
    if view.place is not None:
        yield line_of(*view.place, source)
    if isinstance(view.change, Cancel | Forget):
        if view.place is None:
            yield _("not in the manifest any more")
        if view.known:
            yield _("title: {title}", text(view.title))
            yield _("body: {body}", text(view.body, limit=BODY))
    if "Fix" in facts:
        yield _("**Fix:** {value}", prose(facts["Fix"].value))
    yield from (own_text(facts[name].sentence) for name in SENTENCES if name in facts)
    moves = [facts[name] for name in MOVES if name in facts]
    yield from (f"**{fact.lead.rstrip()}** {own_text(fact.value)}" for fact in moves)
    if cancels := cancels_of(view.change):
        ids = ", ".join(code(task.task_id) for task in cancels[:NAMED])
        more = len(cancels) - NAMED
        yield _("Cancels {ids}", ids) + (
            _(" and {more_tasks}", count(more, "more task")) if more > 0 else ""
        )
    for finding in view.findings:
        yield f"{_(finding.severity.value)} {code(finding.code)} {text(local(finding.summary))}"
    if "Comes from" in facts:
        yield text(facts["Comes from"].value, limit=400)


SENTENCES = (*(name for name in WHEN if name != "Next"), "Covered", "Lost")
"""What is said of a change below its line, which names the next delivery."""


# --- what differs ---------------------------------------------------------------------------------


def _differences(view: ChangeView) -> Iterator[str]:
    fields: Sequence[FieldChange] = getattr(view.change, "fields", ())
    for field in fields:
        match field.path:
            case "to" if isinstance(field.after, int):
                pass  # the line says it
            case "to.joined":
                yield _("- joining: {after}", code(str(field.after)))
            case "to.left":
                yield _("- leaving: {before}", code(str(field.before)))
            case _:
                yield f"- {code(field.path)} {_difference(field)}"


def _difference(
    field: FieldChange,
    *,
    say: Callable[[str], str] = escape.markdown,
    limit: int = 200,
    around: int = AROUND,
    changes: int = CHANGES,
) -> str:
    """Show short values whole, before and after; of a long text the words that changed."""
    before, after = field.before, field.after
    pieces = changed_words(before, after, escape=escape.visible, around=around, changes=changes)
    if pieces is not None:
        return "".join(_marked(piece, say) for piece in pieces)
    old = _("(none)") if before is None else f"<del>{say(shown(before, limit=limit))}</del>"
    new = _("(none)") if after is None else f"<ins>{say(shown(after, limit=limit))}</ins>"
    return f"{old} → {new}"


def _marked(piece: Piece, say: Callable[[str], str]) -> str:
    said = say(piece.text)
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


def _requests(view: ChangeView, plan: Plan) -> str:
    """Show the exact calls, without people and message keys."""
    push, creates = view.push, creates_of(view.change)
    assert push is not None
    tasks = sorted(creates, key=lambda task: (task.first or 0, task.slot))
    groups = [list(same) for _, same in groupby(tasks, key=lambda task: task.schedule)]
    blocks = []
    for same in groups[:REQUESTS]:
        targets = _("({targets}, each with its own message key)", _targets(same))
        own_ = encode.task_parameters(same[0], zone=plan.service_zone, targets=targets)
        sent: dict[str, Any] = {**encode.shared_parameters(push), **own_}
        calls = [] if len(groups) == 1 else [f"{count(len(same), 'call')}:"]
        blocks += [*calls, fenced(json_output.text(sent), "json")]
    if len(groups) > REQUESTS:
        rest = sum(map(len, groups[REQUESTS:]))
        blocks.append(_("{more_calls} with other days and times.", count(rest, "more call")))
    return folded(f"{count(len(creates), 'PushSimple call')}", blocks)


def _targets(tasks: Sequence[NewTask]) -> str:
    """Count the targets of calls that are the same otherwise: `10 + 10 + 3 targets`."""
    sizes = [len(task.message_keys) for task in tasks]
    if len(sizes) == 1:
        return count(sizes[0], "target")
    more = " + …" if len(sizes) > NAMED else ""
    return _("{map}{more} targets", " + ".join(map(str, sizes[:NAMED])), more)
