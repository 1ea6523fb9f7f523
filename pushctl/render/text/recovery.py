"""A restored or rebuilt state in a terminal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from pushctl.plan.reconcile.rebuild_state import Certainty, Claim, Rebuilt
from pushctl.push.task import ActualTask
from pushctl.render.view.labels import audience_of
from pushctl.render.words import WORDS
from pushctl.state.state import State
from pushctl.text import timestamps
from pushctl.text.escape import plain, terminal
from pushctl.text.plural import count
from pushctl.text.style import PLAIN, Style
from pushctl.text.width import ljust, width


def restored(state: State, found: Sequence[str], *, complete: bool) -> str:
    """Render a restored state; `found` says file by file what it was put together from."""
    lines = [
        f"Restored: state #{state.serial} with {count(len(state.pushes), 'push', 'pushes')}.",
        *(f"  {terminal(text)}" for text in found),
    ]
    if complete:
        lines.append("It has all that these files tell of. What the service has: pushctl plan")
    else:
        lines.append("Something may be missing. Look before you apply: pushctl plan")
        lines.append("If it shows tasks of nobody (?), take them over: pushctl state rebuild")
    return "\n".join(lines) + "\n"


def rebuilt(item: Rebuilt, *, zone: dt.tzinfo, style: Style = PLAIN) -> str:
    """Render what a rebuild found, the sure things first."""
    lines: list[str] = []
    names = [claim.push.id for claim in item.claims]
    names += [unclear.id for unclear in item.unclear] + list(item.absent)
    column = max((width(terminal(name)) for name in names), default=0)
    order = list(Certainty)
    for claim in sorted(item.claims, key=lambda claim: order.index(claim.certainty)):
        lines.append(_claim(claim, column, style))
    for unclear in item.unclear:
        name = ljust(terminal(unclear.id), column)
        lines.append(style.paint(f"  ? {name}  not sure: {terminal(unclear.reason)}", "yellow"))
        lines.append(f"    fix: {terminal(unclear.fix)}")
    for id in item.absent:
        lines.append(f"  · {ljust(terminal(id), column)}  nothing on the service looks like it")
    lines += _left(item.left, zone)
    found, unsure = len(item.claims), len(item.unclear)
    lines.append(
        f"Rebuild: {found} found, {unsure} not sure, {len(item.absent)} not there, "
        f"{count(len(item.left), 'task')} of nobody."
    )
    return "\n".join(lines) + "\n"


def _claim(claim: Claim, column: int, style: Style) -> str:
    sure = claim.certainty is Certainty.SEEN
    mark = style.paint("+" if sure else "~", "green" if sure else "yellow")
    tasks = count(len(claim.tasks), "task")
    name = ljust(terminal(claim.push.id), column)
    said = WORDS["claims"][claim.certainty]
    return f"  {mark} {name}  {tasks}, {audience_of(claim.push)}: {said}"


def _left(rows: tuple[ActualTask, ...], zone: dt.tzinfo) -> Iterator[str]:
    for row in rows:
        at = timestamps.moment(row.unexecuted[0].at, zone)
        yield f"  ? task {terminal(row.task_id)} is nobody's: “{plain(row.title, limit=40)}” {at}"
