"""`stop --from-service`: cancel what the service lists, where there is no state to go by."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

import click

from pushctl.apply.context import ApplyCounters, ApplyOptions
from pushctl.apply.stop import stop_pushes
from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.progress import reporter
from pushctl.cli.project.project import Project, read
from pushctl.cli.project.state_engine import open_engine
from pushctl.cli.service import endpoint as endpoints
from pushctl.cli.service.clock import CommandClock
from pushctl.cli.service.identity import service_of
from pushctl.cli.signals import asks_to_stop
from pushctl.errors import ManifestError
from pushctl.plan.stop import StopReport
from pushctl.push.push import Meta
from pushctl.push.task import ActualTask
from pushctl.render.text import stop as stop_text
from pushctl.schedule.service_schedule import OneShot
from pushctl.state.memory_lease import MemoryLease
from pushctl.state.state import Phase, PushRecord, State, TaskRecord


@contextmanager
def open_service(options: GlobalOptions) -> Iterator[Project]:
    """Open the service of the manifest; whatever keeps the state is not even looked at.

    Raises `ManifestError` if the manifest does not tell app and workspace.
    """
    parsed, stop = read(options, fetch=False), threading.Event()
    if parsed.manifest is None:
        raise ManifestError(parsed.diagnostics, options.folder)
    found, store = service_of(parsed.manifest, os.environ), open_engine("", options, os.environ)
    clock, named = CommandClock(None, stop), (found.app, found.workspace, found.settings)
    project = Project(options, store, *named, clock, stop, parsed=parsed)
    with endpoints.opened(found.settings.endpoint, folder=options.folder) as endpoint:
        yield project.online(endpoint)


def stop_listed(
    project: Project,
    titles: Collection[str],
    task_ids: Collection[str],
    parallelism: int,
    ask: bool,
) -> tuple[StopReport, ApplyCounters] | None:
    """Show the listed tasks that are named, ask, and cancel them; None if somebody said no."""
    output, now = project.options.output, int(project.clock.now())
    if ask and not sys.stdin.isatty():
        raise click.UsageError("there is nobody to ask here; use --auto-approve")
    until = now + (project.settings.horizon_days + 1) * 86400
    listed = project.service().list(since=now - 86400, until=until)
    chosen = matching([row for row in listed if row.coming(now)], titles, task_ids)
    output.alarm(project.clock_line + stop_text.listed(chosen, now=now, zone=project.zone))
    if ask and click.prompt("Cancel them? Only `yes` is accepted", err=True) != "yes":
        return None
    pushes = {row.task_id: as_recorded(row, now) for row in chosen}
    with asks_to_stop(project.stop, output.alarm):
        return stop_pushes(
            tuple(pushes),
            # With a serial: an empty list is then no reason to doubt the list.
            lease=MemoryLease(State("", project.app, project.workspace, serial=1, pushes=pushes)),
            service=project.service(),
            clock=project.clock,
            options=ApplyOptions(project.observe_options, parallelism, now_or_never=True),
            emit=reporter(None, output, "text"),
            stop=project.stop,
            endpoint=project.settings.endpoint,
        )


def matching(
    rows: Sequence[ActualTask], titles: Collection[str], task_ids: Collection[str]
) -> tuple[ActualTask, ...]:
    """Return the tasks that have one of some texts in their title, or one of some ids.

    Raises `click.UsageError` for a text or an id that fits none.
    """
    fitting = {text: {row.task_id for row in rows if text in row.title} for text in titles if text}
    fitting |= {id: {row.task_id for row in rows if row.task_id == id} for id in task_ids}
    if not fitting:
        raise click.UsageError("say which: --title TEXT or --task ID")
    for named, found in fitting.items():
        if not found:
            raise click.UsageError(f"The service has nothing to deliver that is {named!r}.")
    return tuple(row for row in rows if any(row.task_id in found for found in fitting.values()))


def as_recorded(row: ActualTask, now: int) -> PushRecord:
    """Return a record of a task with deliveries to come, as far as `stop` needs one."""
    times = sorted(item.at for item in row.deliveries)
    schedule, known = OneShot(min(item.at for item in row.coming(now))), (times[0], times[-1], now)
    task = TaskRecord(0, 0, 1, Phase.SCHEDULED, "", {}, schedule, *known, task_id=row.task_id)
    return PushRecord(1, "", {"message": {"title": row.title}}, Meta(), (task,))
