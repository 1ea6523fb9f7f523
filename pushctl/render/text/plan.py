"""A plan as a person reads it in a terminal: what will happen, to whom, when, and what it costs."""

from __future__ import annotations

from collections.abc import Iterator

from pushctl.plan.plan import Plan
from pushctl.plan.reconcile.refresh import DriftKind
from pushctl.render.text import change as change_text
from pushctl.render.text.findings import findings
from pushctl.render.view import labels
from pushctl.render.view.plan_view import Outline, Tariff, outline
from pushctl.text import timestamps
from pushctl.text.escape import plain, terminal
from pushctl.text.plural import count
from pushctl.text.style import PLAIN, Style
from pushctl.text.width import width, wrap

NAME = 32
"""Cells that the names of entries get at most."""

UNMANAGED_SHOWN = 10


def plan(plan: Plan, style: Style = PLAIN, *, tariff: Tariff | None = None) -> str:
    """Render a whole plan; the last line is the one that people search for."""
    whole = outline(plan, tariff)
    lines = [_title(plan, style), "", *_irreversible(whole, style)]
    column = _column(whole, style)
    for item in whole.entries:
        lines += [*change_text.change(item, plan, column, style), ""]
    lines += _beside(whole, style)
    if plan.diagnostics:
        lines += findings(plan.diagnostics, style).splitlines()
    lines += _bounds(plan)
    lines.append(style.paint(labels.headline(plan), "bold"))
    if style.cells is not None:
        lines = [part for line in lines for part in wrap(line, style.cells)]
    return "\n".join(lines) + "\n"


def _title(plan: Plan, style: Style) -> str:
    env = f"{terminal(plan.env)} · " if plan.env else ""
    known = "not asked the service" if plan.offline else "service asked"
    word = "drift" if plan.refresh_only else "plan"
    title = f"pushctl {word} · {env}{terminal(plan.app)}/{terminal(plan.workspace)}"
    return style.paint(title, "bold") + f" · state #{plan.serial} · {known}"


def _column(whole: Outline, style: Style) -> int:
    """Return how wide the column of names is: as the widest, within reason."""
    widest = max((width(terminal(item.id)) for item in whole.entries), default=0)
    return min(widest, NAME if style.cells is None else min(NAME, style.cells // 3))


def _irreversible(whole: Outline, style: Style) -> Iterator[str]:
    """Say first what nobody can take back."""
    if not whole.irreversible:
        return
    yield style.paint("! Cannot be taken back once applied:", "red", "bold")
    for entry in whole.by_weight:
        for item in entry.irreversible:
            said = labels.lasting(item, entry, whole.tariff)
            yield f"    {style.paint(terminal(item.id), 'bold')} {said}"
    yield ""


# --- around the changes ---------------------------------------------------------------------------


def _beside(whole: Outline, style: Style) -> Iterator[str]:
    lines = [
        *_waiting(whole, style),
        *_differing(whole.plan, style),
        *_strangers(whole.plan, style),
    ]
    if lines:
        yield from (*lines, "")


def _waiting(whole: Outline, style: Style) -> Iterator[str]:
    for item in whole.telling:
        yield f"  {style.paint('·', 'cyan')} {terminal(item.id)}  {terminal(item.reason)}"
    for wait in whole.plan.waiting:
        when = timestamps.moment(wait.first, whole.plan.timezone)
        text = f"{count(wait.tasks, 'task')} {'waits' if wait.tasks == 1 else 'wait'} for room"
        yield f"  {style.paint('…', 'cyan')} {terminal(wait.id)}  {text}, the first due {when}"


def _differing(plan: Plan, style: Style) -> Iterator[str]:
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


def _strangers(plan: Plan, style: Style) -> Iterator[str]:
    for task in plan.unmanaged[:UNMANAGED_SHOWN]:
        coming = task.unexecuted
        when = timestamps.moment(coming[0].at, plan.timezone) if coming else ""
        title = plain(task.title, limit=40)
        yield (
            f"  {style.paint('?', 'cyan')} {terminal(task.task_id)}  {title}  {when}"
            "  not in the manifest (pushctl adopt ID TASK)"
        )
    more = len(plan.unmanaged) - UNMANAGED_SHOWN
    if more > 0:
        yield f"  ? {more} more tasks that are not in the manifest"


def _bounds(plan: Plan) -> Iterator[str]:
    """Say what the plan needs, and for how long it can be approved."""
    if not plan.effective:
        return
    yield f"Quota {labels.quota(plan)}"
    if valid := labels.validity(plan):
        yield valid
