"""`pushctl state restore` and `pushctl state rebuild`: what to do when the state is gone."""

from __future__ import annotations

import sys

import click

from pushctl.apply.observe import DAY
from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.options import lock_timeout, option
from pushctl.cli.project.project import TOLERANT, Project, open_project, open_store
from pushctl.errors import ExitCode, StateError, StateFormatError
from pushctl.plan.planner import reconcile
from pushctl.plan.reconcile.listing import Listing
from pushctl.plan.reconcile.rebuild_state import Rebuilt
from pushctl.plan.reconcile.rebuild_state import rebuild as rebuilt
from pushctl.plan.reconcile.refresh import DriftKind
from pushctl.render.text import recovery as recovery_text
from pushctl.state.events import Event, ServiceSettingsRecorded, TaskAdopted, TaskObserved
from pushctl.state.history import HistoryEntry
from pushctl.state.interface import StateStore
from pushctl.state.state import Phase, State
from pushctl.text.plural import count


@click.command("restore")
@lock_timeout
@click.pass_obj
def restore(options: GlobalOptions, lock_timeout: float) -> int:
    """Put a damaged or missing state file together again from the backup and the journals.

    Keeps a copy of every file, and says whether anything is lost. Calls nothing.
    """
    store, output = open_store(options), options.output
    broken = _broken(store)
    if broken is None:
        output.show("The state can be read; there is nothing to restore.\n")
        return ExitCode.DONE
    recovered = store.recover()
    if recovered is None:
        fix = "put it back from your own backup or version control, or: pushctl state rebuild"
        raise StateFormatError("There is nothing to restore the state from", broken.detail, fix=fix)
    state = store.overwrite(
        "state restore", lambda: (store.recover() or recovered).state, timeout=lock_timeout
    )
    store.append_history(HistoryEntry(what="state restore"))
    output.show(recovery_text.restored(state, recovered.found, complete=recovered.complete))
    return ExitCode.DONE


@click.command("rebuild")
@option("--yes", "-y", is_flag=True, help="Do not ask.")
@option(
    "--replace-unsure",
    is_flag=True,
    help="Take over tasks whose people nobody knows; the next apply cancels and re-creates them.",
)
@option(
    "--assume-sent",
    is_flag=True,
    help="Record one-time pushes as delivered whose time has passed and that are not listed.",
)
@lock_timeout
@click.pass_obj
def rebuild(
    options: GlobalOptions, yes: bool, replace_unsure: bool, assume_sent: bool, lock_timeout: float
) -> int:
    """Reconstruct a lost state from the manifest and the service, by elimination.

    Shows what it found, what it took the manifest's word for, and what it is not sure of, and asks.
    Calls nothing but the list; what is recorded already stays as it is.
    """
    if not yes and not sys.stdin.isatty():
        raise click.UsageError("there is nobody to ask here; use --yes")
    with open_project(options) as project:
        _make_room(project.store, lock_timeout)
        with project.store.lock("state rebuild", timeout=lock_timeout) as lease:
            found, events = _found(
                project, lease.state, replace_unsure=replace_unsure, assume_sent=assume_sent
            )
            output = options.output
            text = recovery_text.rebuilt(found, zone=project.zone, style=output.style)
            output.show(text)
            if found.claims and not (yes or click.confirm("Record this?", err=True)):
                output.alarm("Nothing was recorded.")
                return ExitCode.ERROR
            if found.claims:
                for event in events:
                    lease.record(event)
                what = f"state rebuild: {count(len(found.claims), 'push', 'pushes')}"
                project.store.append_history(HistoryEntry(what=what))
        read = project.store.read()
        if found.claims and (read is None or read.pushes != lease.state.pushes):
            raise StateError("The rebuilt state reads as something else", fix="run it again")
    return ExitCode.IN_DOUBT if found.unclear else ExitCode.DONE


def _broken(store: StateStore) -> StateError | None:
    """Return why the state cannot be read; None if it can."""
    try:
        store.read()
    except StateFormatError as error:
        return error
    return None


def _make_room(store: StateStore, timeout: float) -> None:
    """Put files aside that cannot be read; refuse while a better way back exists."""
    broken = _broken(store)
    if broken is None:
        return
    if store.recover() is not None:
        raise StateFormatError(
            broken.summary, broken.detail, fix="pushctl state restore, which knows more than a list"
        )
    store.overwrite("state rebuild", store.new_state, timeout=timeout)
    store.append_history(HistoryEntry(what="state rebuild: put unreadable files aside"))


def _found(
    project: Project, state: State, *, replace_unsure: bool, assume_sent: bool
) -> tuple[Rebuilt, tuple[Event, ...]]:
    """Return what is found and the events that record it.

    It looks once the list has had its time to follow, as far back as tasks can reach.
    What an older state still takes for scheduled, and the service does not list, is over.
    """
    observe = project.observe_options
    lag = observe.timeouts.settle_time
    if lag:
        project.options.output.talk(f"Waiting {lag:.0f} s for the list to follow.")
        project.clock.sleep(lag)
    at, reach = project.clock.now(), observe.horizon.days * DAY + observe.slack
    rows = project.service().list(since=int(at) - reach, until=int(at) + reach)
    request = project.plan_request(state, TOLERANT)
    settled, refreshed = reconcile(request, state, Listing(tuple(rows), at))
    found = rebuilt(
        request.desired,
        refreshed.state,
        rows,
        request.context,
        replace_unsure=replace_unsure,
        assume_sent=assume_sent,
    )
    claimed = {claim.push.id for claim in found.claims}
    over = [
        TaskObserved(item.id, item.slot, Phase.CANCELLED, int(at))
        for item in refreshed.drift
        if item.kind is DriftKind.GONE and item.id in claimed
    ]
    taken = [
        TaskAdopted(claim.push.id, task, claim.push.fingerprint, claim.push.spec, claim.push.meta)
        for claim in found.claims
        for task in claim.tasks
    ]
    moved = taken and not project.settings.like(state.settings)
    settings = [ServiceSettingsRecorded(project.settings)] if moved else []
    return found, (*settings, *settled.events, *refreshed.events, *over, *taken)
