"""`pushctl stop`: cancel what is scheduled, at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import click
from msgspec import Struct

from pushctl.apply.context import ApplyCounters, ApplyOptions
from pushctl.apply.stop import stop_pushes
from pushctl.atomic_write import replace_file
from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.options import (
    SEE_LIST,
    check_ids,
    format_option,
    lock_timeout,
    option,
    parallelism_option,
    together,
)
from pushctl.cli.output import Output
from pushctl.cli.progress import reporter
from pushctl.cli.project.project import Project, open_recorded
from pushctl.cli.service.stop_from_service import open_service, stop_listed
from pushctl.cli.signals import asks_to_stop
from pushctl.diagnostics import has_errors
from pushctl.errors import ExitCode, StateError, StateLockedError
from pushctl.masking import mask
from pushctl.plan.stop import StopReport, select
from pushctl.push.identity import hashed_label, is_digest
from pushctl.push.push import Push
from pushctl.render import json_output
from pushctl.render.text import stop as stop_text
from pushctl.state.history import HistoryEntry
from pushctl.state.interface import StateLease
from pushctl.state.memory_lease import MemoryLease
from pushctl.state.state import State
from pushctl.text.escape import shell, terminal
from pushctl.text.plural import count

PATIENCE = 5.0
"""Seconds to wait for a lock that was just broken; nobody should be quicker than we are."""


def label(text: str) -> tuple[str, str]:
    """Read a label such as `campaign=xmas`."""
    key, sign, value = text.partition("=")
    if not sign or not key:
        raise click.BadParameter(f"{text!r} is not KEY=VALUE")
    return key, value


naming = together(
    click.argument("ids", metavar="[ID]...", nargs=-1),
    option(
        "--label",
        "labels",
        multiple=True,
        type=label,
        metavar="KEY=VALUE",
        help="All with this label.",
    ),
    option("--all", "everything", is_flag=True, help="Everything that is recorded."),
    option("--dry-run", is_flag=True, help="Only say what it would do."),
)


@click.command("stop", short_help="The red button: cancel what is scheduled, at once.")
@naming
@option("--revoke", is_flag=True, help="Withdraw what was delivered in the last 7 days, too.")
@option("--break-lock", is_flag=True, help="Take the state lock away from whoever holds it.")
@option(
    "--without-record",
    is_flag=True,
    help="Stop even where nothing can be written; the next apply will not know of it.",
)
@option(
    "--report",
    "report_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Where to save the report; beside the state if not given.",
)
@parallelism_option
@lock_timeout
@format_option("text", "json")
@option("--from-service", is_flag=True, help="Cancel tasks of the service's list, without a state.")
@option("--title", "titles", multiple=True, metavar="TEXT", help="Tasks with TEXT in their title.")
@option(
    "--task", "task_ids", multiple=True, metavar="ID", help="The task that the service calls ID."
)
# Whoever types --yes from habit must not be turned away in an emergency.
@option("--yes", "-y", "--auto-approve", is_flag=True, help="With --from-service: do not ask.")
@click.pass_obj
def command(
    options: GlobalOptions,
    /,
    ids: tuple[str, ...],
    labels: tuple[tuple[str, str], ...],
    everything: bool,
    dry_run: bool,
    revoke: bool,
    break_lock: bool,
    without_record: bool,
    report_file: Path | None,
    parallelism: int,
    lock_timeout: float,
    format_: str,
    **from_service: Any,
) -> int:
    """Cancel what is scheduled of some pushes, the soonest first, and confirm each.

    Asks nobody, ignores every policy, and needs only the recorded state and credentials: it works
    when the manifest is broken. The pushes stay stopped until `pushctl resume`, or until their
    content or schedule changes. Safe to run again after anything. Where the state is lost, use
    `--from-service`, which shows what the service lists and asks.
    """
    output = options.output
    if any(value for name, value in from_service.items() if name != "yes"):
        mixed = any((ids, labels, everything, revoke, break_lock, without_record, report_file))
        return _from_service(options, parallelism, format_, mixed, **from_service)
    with open_recorded(options, online=True, stops=True) as (project, state):
        selection = Selection(ids, dict(labels), everything)
        selected = selection.of(state)  # a typo must not cost anybody the lock
        if dry_run:
            output.result(_foreseen(project.clock_line, state, selected, format_))
            return ExitCode.DONE
        if break_lock:
            _break_lock(project)
            lock_timeout = max(lock_timeout, PATIENCE)
        button = partial(_stopped, project, selection, revoke, parallelism)
        found, counters = _pressed(project, button, lock_timeout, without_record)
        forgotten = _forgotten(project, found) if without_record else ()
        document = options.json(stop_text.document(found) | project.clock_fields)
        if format_ == "json":
            output.result(document)
        else:
            output.show(_report(project, found))
            _say_what_is_left(output, found, counters, forgotten)
        _save(output, report_file or _default_path(options, found), document)
        code = exit_code(found, counters, interrupted=project.stop.is_set())
        if forgotten:
            output.alarm(_not_recorded(options, forgotten))
        return ExitCode.PARTIAL if forgotten and code == ExitCode.DONE else code


def _from_service(
    options: GlobalOptions, parallelism: int, format: str, mixed: bool, yes: bool, **named: Any
) -> int:
    if mixed or not named.pop("from_service"):
        raise click.UsageError("--from-service goes with --title and --task, and with nothing else")
    with open_service(options) as project:
        done = stop_listed(project, **named, parallelism=parallelism, ask=not yes)
        if done is None:
            options.output.alarm("Nothing was changed.")
            return ExitCode.ERROR
        document = options.json(stop_text.listed_document(done[0]))
        options.output.result(document if format == "json" else stop_text.listed_report(done[0]))
        for failure in (*done[1].failures, *done[1].in_doubt):
            options.output.alarm(f"{terminal(failure.id)}: {terminal(failure.reason)}")
        return exit_code(*done, interrupted=project.stop.is_set())


class Selection(Struct, frozen=True):
    """The entries that were named on the command line."""

    ids: tuple[str, ...]
    labels: Mapping[str, str]
    everything: bool

    def of(self, state: State) -> tuple[str, ...]:
        """Return the recorded ones; a name or a label that means nothing is wrong usage."""
        if not (self.ids or self.labels or self.everything):
            raise click.UsageError("say what: one or more ids, --label KEY=VALUE, or --all")
        check_ids(self.ids, state.pushes, "state", otherwise=SEE_LIST)
        found = select(state, ids=self.ids, labels=self.labels, everything=self.everything)
        if not found and self.labels:
            raise click.UsageError("Nothing that is recorded has that label.")
        return found


def _report(project: Project, found: StopReport) -> str:
    style = project.options.output.style
    return project.clock_line + stop_text.report(found, zone=project.zone, style=style)


def _foreseen(clock: str, state: State, ids: Collection[str], format_: str) -> str:
    tasks = {id: len(state.pushes[id].live) for id in ids}
    if format_ == "json":
        return json_output.text(tasks)
    lines = (f"  {terminal(id)}: {count(number, 'task')} to cancel" for id, number in tasks.items())
    return clock + "\n".join((f"Would stop {count(len(tasks), 'push', 'pushes')}:", *lines)) + "\n"


def _break_lock(project: Project) -> None:
    holder = project.store.lock_info()
    if holder is None:
        return
    project.store.unlock()
    what = f"stop --break-lock (was held by {holder})"
    project.store.append_history(HistoryEntry(what=what))
    project.options.output.alarm(f"Took the lock away from {terminal(holder.text(project.zone))}.")


Stopped = tuple[StopReport, ApplyCounters]


def _pressed(
    project: Project, button: Callable[[StateLease], Stopped], timeout: float, unrecorded: bool
) -> Stopped:
    with asks_to_stop(project.stop, project.options.output.alarm):
        try:
            return _recorded(project, button, timeout)
        except StateError as error:
            return _unrecorded(project, button, error, allowed=unrecorded)


def _recorded(project: Project, button: Callable[[StateLease], Stopped], timeout: float) -> Stopped:
    """Stop under the lock; what becomes of each task is recorded."""
    try:
        with project.store.lock("stop", timeout=timeout) as lease:
            return button(lease)
    except StateLockedError as error:
        fix = "wait for it (--lock-timeout 5m), or take the lock away: --break-lock"
        raise StateLockedError(error.summary, error.detail, fix=fix) from error


def _unrecorded(
    project: Project, button: Callable[[StateLease], Stopped], error: StateError, *, allowed: bool
) -> Stopped:
    """Stop where nothing can be written: without the lock, but not beside somebody who has it."""
    if type(error) is not StateError:
        raise error
    if not allowed:
        fix = f"{error.fix or 'make the folder writable'}; to stop all the same: --without-record"
        raise StateError(error.summary, error.detail, fix=fix) from error
    holder = project.store.lock_info()
    if holder is not None:
        raise StateLockedError(
            "The state is locked, and cannot be written",
            f"held by {holder.text(project.zone)}, who may create what is cancelled here",
            fix="end that process; its lock ends with it",
        ) from error
    told = f"Going on without the lock, and without recording anything. {error}"
    project.options.output.alarm(terminal(told, lines=True))
    project.stop.clear()
    return button(MemoryLease(project.state()))


def _forgotten(project: Project, found: StopReport) -> tuple[str, ...]:
    """Return what was stopped of which that is not recorded."""
    recorded = project.state().pushes
    return tuple(push.id for push in found.pushes if not recorded[push.id].stopped)


def _stopped(
    project: Project, selection: Selection, revoke: bool, parallelism: int, lease: StateLease
) -> Stopped:
    selected = selection.of(lease.state)
    found, counters = stop_pushes(
        selected,
        lease=lease,
        service=project.service(),
        clock=project.clock,
        options=ApplyOptions(project.observe_options, parallelism=parallelism, now_or_never=True),
        emit=reporter(None, project.options.output, "text"),
        stop=project.stop,
        endpoint=project.settings.endpoint,
        wanted=partial(_wanted, project, lease.state),
        revoke=_names(project, lease.state) if revoke else None,
    )
    pushes = count(len(selected), "push", "pushes")
    what = f"stop: {pushes}, {count(counters.cancelled, 'task')} cancelled"
    calls = project.options.debug.changed
    project.store.append_history(HistoryEntry(what=what, pushes={"stop": selected}, calls=calls))
    return found, counters


def _names(project: Project, state: State) -> dict[str, str]:
    """Map the names that targets have in the state to the targets themselves.

    Where the state has digests, only the manifest knows the people; without it none can be named.
    """
    tasks = (task for push in state.pushes.values() for task in push.tasks)
    recorded = {name for task in tasks for name in task.targets}
    clear = {name: name for name in recorded if not is_digest(name)}
    if len(clear) == len(recorded):
        return clear
    label = hashed_label(state.lineage)
    pushes = _compiled(project, state) or ()
    return clear | {label(target): target for push in pushes for target in push.targets}


def _wanted(project: Project, state: State) -> dict[str, str] | None:
    """Return what the manifest asks for, by fingerprint; None if it cannot be read as a whole."""
    pushes = _compiled(project, state)
    return None if pushes is None else {push.id: push.fingerprint for push in pushes}


def _compiled(project: Project, state: State) -> tuple[Push, ...] | None:
    from pushctl.manifest.compile import compile_manifest  # noqa: PLC0415  (after what is urgent)

    reading = project.reading
    if reading.manifest is None or has_errors(reading.diagnostics):
        return None
    now = int(project.clock.now())
    recorded = frozenset(state.pushes)
    return compile_manifest(reading, now=now, recorded=recorded, send_late=True).pushes


def _not_recorded(options: GlobalOptions, forgotten: Collection[str]) -> str:
    return (
        f"NOT RECORDED: the next apply would create {terminal(', '.join(forgotten))} again.\n"
        "As soon as files can be written, and before any apply: "
        f"{options.typed} stop {' '.join(map(shell, forgotten))}"
    )


def _default_path(options: GlobalOptions, found: StopReport) -> Path:
    stamp = dt.datetime.fromtimestamp(found.at, dt.UTC).strftime("%Y%m%dT%H%M%SZ")
    return options.folder / f"{options.state_name}.stop-{stamp}.json"


def _save(output: Output, path: Path, document: str) -> None:
    """Keep the report; that it cannot be kept must not hide what was stopped."""
    try:
        replace_file(path, mask(document).encode("utf-8", "surrogatepass"))
    except OSError as error:
        why = terminal(error.strerror or str(error))
        output.alarm(f"The report could not be saved: {terminal(str(path))}: {why}")
        return
    output.talk(f"Saved the report: {terminal(str(path))}")


def _say_what_is_left(
    output: Output, found: StopReport, counters: ApplyCounters, forgotten: Collection[str]
) -> None:
    left = {push.id for push in found.pushes if push.left}
    for failure in (*counters.failures, *counters.in_doubt):
        if failure.id in left:
            output.alarm(f"{terminal(failure.id)}: {terminal(failure.reason)}")
    if left:
        output.alarm("Run the same command again; it does what is left to do.")
    elif found.pushes and not forgotten:
        output.talk("They stay silent until: pushctl resume ID")


def exit_code(found: StopReport, counters: ApplyCounters, *, interrupted: bool) -> int:
    """Say how a stop ends; the most pressing fact decides."""
    left = {push.id for push in found.pushes if push.left}
    if counters.denied and not counters.cancelled:
        return ExitCode.ERROR
    if interrupted and not counters.denied:
        return ExitCode.INTERRUPTED
    if any(failure.id in left for failure in counters.in_doubt):
        return ExitCode.IN_DOUBT
    return ExitCode.PARTIAL if left else ExitCode.DONE
