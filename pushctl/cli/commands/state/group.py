"""`pushctl state`: look at the recorded state and, where nothing else helps, correct it.

Surgery never changes anything on the service. Each takes the lock and leaves a line in the history.
"""

from __future__ import annotations

import threading

import click

from pushctl import schemas
from pushctl.apply.observe import observe
from pushctl.cli.commands.history import command as history
from pushctl.cli.commands.state.moving import migrate, pull, push
from pushctl.cli.commands.state.recovery import rebuild, restore
from pushctl.cli.commands.state.resolve import resolve
from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.options import SLOT, duration, format_option, lock_timeout, option
from pushctl.cli.project.manifest_identity import check_manifest
from pushctl.cli.project.project import (
    TOLERANT,
    open_project,
    open_recorded,
    open_store,
    read,
    record_of,
)
from pushctl.cli.service.settings import local_zone
from pushctl.cli.signals import asks_to_stop, wait
from pushctl.errors import ExitCode, PushctlError, StateConflictError, StateLockedError
from pushctl.plan.status import rows
from pushctl.render import json_output
from pushctl.render.text import state as state_text
from pushctl.state.codec import encode_state
from pushctl.state.events import PushForgotten, PushRenamed, ServiceSettingsRecorded
from pushctl.state.history import HistoryEntry
from pushctl.text.escape import terminal


@click.group("state", short_help="Look at and correct what is recorded.")
def group() -> None:
    """Look at and correct what is recorded."""


@group.command("list")
@format_option("text", "json")
@click.pass_obj
def list_(options: GlobalOptions, format_: str) -> None:
    """List the recorded pushes, the next to deliver first."""
    with open_recorded(options, only_shows=True) as (project, state):
        now = int(project.clock.now())
        listed = rows(state, now=now, zone=project.horizon.zone)
        output = options.output
        if format_ == "json":
            output.result(json_output.text(state_text.rows_document(listed)))
        else:
            text = state_text.entries(listed, zone=project.zone, now=now, style=output.style)
            output.result(text)


@group.command("show")
@click.argument("id", required=False)
@option("--slot", type=SLOT, metavar="N", help="What was recorded then: after this entry.")
@format_option("text", "json")
@click.pass_obj
def show(options: GlobalOptions, id: str | None, slot: int | None, format_: str) -> None:
    """Show everything that is recorded of one push, or the whole state as JSON."""
    with open_recorded(options, only_shows=True) as (project, state):
        state = project.state(slot) if slot else state
        document = encode_state(state)
        if id is None:
            options.output.result(json_output.text(document))
            return
        record = record_of(state, id)
        if format_ == "json":
            options.output.result(json_output.text(document["pushes"][id]))
            return
        now = int(project.clock.now())
        options.output.show(state_text.entry(id, record, zone=project.zone, now=now))


@group.command("mv")
@click.argument("before")
@click.argument("after")
@lock_timeout
@click.pass_obj
def mv(options: GlobalOptions, before: str, after: str, lock_timeout: float) -> None:
    """Rename a recorded push; prefer `moved:` in the manifest, which reviewers see."""
    what = f"state mv {before} {after}"
    with (
        open_recorded(options) as (project, _),
        project.store.lock(what, timeout=lock_timeout) as lease,
    ):
        record_of(lease.state, before)
        if not schemas.matches("address", after):
            fix = "use small letters, digits, dots, dashes and underscores"
            raise PushctlError("This cannot be an id", after, fix=fix)
        if lease.push(after) is not None:
            raise PushctlError("The name is taken", f"{after} is recorded already")
        lease.record(PushRenamed(after, before))
        project.store.append_history(HistoryEntry(what=what, pushes={"mv": (before, after)}))
    options.output.result(f"{terminal(before)} is recorded as {terminal(after)} now.\n")


@group.command("rm")
@click.argument("id")
@lock_timeout
@click.pass_obj
def rm(options: GlobalOptions, id: str, lock_timeout: float) -> None:
    """Forget a push without cancelling anything: what is scheduled will still be delivered."""
    what = f"state rm {id}"
    with (
        open_recorded(options) as (project, _),
        project.store.lock(what, timeout=lock_timeout) as lease,
    ):
        record = record_of(lease.state, id)
        lease.record(PushForgotten(id))
        project.store.append_history(HistoryEntry(what=what, pushes={"rm": (id,)}))
    left = len(record.live)
    after = f"; {left} of its tasks may still deliver" if left else ""
    options.output.result(f"Forgot {terminal(id)}{after}.\n")


@group.command("replace-service")
@lock_timeout
@click.pass_obj
def replace_service(options: GlobalOptions, lock_timeout: float) -> None:
    """Record that the service is where the manifest says now: an address of it that is new.

    Asks there first, and refuses unless it lists a task that is recorded: a task's id is the
    service's own, so nobody else has it.
    """
    with (
        open_project(options, only_shows=True) as project,
        project.store.lock("state replace-service", timeout=lock_timeout) as lease,
    ):
        check_manifest(lease.state, options, project.reading.files)
        project.compiled(lambda: lease.state, TOLERANT)
        seen = observe(project.service(), lease.state, project.clock, project.observe_options)
        if lease.state.task_ids().isdisjoint(row.task_id for row in seen.actual):
            raise StateConflictError(
                "This is another service, as far as can be seen",
                f"{project.settings.endpoint} lists none of the recorded tasks",
                fix="keep a state for each service: --env NAME, or a folder of its own",
            )
        lease.record(ServiceSettingsRecorded(project.settings))
        project.store.append_history(HistoryEntry(what="state replace-service"))
    options.output.result(f"The tasks are at {terminal(project.settings.endpoint)} now.\n")


@group.command("lock")
@option(
    "--for",
    "seconds",
    type=duration,
    envvar="PUSHCTL_LOCK_FOR",
    metavar="DURATION",
    help="Give it back after this time, such as 10m.",
)
@lock_timeout
@click.pass_obj
def lock(options: GlobalOptions, seconds: float | None, lock_timeout: float) -> None:
    """Keep everybody else from changing the state, until Ctrl-C."""
    stop, store = threading.Event(), open_store(options, manifest=read(options).manifest)
    with asks_to_stop(stop, lambda text: None), store.lock("state lock", timeout=lock_timeout):
        options.output.talk(f"Locked: {terminal(store.address)}. Ctrl-C gives it back.")
        mine = store.lock_info()
        wait(stop, seconds)
        if store.lock_info() != mine:
            raise StateConflictError("The lock was taken away meanwhile", store.address)


@group.command("unlock")
@option(
    "--force",
    is_flag=True,
    # Not PUSHCTL_FORCE: who overrides thresholds in CI must not break locks by that.
    envvar="PUSHCTL_UNLOCK_FORCE",
    help="Take the lock away even though its holder is alive.",
)
@click.pass_obj
def unlock(options: GlobalOptions, force: bool) -> int:
    """Show who holds the lock; with --force take it away.

    A holder that died holds nothing: the system releases its lock. A holder that lost its lock can
    write nothing more and stops.
    """
    manifest = read(options).manifest
    store, zone = open_store(options, manifest=manifest), local_zone(manifest)
    holder = store.lock_info()
    if holder is None:
        options.output.result("The state is not locked.\n")
        return ExitCode.DONE
    if not force:
        fix = "if that command hangs for good: pushctl state unlock --force"
        raise StateLockedError("The state is locked", f"held by {holder.text(zone)}", fix=fix)
    store.unlock()
    store.append_history(HistoryEntry(what=f"state unlock --force (was held by {holder})"))
    options.output.show(f"Took the lock away from {terminal(holder.text(zone))}.\n")
    return ExitCode.DONE


for command in (pull, push, migrate, resolve, restore, rebuild, history):
    group.add_command(command)
