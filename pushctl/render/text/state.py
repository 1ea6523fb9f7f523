"""The recorded state in a terminal: a table of entries, and one entry in full."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pushctl.plan.coverage import Coverage
from pushctl.plan.guards.quota import Quota
from pushctl.plan.status import StatusRow
from pushctl.render.words import WORDS
from pushctl.state.decoding import iso
from pushctl.state.state import PushRecord
from pushctl.text import local_times, timestamps
from pushctl.text.escape import plain, terminal
from pushctl.text.messages import _, count
from pushctl.text.style import PLAIN, Style
from pushctl.text.width import clipped, ljust, table, width, wrap

HEAD = ("PUSH", "STATE", "NEXT DELIVERY", "LEFT", "TARGETS", "TASKS")


def entries(rows: Sequence[StatusRow], *, zone: dt.tzinfo, now: int, style: Style = PLAIN) -> str:
    """Render a table of entries, the next to deliver first; a narrow terminal gets less of it."""
    if not rows:
        return _("Nothing is recorded yet.\n")
    where = f"{_('NEXT DELIVERY')} ({timestamps.zone_name(zone)})"
    whole = [_row(row, zone, now, style) for row in rows]
    head = (*map(_, HEAD[:2]), where, "", *map(_, HEAD[3:]))
    text = table([head, *whole])
    if style.cells is None or _fits(text, style.cells):
        return text + "\n"
    short = [(*cells[:3], *cells[4:6]) for cells in whole]
    text = table([tuple(map(_, HEAD[:-1])), *short])
    if _fits(text, style.cells):
        return text + "\n"
    return "".join(f"{line}\n" for cells in whole for line in _folded(cells, style.cells))


def _fits(text: str, cells: int) -> bool:
    return all(width(line) <= cells for line in text.splitlines())


def _folded(cells: Sequence[str], room: int) -> Iterator[str]:
    """Write a row on lines of its own: the name and how it stands, then the rest."""
    id, standing, when, ahead, left, targets, tasks = cells
    yield f"{clipped(id, max(room - width(standing) - 2, 1))}  {standing}"
    facts = [count(int(targets), "target"), count(int(tasks), "task")]
    if when != "-":
        facts = [f"{when} ({ahead})", _("{left} left", left), *facts]
    yield from wrap(f"  {_(', ').join(facts)}", room)


def _row(row: StatusRow, zone: dt.tzinfo, now: int, style: Style) -> tuple[str, ...]:
    when = ahead = "-"
    if row.next_delivery is not None:
        when = local_times.moment(row.next_delivery, zone, with_zone=False)
        ahead = local_times.ahead(row.next_delivery, now)
    color = WORDS["standings"].get(row.standing)
    return (
        terminal(row.id),
        style.paint(_(row.standing), color) if color else _(row.standing),
        when,
        ahead,
        str(row.deliveries),
        str(row.targets),
        str(row.tasks),
    )


def quota(quota: Quota) -> str:
    """Render how much of the quota is in use."""
    return _("Quota {now} of {limit} scheduled tasks in use\n", quota.now, quota.limit)


def reach(found: Sequence[Coverage], *, zone: dt.tzinfo) -> str:
    """Say until when all is scheduled."""
    first = min((item.missing for item in found if item.missing is not None), default=None)
    if not found or any(item.missed for item in found):
        return ""
    if first is not None:
        return _("Everything before {when} is scheduled\n", local_times.moment(first, zone))
    return _("Everything is scheduled, to the last delivery\n")


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
        first = local_times.moment(task.first, zone) if task.first is not None else "at once"
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
            yield f"{prefix}{ljust(keys[key], column)}  {plain(value)}"


def rows_document(
    rows: Sequence[StatusRow], found: Mapping[str, Coverage] | None = None
) -> list[dict[str, Any]]:
    """Return the JSON document of a table of entries, with how far each is scheduled if known."""
    return [{**_row_document(row), **_reach_document((found or {}).get(row.id))} for row in rows]


def _row_document(row: StatusRow) -> dict[str, Any]:
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
