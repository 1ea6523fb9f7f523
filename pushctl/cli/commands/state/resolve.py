"""`pushctl state resolve`: a person's word on a call whose outcome nobody could find out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from pushctl.apply.observe import observe
from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.options import lock_timeout, option
from pushctl.cli.project.project import Project, open_recorded, record_of
from pushctl.errors import ExitCode, PushctlError
from pushctl.plan.reconcile.in_doubt import Doubt, settle
from pushctl.plan.reconcile.manual_resolution import Resolution, task_in_doubt
from pushctl.plan.reconcile.manual_resolution import resolve as event_of
from pushctl.push.task import ActualTask
from pushctl.render.text import in_doubt as in_doubt_text
from pushctl.state.history import HistoryEntry
from pushctl.state.state import State
from pushctl.text.escape import shell, terminal


@click.command("resolve")
@click.argument("id")
@option("--created", metavar="TASK_ID", help="The create went through; this is its task.")
@option("--not-created", is_flag=True, help="The create did not go through.")
@option("--sent", is_flag=True, help="It was delivered.")
@option("--cancelled", is_flag=True, help="The cancel went through.")
@option("--still-scheduled", is_flag=True, help="The cancel did not go through.")
@option("--chunk", type=int, help="Only the task of this chunk, if several are in doubt.")
@option("--segment", type=int, help="Only the task of this segment, if several are in doubt.")
@option("--offline", is_flag=True, help="Do not ask the service; take your word for it.")
@lock_timeout
@click.pass_obj
def resolve(
    options: GlobalOptions,
    /,
    id: str,
    chunk: int | None,
    segment: int | None,
    offline: bool,
    lock_timeout: float,
    **words: Any,
) -> int:
    """Say what became of a call whose outcome nobody could find out.

    Without an option it looks at the service and shows the commands to choose from, ready to paste.
    """
    stated = [item for item in Resolution if words[str(item).replace("-", "_")]]
    if len(stated) > 1:
        raise click.UsageError("say one thing only")
    with open_recorded(options, online=not offline) as (project, state):
        if not stated:
            return _show(project, state, id)
        task_id = str(words["created"] or "")
        name = f"state resolve {id} --{stated[0]} {task_id}".rstrip()
        with project.store.lock(name, timeout=lock_timeout) as lease:
            record = record_of(lease.state, id)
            try:
                task = task_in_doubt(id, record, chunk, segment)
                event = event_of(
                    id,
                    record,
                    stated[0],
                    now=int(project.clock.now()),
                    chunk=chunk,
                    segment=segment,
                    task_id=task_id,
                )
            except ValueError as error:
                raise PushctlError("This cannot be said here", str(error)) from error
            if stated[0] is Resolution.CREATED and not offline:
                doubts, _ = _looked(project, lease.state)
                _check(task_id, [item for item in doubts if item.slot == task.slot], lease.state)
            lease.record(event)
            project.store.append_history(HistoryEntry(what=name, pushes={"resolve": (id,)}))
    options.output.show(f"Recorded. Next: {terminal(options.typed)} plan --target {shell(id)}\n")
    return ExitCode.DONE


def _show(project: Project, state: State, id: str) -> int:
    record = record_of(state, id)
    doubts: Sequence[Doubt] | None = None
    rows: Sequence[ActualTask] = ()
    if project.endpoint is not None and record.in_doubt:
        doubts, rows = _looked(project, state)
        doubts = [item for item in doubts if item.id == id]
    options = project.options
    text = in_doubt_text.doubts(id, record, doubts, rows, typed=options.typed, zone=project.zone)
    options.output.show(text)
    undecided = record.in_doubt if doubts is None else doubts
    return ExitCode.IN_DOUBT if undecided else ExitCode.DONE


def _looked(project: Project, state: State) -> tuple[tuple[Doubt, ...], tuple[ActualTask, ...]]:
    """Return what a look at the service leaves open, and what it listed."""
    how = project.observe_options
    seen = observe(project.service(), state, project.clock, how)
    settled = settle(state, seen, timeouts=how.timeouts, zone=project.horizon.zone)
    return settled.open, seen.actual


def _check(task_id: str, doubts: Sequence[Doubt], state: State) -> None:
    """Refuse a task that cannot be the one: a slip here would leave a push without an owner."""
    candidates = [name for item in doubts for name in item.candidates]
    if task_id in candidates:
        return
    owner = next(
        (id for id, push in state.pushes.items() if task_id in {t.task_id for t in push.tasks}),
        None,
    )
    detail = f"{task_id} is not among the tasks that look like it"
    if owner is not None:
        detail = f"{task_id} is a task of {owner}"
    elif candidates:
        detail += f": {', '.join(candidates)}"
    raise PushctlError(
        "This cannot be its task", detail, fix="say it again with --offline if you know better"
    )
