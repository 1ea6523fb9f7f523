"""`pushctl adopt`: take over a task that was made in the console."""

from __future__ import annotations

import click

from pushctl.apply.observe import Observer
from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.options import check_ids, lock_timeout
from pushctl.cli.project.project import TOLERANT, open_project
from pushctl.errors import ExitCode, PlanRefusedError
from pushctl.plan.change import Adopt
from pushctl.plan.reconcile.adopt import adopt
from pushctl.state.events import ServiceSettingsRecorded, TaskAdopted
from pushctl.state.history import HistoryEntry
from pushctl.text.escape import terminal


@click.command("adopt", short_help="Take over a task that was made in the console.")
@click.argument("id")
@click.argument("task_id")
@lock_timeout
@click.pass_obj
def command(options: GlobalOptions, id: str, task_id: str, lock_timeout: float) -> int:
    """Record that the push ID is the task TASK_ID, which exists on the service already.

    The service shows neither targets nor options, so everything that it does show has to agree with
    the manifest: text, kind of target, times.
    """
    with (
        open_project(options) as project,
        project.store.lock(f"adopt {id}", timeout=lock_timeout) as lease,
    ):
        request = project.plan_request(lease.state, TOLERANT)
        known = {push.id: push for push in request.desired}
        check_ids([id], known, exact=True, otherwise="Write its entry first.")
        push = known[id]
        seen = Observer(
            lease, project.service(), project.clock, project.observe_options, lambda item: None
        ).catch_up()
        record = lease.push(id)
        found = adopt(
            push,
            record,
            task_id,
            [row for row in seen.actual if row.task_id not in lease.state.task_ids()],
            generation=lease.state.next_generation(id),
            labels=[request.context.label(target) for target in push.targets],
            now=int(project.clock.now()),
            zone=project.horizon.zone,
        )
        if found is None:
            options.output.show(terminal(f"{id} is task {task_id} already.") + "\n")
            return ExitCode.DONE
        if not isinstance(found, Adopt):
            raise PlanRefusedError("The task cannot be adopted", found.reason, fix=found.fix)
        if not project.settings.like(lease.state.settings):
            lease.record(ServiceSettingsRecorded(project.settings))
        lease.record(TaskAdopted(id, found.task, push.fingerprint, push.spec, push.meta))
        project.store.append_history(
            HistoryEntry(what=f"adopt {id} {task_id}", pushes={"adopt": (id,)})
        )
        options.output.show(terminal(f"Adopted: {id} is task {task_id} now.") + "\n")
    return ExitCode.DONE
