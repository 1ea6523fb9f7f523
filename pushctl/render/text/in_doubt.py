"""Tasks in doubt in a terminal, with the commands to choose from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from pushctl.plan.reconcile.in_doubt import Doubt
from pushctl.plan.reconcile.manual_resolution import FITTING, Resolution
from pushctl.push.task import ActualTask
from pushctl.render.words import WORDS
from pushctl.state.state import Phase, PushRecord, TaskRecord
from pushctl.text import timestamps
from pushctl.text.escape import plain, shell, terminal
from pushctl.text.plural import count


def doubts(
    id: str,
    record: PushRecord,
    looked: Sequence[Doubt] | None,
    rows: Sequence[ActualTask],
    *,
    typed: str,
    zone: dt.tzinfo,
) -> str:
    """Render an entry's doubts. `looked` is what a look left open; None if nobody looked.

    `typed` is how a command begins. What a look has decided needs no person.
    """
    if not record.in_doubt:
        return f"Nothing of {terminal(id)} is in doubt.\n"
    lines: list[str] = []
    for task in record.in_doubt:
        found = next((item for item in looked or () if item.slot == task.slot), None)
        lines += [_question(id, task, zone), *_answer(task, looked, found)]
        if looked is None or found is not None:
            shown = [row for row in rows if found is not None and row.task_id in found.candidates]
            lines += _candidates(shown, zone)
            lines += _commands(id, task, [row.task_id for row in shown], typed)
    return "\n".join(lines) + "\n"


def _question(id: str, task: TaskRecord, zone: dt.tzinfo) -> str:
    what = "created" if task.phase is Phase.CREATING else "cancelled"
    title = f"“{plain(task.match.title, limit=60)}”" if task.match else terminal(task.task_id)
    segment = f" segment {task.segment}" if task.segment else ""
    when = "" if task.first is None else f", first delivery {timestamps.moment(task.first, zone)}"
    who = count(len(task.targets), "target")
    return f"{terminal(id)} chunk {task.chunk}{segment}: was it {what}? {title} to {who}{when}"


def _answer(task: TaskRecord, looked: Sequence[Doubt] | None, found: Doubt | None) -> Iterator[str]:
    if task.doubt:
        yield f"  the call: {terminal(task.doubt)}"
    if looked is None:
        yield "  nobody looked at the service: what follows is for whoever did"
    elif found is None:
        yield "  a look at the service can tell; pushctl apply writes it down"
    else:
        yield f"  a look at the service: {terminal(found.reason)}"


def _candidates(rows: Sequence[ActualTask], zone: dt.tzinfo) -> Iterator[str]:
    for row in rows:
        created = (
            timestamps.moment(row.created_at, zone) if row.created_at else "at an unknown time"
        )
        times = count(len(row.deliveries), "delivery", "deliveries")
        yield f"  task {terminal(row.task_id)}: created {created}, {times}"


def _commands(id: str, task: TaskRecord, candidates: Sequence[str], typed: str) -> Iterator[str]:
    address = f"{shell(id)} --chunk {task.chunk}"
    if task.segment:
        address += f" --segment {task.segment}"
    for resolution in FITTING[task.phase]:
        if resolution is Resolution.CREATED:
            values = [f" {shell(task_id)}" for task_id in candidates] or [" TASK_ID"]
        else:
            values = [""]
        yield f"  {WORDS['resolutions'][resolution]}:"
        for value in values:
            yield f"    {terminal(typed)} state resolve {address} --{resolution}{value}"
