"""`pushctl state restore` and `pushctl state rebuild`: what to do when the state is gone."""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import dataclass

import click

from pushctl.apply.observe import DAY
from pushctl.cli.global_options import Invocation
from pushctl.cli.offline_project import store_of
from pushctl.cli.options import lock_timeout, option
from pushctl.cli.project import TOLERANT, Session, begin
from pushctl.errors import ExitCode, StateError, StateFormatError
from pushctl.plan.planner import Look, believed
from pushctl.plan.reconcile.rebuild_state import Rebuilt
from pushctl.plan.reconcile.rebuild_state import rebuild as rebuilt
from pushctl.plan.reconcile.refresh import DriftKind
from pushctl.render.text import recovery as recovery_text
from pushctl.state.events import Event, SiteNoted, TaskAdopted, TaskObserved
from pushctl.state.file.store import FileStateStore
from pushctl.state.state import Phase, State


@click.command("restore")
@lock_timeout
@click.pass_obj
def restore(invocation: Invocation, lock_timeout: float) -> int:
    """Put a damaged or missing state file together again from the backup and the journals.

    Keeps a copy of every file, and says whether anything is lost. Calls nothing.
    """
    store = store_of(invocation)
    broken = _broken(store)
    if broken is None:
        invocation.output.result("The state can be read; there is nothing to restore.\n")
        return ExitCode.DONE
    salvaged = store.salvage()
    if salvaged is None:
        raise StateFormatError(
            "There is nothing to restore the state from",
            broken.detail,
            fix="put it back from your own backup or version control, or: pushctl state rebuild",
        )

    def make() -> State:
        found = store.salvage()
        assert found is not None
        return found.state

    state = store.overwrite("state restore", make, stamp=_stamp(), timeout=lock_timeout)
    store.note("state restore")
    invocation.output.result(
        recovery_text.restored(state, salvaged.found, complete=salvaged.complete)
    )
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
    invocation: Invocation, yes: bool, replace_unsure: bool, assume_sent: bool, lock_timeout: float
) -> int:
    """Reconstruct a lost state from the manifest and the service, by elimination.

    Shows what it found, what it took the manifest's word for, and what it is not sure of, and asks.
    Calls nothing but the list; what is recorded already stays as it is.
    """
    if not yes and not sys.stdin.isatty():
        raise click.UsageError("there is nobody to ask here; use --yes")
    with begin(invocation) as session:
        _make_room(session.store, lock_timeout)
        with session.store.lock("state rebuild", timeout=lock_timeout) as lease:
            finding = _found(
                session, lease.state, replace_unsure=replace_unsure, assume_sent=assume_sent
            )
            found, output = finding.rebuilt, invocation.output
            text = recovery_text.rebuilt(found, zone=session.local_zone, style=output.style)
            output.result(text)
            if found.claims and not (yes or click.confirm("Record this?", err=True)):
                output.alarm("Nothing was recorded.")
                return ExitCode.ERROR
            if found.claims:
                for event in finding.events:
                    lease.record(event)
                session.store.note(f"state rebuild: {len(found.claims)} pushes")
    return ExitCode.IN_DOUBT if found.unclear else ExitCode.DONE


def _broken(store: FileStateStore) -> StateError | None:
    """Return why the state cannot be read; None if it can."""
    try:
        store.read()
    except StateFormatError as error:
        return error
    return None


def _make_room(store: FileStateStore, timeout: float) -> None:
    """Put files aside that cannot be read; refuse while a better way back exists."""
    broken = _broken(store)
    if broken is None:
        return
    if store.salvage() is not None:
        raise StateFormatError(
            broken.summary, broken.detail, fix="pushctl state restore, which knows more than a list"
        )
    store.overwrite("state rebuild", store.fresh, stamp=_stamp(), timeout=timeout)
    store.note("state rebuild: put unreadable files aside")


@dataclass(frozen=True, slots=True)
class _Finding:
    """What a rebuild found, and the events that make it so."""

    rebuilt: Rebuilt
    events: tuple[Event, ...]


def _found(session: Session, state: State, *, replace_unsure: bool, assume_sent: bool) -> _Finding:
    """Look, once the list has had its time to follow, as far back as tasks can reach.

    What an older state still takes for scheduled, and the service does not list, is over.
    """
    options = session.observe_options
    if options.settle_time:
        session.invocation.output.talk(
            f"Waiting {options.settle_time:.0f} s for the list to follow."
        )
        session.clock.sleep(options.settle_time)
    at, reach = session.clock.now(), options.horizon.days * DAY + options.slack
    rows = session.service().list(since=int(at) - reach, until=int(at) + reach)
    wishes = session.wishes(state, TOLERANT)
    settled, refreshed = believed(wishes, state, Look(tuple(rows), at))
    found = rebuilt(
        wishes.desired,
        refreshed.state,
        rows,
        wishes.context,
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
    site = [SiteNoted(session.site)] if taken and session.site != state.site else []
    return _Finding(found, (*site, *settled.events, *refreshed.events, *over, *taken))


def _stamp() -> str:
    return dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
