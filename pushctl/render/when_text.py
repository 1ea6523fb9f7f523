"""What is to come of a schedule, for terminals and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pushctl.core.plain import iso
from pushctl.core.recurrence import Recurrence
from pushctl.core.schedule import Immediate
from pushctl.core.task import MAX_TARGETS
from pushctl.render import documents, moments
from pushctl.render.columns import table
from pushctl.render.facts import count
from pushctl.render.outlook import Outlook
from pushctl.render.recurrence import clock, english
from pushctl.render.rules import cron, rrule

MOST_TASKS = 12
"""How many tasks are written out before the others are only counted."""


def text(seen: Outlook) -> str:
    """Render the sentence, the other notations, the deliveries and the tasks."""
    blocks = [_sentences(seen), _deliveries(seen), _tasks(seen)]
    return "\n\n".join("\n".join(block) for block in map(list, blocks) if block) + "\n"


def _sentences(seen: Outlook) -> Iterator[str]:
    yield english(seen.schedule, seen.zones[0])
    for name, found in (("cron", cron(seen.schedule)), ("rrule", rrule(seen.schedule))):
        if found is not None:
            yield f"{name:5}  {found}"


def _deliveries(seen: Outlook) -> Iterator[str]:
    if not seen.deliveries:
        if not isinstance(seen.schedule, Immediate):
            yield "no deliveries ahead"
        return
    head = (*(moments.zone_name(zone) for zone in seen.zones), "", "")
    rows = [
        (
            *(moments.moment(item.at, zone, with_zone=False) for zone in seen.zones),
            moments.ahead(item.at, seen.now),
            "; ".join(item.notes),
        )
        for item in seen.deliveries
    ]
    yield table([head, *rows])
    for odd in seen.missed:
        yield f"not on {moments.day(odd.day)}: the clocks skip {clock(odd.time)}"


def _tasks(seen: Outlook) -> Iterator[str]:
    if isinstance(seen.schedule, Immediate):
        return
    if not seen.tasks:
        yield "Today it takes no task: nothing is due within what the service accepts."
        return
    yield f"Today it takes {_number(seen)}:"
    for task in seen.tasks[:MOST_TASKS]:
        yield f"  {english(task, seen.service)}"
    if len(seen.tasks) > MOST_TASKS:
        yield f"  and {len(seen.tasks) - MOST_TASKS} more"
    if seen.reach is not None and isinstance(seen.schedule, Recurrence):
        until = moments.moment(seen.reach, seen.zones[0])
        after = "; later applies continue it" if seen.renewed else ", which is the last delivery"
        yield f"That reaches until {until}{after}."


def _number(seen: Outlook) -> str:
    tasks = count(len(seen.tasks), "task")
    if seen.targets is None:
        return f"{tasks} for every {MAX_TARGETS} targets"
    total = len(seen.tasks) * _chunks(seen.targets)
    if total == len(seen.tasks):
        return tasks
    return f"{tasks} for every {MAX_TARGETS} targets, {total} for {seen.targets}"


def _chunks(targets: int) -> int:
    return -(-targets // MAX_TARGETS)


def document(seen: Outlook, *, version: str) -> dict[str, Any]:
    """Return all that the text says as plain data; `deliveries` alone are moments in UTC."""
    return {
        "format_version": documents.FORMAT_VERSION,
        "pushctl_version": version,
        "english": english(seen.schedule, seen.zones[0]),
        "cron": cron(seen.schedule),
        "rrule": rrule(seen.schedule),
        "zones": [moments.zone_name(zone) for zone in seen.zones],
        "deliveries": [iso(item.at) for item in seen.deliveries],
        "moments": [
            {
                "at": iso(item.at),
                "zones": {
                    moments.zone_name(zone): moments.iso(item.at, zone) for zone in seen.zones
                },
                "notes": list(item.notes),
            }
            for item in seen.deliveries
        ],
        "missed": [{"day": odd.day.isoformat(), "time": clock(odd.time)} for odd in seen.missed],
        "tasks": [{"english": english(task, seen.service)} for task in seen.tasks],
        "targets": seen.targets,
        "task_count": len(seen.tasks) * _chunks(seen.targets or 1),
        "reach": iso(seen.reach),
        "renewed": seen.renewed,
    }
