"""The upcoming deliveries of a schedule in a terminal, and as JSON."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from pushctl.push.task import MAX_TARGETS
from pushctl.render.schedule_notation import cron, dtstart, rrule
from pushctl.render.schedule_text import english
from pushctl.render.view.upcoming import Outlook, Silence
from pushctl.schedule.recurrence import Recurrence
from pushctl.schedule.service_schedule import Every, Immediate, Loop, OneShot, deliveries
from pushctl.state.decoding import iso
from pushctl.text import timestamps
from pushctl.text.escape import terminal
from pushctl.text.plural import count
from pushctl.text.style import PLAIN, Style
from pushctl.text.timestamps import clock
from pushctl.text.width import fits, fold, table

MOST_TASKS = 12
"""How many tasks are written out before the others are only counted."""

NOTATIONS = {"cron": cron, "dtstart": dtstart, "rrule": rrule}

TYPES = {Every.DAY: "daily", Every.WEEK: "weekly", Every.MONTH: "monthly"}


def text(seen: Outlook, style: Style = PLAIN) -> str:
    """Render what silences it, the sentence, other notations, the deliveries and the tasks."""
    blocks = [
        list(_silence(seen)),
        list(_sentences(seen)),
        list(_deliveries(seen, style)),
        list(_tasks(seen)),
    ]
    whole = "\n\n".join("\n".join(block) for block in blocks if block) + "\n"
    return fold(whole, style.cells)


def _silence(seen: Outlook) -> Iterator[str]:
    silence = seen.silence
    if silence is None:
        return
    if silence.since is None:
        yield "disabled: none of this is delivered while the manifest says `enabled: false`"
        return
    since = f" since {timestamps.moment(silence.since, seen.zones[0])}" if silence.since else ""
    until = f"`pushctl resume {terminal(silence.id)}`"
    yield f"stopped{since}: none of this is delivered until {until}"


def _sentences(seen: Outlook) -> Iterator[str]:
    yield english(seen.schedule, seen.zones[0])
    notations = {name: say(seen.schedule) for name, say in NOTATIONS.items()}
    known = {name: found for name, found in notations.items() if found is not None}
    column = max(map(len, known), default=0)
    for name, found in known.items():
        yield f"{name:{column}}  {found}"


def _deliveries(seen: Outlook, style: Style) -> Iterator[str]:
    if not seen.deliveries:
        if not isinstance(seen.schedule, Immediate):
            yield "no deliveries ahead"
        return
    head = (*(_column(zone, seen) for zone in seen.zones), "", "")
    rows = [
        (
            *(timestamps.moment(item.at, zone, with_zone=False) for zone in seen.zones),
            timestamps.ahead(item.at, seen.now),
            "; ".join(item.notes),
        )
        for item in seen.deliveries
    ]
    whole = table([head, *rows])
    yield whole if fits(whole, style.cells) else "\n".join(_narrow(seen))
    for odd in seen.missed:
        yield f"not on {timestamps.day(odd.day)}: the clocks skip {clock(odd.time)}"


def _narrow(seen: Outlook) -> Iterator[str]:
    """Write each delivery on lines of its own, one for each zone."""
    own, *others = seen.zones
    for item in seen.deliveries:
        said = f"{timestamps.moment(item.at, own)}, {timestamps.ahead(item.at, seen.now)}"
        yield "; ".join((said, *item.notes))
        yield from (f"  {timestamps.moment(item.at, zone)}" for zone in others)


def _column(zone: dt.tzinfo, seen: Outlook) -> str:
    name = timestamps.zone_name(zone)
    return f"{name} (service)" if name == timestamps.zone_name(seen.service) else name


def _tasks(seen: Outlook) -> Iterator[str]:
    if isinstance(seen.schedule, Immediate):
        return
    takes = "Today it takes" if seen.silence is None else "Today it would take"
    if not seen.tasks:
        yield f"{takes} no task: nothing is due within what the service accepts."
        return
    yield f"{takes} {_number(seen)}:"
    for task in seen.tasks[:MOST_TASKS]:
        yield f"  {english(task, seen.service)}"
    if len(seen.tasks) > MOST_TASKS:
        yield f"  and {len(seen.tasks) - MOST_TASKS} more"
    if seen.reach is not None and isinstance(seen.schedule, Recurrence):
        until = timestamps.moment(seen.reach, seen.zones[0])
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


def document(seen: Outlook) -> dict[str, Any]:
    """Return all that the text says as plain data; `deliveries` alone are moments in UTC."""
    return {
        "silence": _silence_document(seen.silence),
        "english": english(seen.schedule, seen.zones[0]),
        **{name: say(seen.schedule) for name, say in NOTATIONS.items()},
        "zones": [timestamps.zone_name(zone) for zone in seen.zones],
        "deliveries": [iso(item.at) for item in seen.deliveries],
        "moments": [
            {
                "at": iso(item.at),
                "zones": {
                    timestamps.zone_name(zone): timestamps.iso(item.at, zone) for zone in seen.zones
                },
                "notes": list(item.notes),
            }
            for item in seen.deliveries
        ],
        "missed": [{"day": odd.day.isoformat(), "time": clock(odd.time)} for odd in seen.missed],
        "tasks": [_task_document(task, seen.service) for task in seen.tasks],
        "targets": seen.targets,
        "task_count": len(seen.tasks) * _chunks(seen.targets or 1),
        "reach": iso(seen.reach),
        "renewed": seen.renewed,
    }


def _task_document(task: OneShot | Loop, service: dt.tzinfo) -> dict[str, Any]:
    due = deliveries(task, service)
    return {
        "english": english(task, service),
        "type": TYPES[task.every] if isinstance(task, Loop) else "once",
        "first": iso(due[0]),
        "last": iso(due[-1]),
        "deliveries": len(due),
    }


def _silence_document(silence: Silence | None) -> dict[str, Any] | None:
    if silence is None:
        return None
    if silence.since is None:
        return {"reason": "disabled", "since": None}
    return {"reason": "stopped", "since": iso(silence.since or None)}
