"""`pushctl apply`: make the plan, show it, ask, and carry it out."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from pushctl.apply.context import Terms
from pushctl.apply.executor import apply_plan
from pushctl.apply.observe import Emit, catch_up
from pushctl.apply.result import ApplyResult, Progress
from pushctl.cli import git, saved_plan
from pushctl.cli.commands.plan import Showing, check_names, show
from pushctl.cli.global_options import Invocation
from pushctl.cli.options import (
    allowances,
    format_option,
    lock_timeout,
    option,
    parallelism_option,
    selection,
)
from pushctl.cli.progress import reporter
from pushctl.cli.project import Choices, Session, begin
from pushctl.cli.signals import asks_to_stop
from pushctl.diagnostics import Severity
from pushctl.errors import ExitCode, PlanRefusedError, StateError
from pushctl.mpaas.interface import PushService
from pushctl.plan.plan import Plan
from pushctl.plan.planner import Look, make_plan
from pushctl.render import json_output
from pushctl.render.text import apply as apply_text
from pushctl.state.events import SiteNoted
from pushctl.state.file.store import FileLease
from pushctl.state.history import Note, newest


@click.command("apply", short_help="Make the service do what the manifest says.")
@click.argument("planfile_", metavar="[PLANFILE]", required=False, type=click.Path(path_type=Path))
@option("--yes", "-y", is_flag=True, help="Do not ask.")
@parallelism_option
@lock_timeout
@format_option("text", "jsonl")
@selection
@allowances
@click.pass_obj
def command(
    invocation: Invocation,
    /,
    planfile_: Path | None,
    yes: bool,
    parallelism: int,
    lock_timeout: float,
    format_: str,
    **choices: Any,
) -> int:
    """Create, replace and cancel pushes until the service does what the manifest says.

    Shows the plan and asks; with a PLANFILE from `plan --out` it does exactly what was approved, or
    refuses. Safe to run again after anything: nothing is done twice.
    """
    saved = saved_plan.read(planfile_) if planfile_ is not None else None
    chosen = Choices(**choices)
    if saved is not None:
        _refuse_more_options(choices)
        chosen = saved.choices
    elif not yes:
        _refuse_to_ask_nobody(format_)
    with begin(invocation, choices=chosen) as session:
        run = _Run(session, chosen, format_, parallelism)
        return run.under_lock(saved, ask=not yes and saved is None, timeout=lock_timeout)


def _refuse_more_options(choices: Iterable[str]) -> None:
    """A saved plan brings the options it was reviewed with; what is typed now was not reviewed."""
    context = click.get_current_context()
    typed = [
        name
        for name in choices
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE
    ]
    if typed:
        option = "--" + typed[0].replace("_", "-")
        raise click.UsageError(
            f"a saved plan brings its own options; give {option} to `plan --out`"
        )


def _refuse_to_ask_nobody(format: str) -> None:
    if not sys.stdin.isatty():
        raise click.UsageError("there is nobody to ask here; use --yes, or apply a saved plan")
    if format != "text":
        raise click.UsageError(
            f"nobody can approve what --format {format} does not show; use --yes"
        )


class _Run:
    """One apply, from the lock to the exit code."""

    def __init__(self, session: Session, choices: Choices, format: str, parallelism: int) -> None:
        self._session = session
        self._choices = choices
        self._format = format
        self._parallelism = parallelism
        self._output = session.invocation.output
        self._stop = session.stop

    def under_lock(self, saved: saved_plan.SavedPlan | None, *, ask: bool, timeout: float) -> int:
        session = self._session
        # Findings first: a manifest with errors needs no lock and no service.
        session.compiled(session.store.read(), self._choices)
        with (
            asks_to_stop(self._stop, self._output.alarm),
            session.store.lock("apply", timeout=timeout) as lease,
        ):
            emit = reporter(None, self._output, self._format)
            self._emit_lock(emit)
            service = session.service()
            seen = catch_up(lease, service, session.clock, session.sight, emit)
            wishes = session.wishes(lease.state, self._choices, lint=True)
            check_names(wishes, lease.state)
            plan = make_plan(wishes, lease.state, seen)
            if saved is not None:
                known = session.store.read()
                saved_plan.check(
                    saved,
                    plan,
                    lineage=known.lineage if known else "",
                    serial=lease.state.serial if known else 0,
                    overtaken_by=session.store.last_change(),
                )
            return self._decide(plan, seen, lease, service, ask=ask)

    def _emit_lock(self, emit: Emit) -> None:
        now = self._session.clock.now()
        emit(Progress("run.start", now, data={"app": self._session.manifest.app.id}))
        emit(Progress("lock.acquired", now))

    def _decide(
        self, plan: Plan, seen: Look, lease: FileLease, service: PushService, *, ask: bool
    ) -> int:
        if self._format == "text":
            show(self._session, plan, self._choices, Showing("text"))
        self._refuse_if_unsafe(plan)
        if ask and plan.effective and not self._confirmed():
            self._output.alarm("Nothing was changed.")
            return ExitCode.ERROR
        if self._stop.is_set():
            self._output.alarm("Interrupted before anything was changed.")
            return ExitCode.INTERRUPTED
        return self._carry_out(plan, seen, lease, service)

    def _refuse_if_unsafe(self, plan: Plan) -> None:
        reasons = [f"{item.id}: {item.reason}" for item in plan.stopping]
        reasons += [
            f"{item.summary}. {item.detail}"
            for item in plan.diagnostics
            if item.severity is Severity.ERROR
        ]
        if reasons:
            fixes = [item.fix for item in plan.stopping]
            fixes += [
                item.fix
                for item in plan.diagnostics
                if item.severity is Severity.ERROR and item.fix is not None
            ]
            raise PlanRefusedError(
                "The plan was refused", "\n".join(reasons), fix="; ".join(dict.fromkeys(fixes))
            )

    def _confirmed(self) -> bool:
        self._output.alarm("Pushes that went out cannot be taken back.")
        answer: str = click.prompt("Apply this plan? Only `yes` is accepted", err=True)
        return answer == "yes"

    def _carry_out(self, plan: Plan, seen: Look, lease: FileLease, service: PushService) -> int:
        session, done = self._session, _Done()
        emit = done.watching(reporter(plan, self._output, self._format))
        commit = git.manifest_commit(session.invocation.folder, session.reading.files)
        terms = Terms(
            session.sight,
            parallelism=self._parallelism,
            danger_window=int(session.manifest.policy.danger_window),
            now_or_never=self._choices.now_or_never,
        )
        if session.site != lease.state.site and (plan.effective or lease.state.pushes):
            lease.record(SiteNoted(session.site))
        try:
            result = apply_plan(
                plan,
                seen,
                lease=lease,
                service=service,
                clock=session.clock,
                terms=terms,
                emit=emit,
                stop=self._stop,
            )
        except StateError:
            self._output.alarm(
                "Apply incomplete. What was called before this is recorded, or will be looked for."
            )
            raise
        emit(Progress("run.end", session.clock.now(), data=dict(json_output.result(result))))
        code = exit_code(result)
        if code == ExitCode.DONE and any(item.late for item in plan.waiting):
            code = ExitCode.PARTIAL
        if result.tasks_created or result.tasks_cancelled or plan.effective:
            env = session.invocation.env or ""
            made = newest(lease.state)
            note = Note(env=env, commit=commit, exit=int(code), pushes=done.pushes, made=made)
            session.store.note(f"apply: {apply_text.headline(result)}", note)
        if self._format == "text":
            self._output.result(apply_text.summary(result, self._output.style))
        return code


@dataclass(frozen=True, slots=True)
class _Done:
    """What was done to which entry, for the history."""

    pushes: dict[str, list[str]] = field(default_factory=dict)

    def watching(self, emit: Emit) -> Emit:
        """Return an `emit` that takes note as well; several entries are done at the same time."""

        def told(item: Progress) -> None:
            word = "failed" if item.type == "entry.failed" else str(item.data.get("action"))
            if item.id is not None and item.type in ("entry.done", "entry.failed"):
                self.pushes.setdefault(word, []).append(item.id)
            emit(item)

        return told


def exit_code(result: ApplyResult) -> ExitCode:
    """Say how an apply ends; the most pressing fact decides."""
    if result.interrupted:
        return ExitCode.INTERRUPTED
    if result.in_doubt:
        return ExitCode.IN_DOUBT
    if result.denied and not (result.tasks_created or result.tasks_cancelled):
        return ExitCode.ERROR
    if result.failures:
        return ExitCode.PARTIAL
    return ExitCode.DONE
