"""`pushctl stop` and `pushctl resume`: the red button, and its undoing."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

from pushctl.apply.context import Tally, Terms
from pushctl.apply.stop import resume_pushes, stop_pushes
from pushctl.cli.global_options import Invocation
from pushctl.cli.offline_project import Recorded, open_recorded
from pushctl.cli.options import format_option, lock_timeout, option, parallelism_option, together
from pushctl.cli.progress import reporter
from pushctl.cli.signals import asks_to_stop
from pushctl.diagnostics import has_errors
from pushctl.errors import ExitCode, StateLockedError
from pushctl.plan.stop import StopReport, chosen
from pushctl.push.identity import hashed_label
from pushctl.push.push import DesiredPush
from pushctl.render import json_output
from pushctl.render.text import stop as stop_text
from pushctl.state.file.atomic_write import replace_file
from pushctl.state.file.store import FileLease
from pushctl.state.history import Note
from pushctl.state.state import State
from pushctl.text.escape import terminal
from pushctl.text.plural import count
from pushctl.text.suggest import did_you_mean

PATIENCE = 5.0
"""Seconds to wait for a lock that was just broken; nobody should be quicker than we are."""


class Label(click.ParamType[tuple[str, str]]):
    """A label such as `campaign=xmas`."""

    name = "key=value"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """Read the text that was typed."""
        key, sign, text = str(value).partition("=")
        if not sign or not key:
            self.fail(f"{str(value)!r} is not KEY=VALUE", param, ctx)
        return key, text


naming = together(
    click.argument("ids", metavar="[ID]...", nargs=-1),
    option("--label", "labels", multiple=True, type=Label(), help="All with this label."),
    option("--all", "everything", is_flag=True, help="Everything that is recorded."),
)


@click.command("stop", short_help="The red button: cancel what is scheduled, at once.")
@naming
@option("--revoke", is_flag=True, help="Withdraw what was delivered in the last 7 days, too.")
@option("--break-lock", is_flag=True, help="Take the state lock away from whoever holds it.")
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
# Nobody is asked, but whoever types --yes from habit must not be turned away in an emergency.
@option("--yes", "-y", "_yes", is_flag=True, hidden=True, help="Accepted; nobody is asked anyway.")
@click.pass_obj
def command(
    invocation: Invocation,
    /,
    ids: tuple[str, ...],
    labels: tuple[tuple[str, str], ...],
    everything: bool,
    revoke: bool,
    break_lock: bool,
    report_file: Path | None,
    parallelism: int,
    lock_timeout: float,
    format_: str,
    _yes: bool,
) -> int:
    """Cancel what is scheduled of some pushes, the soonest first, and confirm each.

    Asks nobody, ignores every policy, and needs only the recorded state and credentials: it works
    when the manifest is broken. The pushes stay stopped until `pushctl resume`, or until their
    content or schedule changes. Safe to run again after anything.
    """
    with open_recorded(invocation, online=True) as recorded:
        which = Which(ids, dict(labels), everything)
        which.of(recorded.state)  # a typo must not cost anybody the lock
        if break_lock:
            _break_lock(recorded)
            lock_timeout = max(lock_timeout, PATIENCE)
        with _locked(recorded, lock_timeout) as lease:
            found, tally = _stopped(recorded, lease, which, revoke, parallelism)
        document = json_output.text(stop_text.document(found))
        if format_ == "json":
            invocation.output.result(document)
        else:
            style = invocation.output.style
            invocation.output.result(stop_text.report(found, zone=recorded.zone, style=style))
            _say_what_is_left(invocation, found, tally)
        _save(invocation, report_file or _default_path(recorded, found), document)
        return exit_code(found, tally, interrupted=recorded.stop.is_set())


@dataclass(frozen=True, slots=True)
class Which:
    """The entries that were named on the command line."""

    ids: tuple[str, ...]
    labels: Mapping[str, str]
    everything: bool

    def of(self, state: State) -> tuple[str, ...]:
        """Return the recorded ones; a name or a label that means nothing is wrong usage."""
        if not (self.ids or self.labels or self.everything):
            raise click.UsageError("say what: one or more ids, --label KEY=VALUE, or --all")
        known = set(state.pushes) | {id.partition("[")[0] for id in state.pushes}
        for id in self.ids:
            if id not in known:
                hint = did_you_mean(id, known) or " See `pushctl state list`."
                raise click.UsageError(f"Nothing is recorded under {id!r}.{hint}")
        found = chosen(state, ids=self.ids, labels=self.labels, everything=self.everything)
        if not found and self.labels:
            raise click.UsageError("Nothing that is recorded has that label.")
        return found


def _break_lock(recorded: Recorded) -> None:
    if not recorded.store.locked():
        return
    holder = recorded.store.holder() or "another process"
    recorded.store.unlock()
    recorded.store.note(f"stop --break-lock (was held by {holder})")
    recorded.invocation.output.alarm(f"Took the lock away from {terminal(str(holder))}.")


@contextlib.contextmanager
def _locked(recorded: Recorded, timeout: float) -> Iterator[FileLease]:
    with contextlib.ExitStack() as stack:
        stack.enter_context(asks_to_stop(recorded.stop, recorded.invocation.output.alarm))
        try:
            lease = stack.enter_context(recorded.store.lock("stop", timeout=timeout))
        except StateLockedError as error:
            raise StateLockedError(
                error.summary,
                error.detail,
                fix="wait for it (--lock-timeout 5m), or take the lock away: --break-lock",
            ) from error
        yield lease


def _stopped(
    recorded: Recorded, lease: FileLease, which: Which, revoke: bool, parallelism: int
) -> tuple[StopReport, Tally]:
    meant = which.of(lease.state)
    found, tally = stop_pushes(
        meant,
        lease=lease,
        service=recorded.service(),
        clock=recorded.clock,
        terms=Terms(recorded.sight, parallelism=parallelism, now_or_never=True),
        emit=reporter(None, recorded.invocation.output, "text"),
        stop=recorded.stop,
        endpoint=recorded.site.endpoint,
        wanted=partial(_wanted, recorded),
        revoke=_names(recorded, lease.state) if revoke else None,
    )
    done = f"stop: {len(meant)} pushes, {tally.cancelled} tasks cancelled"
    recorded.store.note(done, Note(pushes={"stop": tuple(meant)}))
    return found, tally


def _names(recorded: Recorded, state: State) -> dict[str, str]:
    """Map the names that targets have in the state to the targets themselves.

    Where the state has digests, only the manifest knows the people; without it none can be named.
    """
    if not recorded.site.hashed:
        tasks = (task for push in state.pushes.values() for task in push.tasks)
        return {target: target for task in tasks for target in task.targets}
    label = hashed_label(state.lineage)
    pushes = _compiled(recorded) or ()
    return {label(target): target for push in pushes for target in push.targets}


def _wanted(recorded: Recorded) -> dict[str, str] | None:
    """Return what the manifest asks for, by fingerprint; None if it cannot be read as a whole."""
    pushes = _compiled(recorded)
    return None if pushes is None else {push.id: push.fingerprint for push in pushes}


def _compiled(recorded: Recorded) -> tuple[DesiredPush, ...] | None:
    from pushctl.cli.project import read  # noqa: PLC0415  (only after what is urgent)
    from pushctl.manifest.compile import compile_manifest  # noqa: PLC0415  (see above)

    reading = read(recorded.invocation)
    if reading.manifest is None or has_errors(reading.diagnostics):
        return None
    known = frozenset(recorded.state.pushes)
    now = int(recorded.clock.now())
    return compile_manifest(reading, now=now, recorded=known, send_late=True).pushes


def _default_path(recorded: Recorded, found: StopReport) -> Path:
    stamp = dt.datetime.fromtimestamp(found.at, dt.UTC).strftime("%Y%m%dT%H%M%SZ")
    return recorded.invocation.folder / f"{recorded.invocation.state_name}.stop-{stamp}.json"


def _save(invocation: Invocation, path: Path, document: str) -> None:
    """Keep the report; that it cannot be kept must not hide what was stopped."""
    try:
        replace_file(path, document.encode("utf-8", "surrogatepass"))
    except OSError as error:
        why = terminal(error.strerror or str(error))
        invocation.output.alarm(f"The report could not be saved: {terminal(str(path))}: {why}")
        return
    invocation.output.talk(f"Saved the report: {terminal(str(path))}")


def _say_what_is_left(invocation: Invocation, found: StopReport, tally: Tally) -> None:
    left = {push.id for push in found.pushes if push.left}
    for failure in (*tally.failures, *tally.in_doubt):
        if failure.id in left:
            invocation.output.alarm(f"{terminal(failure.id)}: {terminal(failure.reason)}")
    if left:
        invocation.output.alarm("Run the same command again; it does what is left to do.")
    elif found.pushes:
        invocation.output.talk("They stay silent until: pushctl resume ID")


def exit_code(found: StopReport, tally: Tally, *, interrupted: bool) -> int:
    """Say how a stop ends; the most pressing fact decides."""
    left = {push.id for push in found.pushes if push.left}
    if tally.denied and not tally.cancelled:
        return ExitCode.ERROR
    if interrupted and not tally.denied:
        return ExitCode.INTERRUPTED
    if any(failure.id in left for failure in tally.in_doubt):
        return ExitCode.IN_DOUBT
    return ExitCode.PARTIAL if left else ExitCode.DONE


@click.command("resume", short_help="Let stopped pushes run again.")
@naming
@lock_timeout
@click.pass_obj
def resume(
    invocation: Invocation,
    /,
    ids: tuple[str, ...],
    labels: tuple[tuple[str, str], ...],
    everything: bool,
    lock_timeout: float,
) -> int:
    """Let stopped pushes run again; the next apply creates what is still ahead of them.

    Calls nothing by itself, so that a plan shows what comes back before it does.
    """
    with open_recorded(invocation) as recorded:
        with recorded.store.lock("resume", timeout=lock_timeout) as lease:
            meant = Which(ids, dict(labels), everything).of(lease.state)
            resumed = resume_pushes(meant, lease)
            if resumed:
                recorded.store.note(
                    f"resume {' '.join(resumed)}", Note(pushes={"resume": tuple(resumed)})
                )
        if not resumed:
            invocation.output.result("None of them is stopped.\n")
            return ExitCode.DONE
        listed = ", ".join(terminal(id) for id in resumed)
        number = count(len(resumed), "push", "pushes")
        invocation.output.result(f"Resumed {number}: {listed}.\n")
        invocation.output.talk("Next: pushctl plan")
    return ExitCode.DONE
