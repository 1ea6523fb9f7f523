"""A plan as a person reads it in a terminal: what will happen, to whom, when, and what it costs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import assert_never

from pushctl.core.change import (
    Action,
    Adopt,
    Blocked,
    BlockReason,
    Cancel,
    Change,
    Create,
    FieldChange,
    Forget,
    NoOp,
    Rename,
    Renew,
    Replace,
    action_of,
    cancels_of,
    creates_of,
    push_of,
)
from pushctl.core.plan import Plan
from pushctl.core.recurrence import Recurrence
from pushctl.core.refresh import DriftKind
from pushctl.render import facts, moments, origins, recurrence
from pushctl.render.columns import pad, width, wrap
from pushctl.render.escape import plain, terminal
from pushctl.render.facts import count
from pushctl.render.findings import findings
from pushctl.render.style import PLAIN, Style

SYMBOLS = {
    Action.CREATE: ("+", "green"),
    Action.REPLACE: ("~", "yellow"),
    Action.CANCEL: ("-", "red"),
    Action.RENEW: ("»", "green"),
    Action.ADOPT: ("<", "cyan"),
    Action.FORGET: (".", "dim"),
    Action.RENAME: (">", "cyan"),
    Action.BLOCKED: ("✗", "red"),
    Action.NOOP: (" ", "dim"),
}

WORDS = {
    Action.CREATE: "create",
    Action.REPLACE: "replace",
    Action.CANCEL: "cancel",
    Action.RENEW: "renew",
    Action.ADOPT: "adopt",
    Action.FORGET: "forget",
    Action.RENAME: "rename",
}

ALWAYS = (Action.CREATE, Action.REPLACE, Action.CANCEL)

DATES_SHOWN = 3
UNMANAGED_SHOWN = 10


def plan(plan: Plan, style: Style = PLAIN) -> str:
    """Render a whole plan; the last line is the one that people search for."""
    lines = [_title(plan, style), ""]
    names = [width(terminal(item.id)) for item in plan.effective]
    column = min(max(names, default=0), 32)
    for item in plan.effective:
        lines += [*_change(item, plan, column, style), ""]
    lines += _beside(plan, style)
    if plan.diagnostics:
        lines += findings(plan.diagnostics, style).splitlines()
    lines += _quota(plan)
    lines.append(style.paint(headline(plan), "bold"))
    if style.cells is not None:
        lines = [part for line in lines for part in wrap(line, style.cells)]
    return "\n".join(lines) + "\n"


def _title(plan: Plan, style: Style) -> str:
    env = f"{terminal(plan.env)} · " if plan.env else ""
    known = "not asked the service" if plan.offline else "service asked"
    word = "drift" if plan.refresh_only else "plan"
    title = f"pushctl {word} · {env}{terminal(plan.app)}/{terminal(plan.workspace)}"
    return style.paint(title, "bold") + f" · state #{plan.serial} · {known}"


def headline(plan: Plan) -> str:
    """Return the line with the counts: `Plan: …`, or `No changes.`"""
    if plan.refresh_only:
        return _drift_line(plan)
    counts = plan.counts
    unchanged = counts[Action.NOOP]
    if not plan.effective:
        there = sum(push_of(item) is not None for item in plan.changes)
        other = sum(isinstance(item, NoOp) and item.telling for item in plan.changes)
        if other:
            whole = f"{there - other} of {count(there, 'push', 'pushes')}"
            return f"No changes. {whole} as the manifest says; see above for the rest."
        return f"No changes. {count(there, 'push', 'pushes')} as the manifest says."
    parts = [
        f"{counts[action]} to {word}"
        for action, word in WORDS.items()
        if counts[action] or action in ALWAYS
    ]
    parts.insert(len(ALWAYS), f"{unchanged} unchanged")
    if counts[Action.BLOCKED]:
        parts.append(f"{counts[Action.BLOCKED]} blocked")
    return f"Plan: {', '.join(parts)}."


def _drift_line(plan: Plan) -> str:
    differing = len(plan.drift) + len(plan.doubts)
    if not differing:
        return "No drift. The service is as the state says."
    return f"Drift: {count(differing, 'task')} not as the state says."


# --- one change -----------------------------------------------------------------------------------


def _change(item: Change, plan: Plan, column: int, style: Style) -> Iterator[str]:
    symbol, color = SYMBOLS[action_of(item)]
    place = facts.where(item)
    source = f"{terminal(place[0])}:{place[1]}" if place else ""
    name = pad(terminal(item.id), column)
    head = f"  {style.paint(symbol, color, 'bold')} {style.paint(name, 'bold')}"
    yield "  ".join(part for part in (head, source, _effort(item)) if part)
    for text in _details(item, plan, style):
        yield f"      {text}"
    if item.id in plan.origins:
        yield f"      {origins.sentence(plan.origins[item.id])}"


def _effort(item: Change) -> str:
    parts = []
    if cancels_of(item):
        parts.append(f"cancel {len(cancels_of(item))}")
    if creates_of(item):
        parts.append(f"create {len(creates_of(item))}")
    if facts.kept(item):
        parts.append(f"keep {len(facts.kept(item))}")
    return ", ".join(parts)


def _details(item: Change, plan: Plan, style: Style) -> Iterator[str]:
    match item:
        case Create():
            yield from _message(item, plan)
            yield from _schedule(item)
            if item.reason != "new":
                yield terminal(item.reason)
                yield from _fields(item.fields)
            yield from _dates(item, plan)
        case Replace():
            yield terminal(item.reason)
            yield from _fields(item.fields)
            yield from _schedule(item)
            yield from _dates(item, plan)
            yield from _shifts(item, plan)
        case Renew():
            yield terminal(item.reason)
            yield from _covered(item, plan)
        case Cancel():
            yield terminal(item.reason)
            yield _losses(item, plan)
        case Forget() | Adopt():
            yield terminal(item.reason)
        case Rename():
            yield f"was {terminal(item.before)}; no call is made"
        case Blocked():
            word = "in doubt" if item.cause is BlockReason.IN_DOUBT else "blocked"
            yield style.paint(f"{word}: {terminal(item.reason)}", "red")
            yield f"fix: {terminal(item.fix)}"
        case NoOp():
            yield terminal(item.reason)
        case _:
            assert_never(item)


def _message(item: Create, plan: Plan) -> Iterator[str]:
    push = item.push
    title = push.parameters.get("Title", "")
    body = push.parameters.get("Content", "")
    # In quotes, so that no title is at the start of a line, where a CI system would obey it.
    yield f"“{plain(title, limit=60)}” · {plain(body, limit=80)}"
    yield f"to {facts.audience(push)} in {count(len(item.creates), 'task')}"


def _schedule(item: Create | Replace) -> Iterator[str]:
    """Say a recurrence in a sentence."""
    schedule = item.push.schedule
    if isinstance(schedule, Recurrence):
        yield recurrence.english(schedule, schedule.zone)


def _fields(fields: tuple[FieldChange, ...]) -> Iterator[str]:
    paths = [terminal(field.path) for field in fields]
    column = max(map(width, paths), default=0)
    for path, field in zip(paths, fields, strict=True):
        yield f"{pad(path, column)}  {plain(field.before)}  →  {plain(field.after)}"


def _dates(item: Change, plan: Plan) -> Iterator[str]:
    moments_ = facts.upcoming(item, plan)
    if not moments_:
        if creates_of(item):
            yield "sent the moment this is applied"
        return
    zone, first = facts.zone_of(item, plan), moments_[0]
    yield (f"{moments.moment(first, zone)}   {moments.ahead(first, plan.created_at)}")
    rest = moments_[1:]
    if rest:
        shown = " · ".join(
            moments.moment(at, zone, with_zone=False) for at in rest[: DATES_SHOWN - 1]
        )
        more = len(rest) - (DATES_SHOWN - 1)
        last = moments.moment(moments_[-1], zone, with_zone=False)
        yield f"then {shown}" + (f" … {more} more until {last}" if more > 0 else "")
    if facts.goes_on(item, plan):
        yield "goes on after that: apply renews it in time"


def _shifts(item: Replace, plan: Plan) -> Iterator[str]:
    """Say which deliveries disappear, appear and move; what moves most is said once."""
    shift, zone = facts.shift(item, plan), facts.zone_of(item, plan)
    if held := facts.not_today(item, plan):
        yield f"not today: {_some(held, zone)}, since today's was delivered already"
    if shift.gone:
        yield f"no longer: {_some(shift.gone, zone)}"
    if shift.new:
        yield f"new: {_some(shift.new, zone)}"
    if shift.moved:
        shown = [_move(pair, zone) for pair in shift.moved[:MOVES_SHOWN]]
        more = len(shift.moved) - len(shown)
        yield f"moved: {' · '.join(shown)}" + (f" … {more} more" if more > 0 else "")


MOVES_SHOWN = 2


def _move(pair: tuple[int, int], zone: dt.tzinfo) -> str:
    before, after = pair
    return f"{moments.moment(before, zone, with_zone=False)} → {moments.time(after, zone)}"


def _losses(item: Cancel, plan: Plan) -> str:
    gone = list(facts.lost(item, plan))
    if not gone:
        return "loses no delivery"
    shown = _some(gone, facts.zone_of(item, plan))
    return f"loses {count(len(gone), 'delivery', 'deliveries')}: {shown}"


def _some(moments_: Sequence[int], zone: dt.tzinfo) -> str:
    shown = " · ".join(moments.moment(at, zone, with_zone=False) for at in moments_[:DATES_SHOWN])
    more = len(moments_) - DATES_SHOWN
    return shown + (f" … {more} more" if more > 0 else "")


def _covered(item: Renew, plan: Plan) -> Iterator[str]:
    last = max((task.last for task in item.creates if task.last is not None), default=None)
    if last is not None:
        yield f"covered until {moments.moment(last, facts.zone_of(item, plan))}"


# --- around the changes ---------------------------------------------------------------------------


def _beside(plan: Plan, style: Style) -> Iterator[str]:
    waiting = {item.id for item in plan.waiting}
    telling = [item for item in plan.changes if isinstance(item, NoOp) and item.telling]
    telling = [item for item in telling if item.id not in waiting]
    for change in telling:
        yield f"  {style.paint('·', 'cyan')} {terminal(change.id)}  {terminal(change.reason)}"
    for wait in plan.waiting:
        when = moments.moment(wait.first, plan.timezone)
        text = f"{count(wait.tasks, 'task')} {'waits' if wait.tasks == 1 else 'wait'} for room"
        yield f"  {style.paint('…', 'cyan')} {terminal(wait.id)}  {text}, the first due {when}"
    for item in plan.drift:
        what = (
            "is not on the service any more"
            if item.kind is DriftKind.GONE
            else f"lost {item.missing} of {item.expected} deliveries on the service"
        )
        text = terminal(f"{item.id}  task {item.task_id} {what}")
        yield f"  {style.paint('≠', 'yellow')} {text}"
    for doubt in plan.doubts:
        yield f"  {style.paint('?', 'red')} {terminal(doubt.id)}  {terminal(doubt.reason)}"
    for task in plan.unmanaged[:UNMANAGED_SHOWN]:
        coming = task.unexecuted
        when = moments.moment(coming[0].at, plan.timezone) if coming else ""
        title = plain(task.title, limit=40)
        yield (
            f"  {style.paint('?', 'cyan')} {terminal(task.task_id)}  {title}  {when}"
            "  not in the manifest (pushctl adopt ID TASK)"
        )
    more = len(plan.unmanaged) - UNMANAGED_SHOWN
    if more > 0:
        yield f"  ? {more} more tasks that are not in the manifest"
    if telling or plan.waiting or plan.drift or plan.doubts or plan.unmanaged:
        yield ""


def _quota(plan: Plan) -> Iterator[str]:
    quota = plan.quota
    if plan.effective:
        about = " as far as the state knows" if plan.offline else ""
        yield f"Quota {quota.now} → {quota.after} of {quota.limit} (peak {quota.peak}){about}"
