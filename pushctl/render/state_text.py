"""The recorded state in a terminal: a table of entries, and one entry in full."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pushctl.core.coverage import SOON, Coverage
from pushctl.core.overflow import Waiting
from pushctl.core.plain import iso
from pushctl.core.plan import Quota
from pushctl.core.report import Row
from pushctl.core.state import PushRecord
from pushctl.render import moments
from pushctl.render.columns import pad, table, width
from pushctl.render.escape import plain, terminal
from pushctl.render.facts import count
from pushctl.render.style import PLAIN, Style


def entries(rows: Sequence[Row], *, zone: dt.tzinfo, now: int, style: Style = PLAIN) -> str:
    """Render a table of entries, the next to deliver first."""
    if not rows:
        return "Nothing is recorded yet.\n"
    where = f"NEXT DELIVERY ({moments.zone_name(zone)})"
    head = ("PUSH", "STATE", where, "", "LEFT", "TARGETS", "TASKS")
    body = [_row(row, zone, now) for row in rows]
    return table([head, *body], cells=style.cells) + "\n"


def _row(row: Row, zone: dt.tzinfo, now: int) -> tuple[str, ...]:
    when = ahead = "-"
    if row.next_delivery is not None:
        when = moments.moment(row.next_delivery, zone, with_zone=False)
        ahead = moments.ahead(row.next_delivery, now)
    return (
        terminal(row.id),
        str(row.standing),
        when,
        ahead,
        str(row.deliveries),
        str(row.targets),
        str(row.tasks),
    )


def quota(quota: Quota) -> str:
    """Render how much of the quota is in use."""
    return f"Quota {quota.now} of {quota.limit} scheduled tasks in use\n"


def reach(
    found: Sequence[Coverage],
    waiting: Sequence[Waiting],
    *,
    zone: dt.tzinfo,
    now: int,
    style: Style = PLAIN,
) -> str:
    """Render what falls silent, what waits for room, and until when all is scheduled."""
    lines = []
    for item in found:
        if item.missing is not None and (item.missed or item.missing <= now + SOON):
            lines.append(f"{style.paint('!', 'yellow')} {terminal(item.id)}  {_silent(item, zone)}")
    for wait in waiting:
        when = moments.moment(wait.first, zone)
        text = f"{terminal(wait.id)}  waits for room: {count(wait.tasks, 'task')}, first due {when}"
        lines.append(f"{style.paint('…', 'cyan')} {text}")
    first = min((item.missing for item in found if item.missing is not None), default=None)
    silent = any(item.missed for item in found)
    if first is not None and not silent:
        lines.append(f"Everything before {moments.moment(first, zone)} is scheduled")
    elif found and not silent:
        lines.append("Everything is scheduled, to the last delivery")
    return "".join(f"{line}\n" for line in lines)


def _silent(item: Coverage, zone: dt.tzinfo) -> str:
    if item.missed:
        since = moments.moment(item.missed[0], zone)
        lost = count(len(item.missed), "delivery", "deliveries")
        return f"fell silent on {since}; {lost} did not happen, and apply goes on with the next"
    if item.missing is None:
        return ""
    return f"is not scheduled on {moments.moment(item.missing, zone)} nor later: apply"


def entry(id: str, record: PushRecord, *, zone: dt.tzinfo, now: int) -> str:
    """Render everything that is recorded of one entry."""
    lines = [f"{terminal(id)}", f"  generation   {record.generation}"]
    lines.append(f"  fingerprint  {record.fingerprint[:16]}")
    meta = record.meta
    if meta.owner:
        lines.append(f"  owner        {terminal(meta.owner)}")
    if meta.labels:
        pairs = ", ".join(f"{key}={value}" for key, value in sorted(meta.labels.items()))
        lines.append(f"  labels       {terminal(pairs)}")
    if meta.protect:
        lines.append("  protected    yes")
    lines.append("  content")
    lines += [f"    {text}" for text in _spec(record.spec)]
    lines.append("  tasks")
    for task in record.tasks:
        first = moments.moment(task.first, zone) if task.first is not None else "at once"
        lines.append(
            f"    chunk {task.chunk} segment {task.segment} generation {task.generation}: "
            f"{task.phase}, {terminal(task.task_id) or 'no id'}, "
            f"{count(len(task.targets), 'target')}, first {first}"
        )
        if task.doubt:
            lines.append(f"      in doubt: {terminal(task.doubt)}")
    return "\n".join(lines) + "\n"


def _spec(spec: Any, prefix: str = "") -> Iterator[str]:
    keys = {key: terminal(str(key)) for key in spec}
    column = max(map(width, keys.values()), default=0)
    for key, value in spec.items():
        if isinstance(value, dict) and value:
            yield f"{prefix}{keys[key]}:"
            yield from _spec(value, prefix + "  ")
        else:
            yield f"{prefix}{pad(keys[key], column)}  {plain(value)}"


def rows_document(
    rows: Sequence[Row], found: Mapping[str, Coverage] | None = None
) -> list[dict[str, Any]]:
    """Return the JSON document of a table of entries, with how far each is scheduled if known."""
    return [{**_row_document(row), **_reach_document((found or {}).get(row.id))} for row in rows]


def _row_document(row: Row) -> dict[str, Any]:
    return {
        "id": row.id,
        "state": str(row.standing),
        "next_delivery": iso(row.next_delivery),
        "last_delivery": iso(row.last_delivery),
        "deliveries": row.deliveries,
        "targets": row.targets,
        "tasks": row.tasks,
        "generation": row.generation,
    }


def _reach_document(item: Coverage | None) -> dict[str, Any]:
    if item is None:
        return {}
    return {"scheduled_until": iso(item.until), "first_unscheduled": iso(item.missing)}
