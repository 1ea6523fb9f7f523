"""A plan in a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from pushctl.plan.plan import Plan
from pushctl.render.text import change as change_text
from pushctl.render.text.findings import findings
from pushctl.render.view import labels
from pushctl.render.view.irreversible import Tariff
from pushctl.render.view.plan_view import PlanView, plan_view
from pushctl.render.view.side_lists import SideList, Topic, side_lists
from pushctl.render.words import WORDS
from pushctl.text.escape import terminal
from pushctl.text.messages import _
from pushctl.text.style import PLAIN, Style
from pushctl.text.width import width, wrap

NAME = 32
"""Cells that the names of entries get at most."""

UNMANAGED_SHOWN = 10


def plan(plan: Plan, style: Style = PLAIN, *, tariff: Tariff | None = None) -> str:
    """Render a whole plan; the last line is the one that people search for."""
    whole = plan_view(plan, tariff)
    lines = [_title(plan, style), "", *_irreversible(whole, style)]
    column = _column(whole, style)
    for item in whole.changes:
        lines += [*change_text.change(item, plan, column, style), ""]
    if beside := side_lists(plan):
        lines += [line for found in beside for line in _side_list(found, style)] + [""]
    if plan.diagnostics:
        lines += findings(plan.diagnostics, style).splitlines()
    lines += _bounds(plan)
    lines.append(style.paint(labels.headline(plan), "bold"))
    if style.cells is not None:
        lines = [part for line in lines for part in wrap(line, style.cells)]
    return "\n".join(lines) + "\n"


def _title(plan: Plan, style: Style) -> str:
    env = f"{terminal(plan.env)} · " if plan.env else ""
    known = _("not asked the service") if plan.offline else _("service asked")
    word = _("drift") if plan.refresh_only else _("plan")
    title = f"pushctl {word} · {env}{terminal(plan.app)}/{terminal(plan.workspace)}"
    return style.paint(title, "bold") + _(" · state #{serial} · {known}", plan.serial, known)


def _column(whole: PlanView, style: Style) -> int:
    """Return how wide the column of names is: as the widest, within reason."""
    widest = max((width(terminal(item.id)) for item in whole.changes), default=0)
    return min(widest, NAME if style.cells is None else min(NAME, style.cells // 3))


def _irreversible(whole: PlanView, style: Style) -> Iterator[str]:
    """Say first what nobody can take back."""
    if not whole.irreversible:
        return
    yield style.paint(_("! Cannot be taken back once applied:"), "red", "bold")
    for view in whole.by_urgency:
        for item in view.irreversible:
            said = labels.irreversible(item, view, whole.tariff)
            yield f"    {style.paint(terminal(item.id), 'bold')} {said}"
    yield ""


# --- around the changes ---------------------------------------------------------------------------


def _side_list(found: SideList, style: Style) -> Iterator[str]:
    symbol, color = WORDS["topics"][found.topic]
    shown = UNMANAGED_SHOWN if found.topic is Topic.UNMANAGED else len(found.lines)
    for id, parts in found.lines[:shown]:
        said = "".join(part if isinstance(part, str) else part.text for part in parts)
        yield f"  {style.paint(symbol, color)} {terminal(id)}  {terminal(said)}"
    if len(found.lines) > shown:
        yield _("  {symbol} and {number} more", symbol, len(found.lines) - shown)


def _bounds(plan: Plan) -> Iterator[str]:
    """Say what the plan needs, and for how long it can be approved."""
    if not plan.effective:
        return
    yield _("Quota {quota}", labels.quota(plan))
    if valid := labels.validity(plan):
        yield valid
