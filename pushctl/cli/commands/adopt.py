"""`pushctl adopt`: take over a task that was made in the console."""

from __future__ import annotations

import click

from pushctl.apply.observe import Observer
from pushctl.cli.global_options import Invocation
from pushctl.cli.options import lock_timeout
from pushctl.cli.project import Choices, begin
from pushctl.errors import ExitCode, PlanRefusedError, PushctlError
from pushctl.plan.change import Adopt
from pushctl.plan.reconcile.adopt import adoption
from pushctl.state.events import SiteNoted, TaskAdopted
from pushctl.state.history import Note
from pushctl.text.escape import terminal


@click.command("adopt", short_help="Take over a task that was made in the console.")
@click.argument("id")
@click.argument("task_id")
@lock_timeout
@click.pass_obj
def command(invocation: Invocation, id: str, task_id: str, lock_timeout: float) -> int:
    """Record that the push ID is the task TASK_ID, which exists on the service already.

    The service shows neither targets nor options, so everything that it does show has to agree with
    the manifest: text, kind of target, times.
    """
    with (
        begin(invocation) as session,
        session.store.lock(f"adopt {id}", timeout=lock_timeout) as lease,
    ):
        seen = Observer(
            lease, session.service(), session.clock, session.observe_options, lambda item: None
        ).catch_up()
        wishes = session.wishes(lease.state, Choices(send_late=True))
        push = next((push for push in wishes.desired if push.id == id), None)
        if push is None:
            raise PushctlError("The manifest has no such push", id, fix="write its entry first")
        record = lease.push(id)
        found = adoption(
            push,
            record,
            task_id,
            [row for row in seen.actual if row.task_id not in lease.state.task_ids()],
            generation=lease.state.next_generation(id),
            labels=[wishes.context.label(target) for target in push.targets],
            now=int(session.clock.now()),
            zone=session.horizon.zone,
        )
        if found is None:
            invocation.output.result(terminal(f"{id} is task {task_id} already.") + "\n")
            return ExitCode.DONE
        if not isinstance(found, Adopt):
            raise PlanRefusedError("The task cannot be adopted", found.reason, fix=found.fix)
        if session.site != lease.state.site:
            lease.record(SiteNoted(session.site))
        lease.record(TaskAdopted(id, found.task, push.fingerprint, push.spec, push.meta))
        session.store.note(f"adopt {id} {task_id}", Note(pushes={"adopt": (id,)}))
        invocation.output.result(terminal(f"Adopted: {id} is task {task_id} now.") + "\n")
    return ExitCode.DONE
