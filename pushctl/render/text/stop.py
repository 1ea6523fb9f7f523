"""The report of `stop` in a terminal, and as JSON."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from pushctl.plan.stop import StoppedPush, StopReport
from pushctl.push.task import ActualTask
from pushctl.render.words import WORDS
from pushctl.state.decoding import iso
from pushctl.text import timestamps
from pushctl.text.escape import plain, terminal
from pushctl.text.plural import count
from pushctl.text.style import PLAIN, Style
from pushctl.text.width import table

SHOWN = 3
"""Moments named of each entry; the report has them all."""


def report(item: StopReport, *, zone: dt.tzinfo, style: Style = PLAIN) -> str:
    """Render a report; its first line says whether anything can still be delivered."""
    lines = [_headline(item, style), f"{terminal(item.app)}/{terminal(item.workspace)}"]
    lines[1] += f" on {terminal(item.endpoint)}, {timestamps.moment(item.at, zone)}"
    for push in item.pushes:
        lines += ["", *_push(push, zone, style)]
    return "\n".join(lines) + "\n"


def _headline(item: StopReport, style: Style) -> str:
    left = [push for push in item.pushes if push.left]
    if left:
        text = f"Stop incomplete. {count(len(left), 'push', 'pushes')} may still be delivered."
        return style.paint(text, "red", "bold")
    tasks = sum(len(push.cancelled) for push in item.pushes)
    prevented = sum(push.prevented for push in item.pushes)
    text = f"Stop complete! {count(len(item.pushes), 'push', 'pushes')} stopped."
    done = f" ({count(tasks, 'task')} cancelled, {count(prevented, 'delivery', 'deliveries')})"
    return style.paint(text, "green", "bold") + done


def _push(push: StoppedPush, zone: dt.tzinfo, style: Style) -> Iterator[str]:
    owner = f"   owner {terminal(push.owner)}" if push.owner else ""
    yield f"  {style.paint(terminal(push.id), 'bold')}  “{plain(push.title, limit=60)}”{owner}"
    if push.cancelled:
        upcoming = ""
        if push.next_prevented is not None:
            upcoming = f", the next on {timestamps.moment(push.next_prevented, zone)}"
        yield (
            f"    will not happen: {count(push.prevented, 'delivery', 'deliveries')} to "
            f"{count(push.people, 'target')}{upcoming}"
        )
    elif not push.left:
        yield "    nothing of it was scheduled"
    yield from _gone_out(push, zone)
    for outcome, number in push.withdrawn.items():
        yield f"    withdrawing: {count(number, 'message')} {WORDS['withdrawals'][outcome]}"
    for task_id in push.left:
        what = f"task {terminal(task_id)}" if task_id else "a call without an answer"
        yield style.paint(f"    NOT STOPPED: {what}", "red")


def _gone_out(push: StoppedPush, zone: dt.tzinfo) -> Iterator[str]:
    if not push.delivered:
        yield "    had gone out: nothing that is recorded"
        return
    for item in push.delivered[-SHOWN:]:
        when = timestamps.moment(item.at, zone)
        yield f"    had gone out: {when} to {count(item.targets, 'target')}"
    earlier = len(push.delivered) - SHOWN
    if earlier > 0:
        yield f"    and {count(earlier, 'delivery', 'deliveries')} before"


def document(item: StopReport) -> dict[str, Any]:
    """Return the report as JSON. It names no target, only how many there are."""
    return {
        "at": iso(item.at),
        "app": item.app,
        "workspace": item.workspace,
        "endpoint": item.endpoint,
        "clean": item.clean,
        "pushes": [_document(push) for push in item.pushes],
    }


def _document(push: StoppedPush) -> dict[str, Any]:
    return {
        "id": push.id,
        "title": push.title,
        "owner": push.owner,
        "stopped_at": iso(push.stopped_at),
        "cancelled_tasks": list(push.cancelled),
        "targets": push.people,
        "deliveries_prevented": push.prevented,
        "next_prevented": iso(push.next_prevented),
        "delivered": [{"at": iso(item.at), "targets": item.targets} for item in push.delivered],
        "still_scheduled": list(push.left),
        "withdrawn": {str(outcome): number for outcome, number in push.withdrawn.items()},
    }


def listed(rows: Sequence[ActualTask], *, now: int, zone: dt.tzinfo) -> str:
    """Render tasks of the service's list that have deliveries to come."""
    cells = [("TASK", f"NEXT DELIVERY ({timestamps.zone_name(zone)})", "TITLE")]
    for row in rows:
        when = timestamps.moment(min(item.at for item in row.coming(now)), zone, with_zone=False)
        cells.append((terminal(row.task_id), when, f"“{plain(row.title, limit=60)}”"))
    return table(cells)


def listed_report(item: StopReport) -> str:
    """Say what became of tasks that were stopped without a state."""
    left = [f"  NOT STOPPED: {terminal(push.id)}\n" for push in item.pushes if push.left]
    if left:
        return f"Stop incomplete. {count(len(left), 'task')} may be delivered.\n" + "".join(left)
    done = f"Stop complete! {count(len(item.pushes), 'task')} cancelled, which no state knows.\n"
    return done + "An apply creates again what its manifest still says.\n"


def listed_document(item: StopReport) -> dict[str, Any]:
    """Return the same as JSON."""
    tasks = [{"task_id": x.id, "title": x.title, "stopped": not x.left} for x in item.pushes]
    return {"clean": item.clean, "tasks": tasks}
