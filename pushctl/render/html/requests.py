"""The exact calls that an apply would make, for those who have to know; message keys are masked."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from pushctl.mpaas.encode import shared_parameters, task_parameters
from pushctl.plan.change import creates_of
from pushctl.plan.plan import Plan
from pushctl.push.push import DesiredPush, Parameter
from pushctl.push.task import NewTask
from pushctl.render.html.entries import Entry
from pushctl.render.html.markup import Html, join, said, tag, wide
from pushctl.text.plural import count

ENTRIES = 200
TASKS = 30


def section(plan: Plan, entries: Sequence[Entry]) -> Html:
    """Show PushSimple's parameters for every task that would be created."""
    creating = [entry for entry in entries if creates_of(entry.change)]
    if not creating:
        return tag("p", "No task would be created.", class_="lead")
    left = len(creating) - ENTRIES
    return join(
        tag(
            "p",
            "PushSimple is called once for each task, with AppId and WorkspaceId beside what is "
            "shown. Only the beginning of a message key is shown.",
            class_="lead",
        ),
        *(_entry(entry, plan) for entry in creating[:ENTRIES]),
        tag("p", f"and {count(left, 'more push', 'more pushes')} that are not shown.")
        if left > 0
        else None,
    )


def _entry(entry: Entry, plan: Plan) -> Html:
    push, tasks = entry.push, creates_of(entry.change)
    assert push is not None
    left = len(tasks) - TASKS
    return tag(
        "details",
        tag("summary", said(entry.id), f" · {count(len(tasks), 'call')}"),
        wide(_table("In every call", shared_parameters(push).items()), f"Parameters of {entry.id}"),
        *(_task(number, push, task, plan) for number, task in enumerate(tasks[:TASKS], 1)),
        tag("p", f"and {count(left, 'more call')} that are not shown.") if left > 0 else None,
        class_="request",
    )


def _task(number: int, push: DesiredPush, task: NewTask, plan: Plan) -> Html:
    own = task_parameters(task, zone=plan.service_zone, targets=masked(task))
    name = f"Call {number}, for {count(len(task.message_keys), 'target')}"
    return wide(_table(name, own.items()), f"{push.id}: {name}")


def masked(task: NewTask) -> str:
    """Write who gets it with only the beginning of each message key; targets as in the state."""
    keys = {task.labels[target]: f"{key[:4]}…" for target, key in task.message_keys.items()}
    return json.dumps(keys, ensure_ascii=False, sort_keys=True)


def _table(name: str, rows: Iterable[tuple[str, Parameter]]) -> Html:
    lines = (
        tag("tr", tag("th", tag("code", key), scope="row"), tag("td", said(str(value))))
        for key, value in rows
    )
    return tag("table", tag("caption", name), tag("tbody", *lines), class_="parameters")
