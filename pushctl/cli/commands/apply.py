"""`pushctl apply`: make the plan, show it, ask, and carry it out."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource
from msgspec import Struct
from msgspec.structs import replace

from pushctl.apply.context import ApplyOptions
from pushctl.apply.executor import apply_plan
from pushctl.apply.observe import Emit, Observer
from pushctl.apply.result import ApplyResult, Progress
from pushctl.cli.ci.state import kept_on_branch
from pushctl.cli.commands.plan import check_names, show
from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.options import (
    allowances,
    format_option,
    lock_timeout,
    option,
    parallelism_option,
    selection,
)
from pushctl.cli.output import Output
from pushctl.cli.planning import git, saved_plan
from pushctl.cli.planning.plan_options import PlanOptions
from pushctl.cli.progress import reporter
from pushctl.cli.project.project import Project, open_project
from pushctl.cli.signals import asks_to_stop
from pushctl.diagnostics import Diagnostic, Severity
from pushctl.errors import ExitCode, PlanRefusedError, StateError
from pushctl.mpaas.interface import PushService
from pushctl.plan.change import Blocked
from pushctl.plan.plan import Plan
from pushctl.plan.planner import make_plan
from pushctl.plan.reconcile.listing import Listing
from pushctl.render import json_output
from pushctl.render.text import apply as apply_text
from pushctl.state.events import ServiceSettingsRecorded
from pushctl.state.history import HistoryEntry, newest
from pushctl.state.interface import StateLease
from pushctl.state.labels import with_labels
from pushctl.state.state import ServiceSettings, State
from pushctl.text.plural import some


@click.command("apply", short_help="Make the service do what the manifest says.")
@click.argument("planfile_", metavar="[PLANFILE]", required=False, type=click.Path(path_type=Path))
@option("--yes", "-y", is_flag=True, help="Do not ask.")
@parallelism_option
@lock_timeout
@format_option("text", "json", "jsonl")
@selection
@allowances
@click.pass_obj
def command(
    options: GlobalOptions,
    /,
    planfile_: Path | None,
    yes: bool,
    parallelism: int,
    lock_timeout: float,
    format_: str,
    **others: Any,
) -> int:
    """Create, replace and cancel pushes until the service does what the manifest says.

    Shows the plan and asks; with a PLANFILE from `plan --out` it does exactly what was approved, or
    refuses. Safe to run again after anything: nothing is done twice.
    """
    saved = saved_plan.read(planfile_) if planfile_ is not None else None
    plan_options = PlanOptions(**others)
    if saved is not None:
        _refuse_more_options(others)
        plan_options = saved.plan_options
    elif not yes:
        _refuse_to_ask_nobody(format_)
    with open_project(options, plan_options=plan_options) as project:
        run = _Run(project, plan_options, format_, parallelism)
        return run.under_lock(saved, ask=not yes and saved is None, timeout=lock_timeout)


def _refuse_more_options(names: Iterable[str]) -> None:
    """A saved plan brings the options it was reviewed with; what is typed now was not reviewed."""
    context = click.get_current_context()
    typed = [
        name for name in names if context.get_parameter_source(name) is ParameterSource.COMMANDLINE
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


class _Run(Struct, frozen=True):
    """One apply, from the lock to the exit code."""

    project: Project
    plan_options: PlanOptions
    format: str
    parallelism: int

    def under_lock(self, saved: saved_plan.SavedPlan | None, *, ask: bool, timeout: float) -> int:
        project, output = self.project, self.project.options.output
        if saved is not None:
            saved_plan.check_service(saved, project.service_meant.parts)
        # What is wrong whatever the service says needs no lock, no call and no wait.
        state = project.state()
        if not state.lineage and (elsewhere := kept_on_branch(project.options, project.manifest)):
            raise elsewhere
        request = project.plan_request(state, self.plan_options, lint=True)
        check_names(request, state)
        _refuse((), request.diagnostics)
        with (
            asks_to_stop(project.stop, output.alarm),
            project.store.lock("apply", timeout=timeout) as lease,
        ):
            emit, now = reporter(None, output, self.format), project.clock.now()
            begun = {"app": project.manifest.app.id, **project.clock_fields}
            emit(Progress("run.start", now, data=begun))
            emit(Progress("lock.acquired", now))
            if lease.intents_ahead:
                most = f"up to {lease.intents_ahead} calls may be in doubt after a crash"
                output.talk(f"The state is far away: {most}, and are looked for then.")
            service = project.service()
            look = Observer(lease, service, project.clock, project.observe_options, emit)
            seen = look.catch_up()
            request = project.plan_request(lease.state, self.plan_options, lint=True)
            plan = make_plan(request, lease.state, seen)
            if saved is not None:
                known, history = project.store.read(), project.store.history()
                saved_plan.check(
                    saved,
                    plan,
                    lineage=known.lineage if known else "",
                    serial=lease.state.serial if known else 0,
                    overtaken_by=f"last changed by {history[-1]}" if history else "",
                )
            return self._decide(plan, seen, lease, service, ask=ask)

    def _decide(
        self, plan: Plan, seen: Listing, lease: StateLease, service: PushService, *, ask: bool
    ) -> int:
        output = self.project.options.output
        if self.format == "text":
            show(self.project, plan, "text")
        _refuse(plan.stopping, plan.diagnostics)
        if ask and plan.effective and not _confirmed(output):
            output.alarm("Nothing was changed.")
            return ExitCode.ERROR
        if self.project.stop.is_set():
            output.alarm("Interrupted before anything was changed.")
            return ExitCode.INTERRUPTED
        return self._carry_out(plan, seen, lease, service)

    def _carry_out(self, plan: Plan, seen: Listing, lease: StateLease, service: PushService) -> int:
        project, output = self.project, self.project.options.output
        changed: dict[str, list[str]] = {}
        emit = _noting(reporter(plan, output, self.format), changed)
        commit = git.manifest_commit(project.options.folder, project.reading.files)
        if _is_news(project.settings, lease.state, plan):
            lease.record(ServiceSettingsRecorded(project.settings))
        try:
            result = apply_plan(
                plan,
                seen,
                lease=lease,
                service=service,
                clock=project.clock,
                options=ApplyOptions(
                    project.observe_options,
                    parallelism=self.parallelism,
                    danger_window=int(project.manifest.policy.danger_window),
                    now_or_never=self.plan_options.now_or_never,
                ),
                emit=emit,
                stop=project.stop,
            )
        except StateError:
            output.alarm(
                "Apply incomplete. What was called before this is recorded, or will be looked for."
            )
            raise
        emit(Progress("run.end", project.clock.now(), data=dict(json_output.result(result))))
        code = exit_code(result, late=any(item.late for item in plan.waiting))
        if result.tasks_created or result.tasks_cancelled or plan.effective:
            entry = HistoryEntry(
                what=f"apply: {apply_text.headline(result)}",
                env=project.options.env or "",
                commit=commit,
                exit=int(code),
                pushes=changed,
                made=newest(lease.state),
                plan=plan.actions_digest,
                calls=project.options.debug.changed,
            )
            project.store.append_history(entry)
        if self.format == "text":
            output.show(apply_text.summary(result, output.style))
        if self.format == "json":
            done = {"exit_code": int(code), **json_output.result(result), "pushes": changed}
            output.result(project.options.json(done | project.clock_fields))
        return code


def _confirmed(output: Output) -> bool:
    output.alarm("Pushes that went out cannot be taken back.")
    answer: str = click.prompt("Apply this plan? Only `yes` is accepted", err=True)
    return answer == "yes"


def _refuse(blocked: Sequence[Blocked], findings: Iterable[Diagnostic]) -> None:
    """Raise `PlanRefusedError` if something is blocked or an error."""
    errors = [item for item in findings if item.severity is Severity.ERROR]
    if blocked or errors:
        fixes = [*(item.fix for item in blocked), *(item.fix for item in errors if item.fix)]
        detail = "\n".join(apply_text.refusal(blocked, errors))
        fix = some(list(dict.fromkeys(fixes)), "; ")
        raise PlanRefusedError("The plan was refused", detail, fix=fix)


def _is_news(settings: ServiceSettings, state: State, plan: Plan) -> bool:
    """Tell whether the state should say how the service was looked at by this apply."""
    named = settings.hashed and with_labels(state, hashed=True) is not state
    other = not replace(settings, manifest="").like(state.settings)
    news = plan.effective or (state.pushes and other)
    newer = not state.settings or settings.time_zone_data != state.settings.time_zone_data
    return bool(named or (news and not settings.like(state.settings)) or (newer and plan.effective))


def _noting(emit: Emit, changed: dict[str, list[str]]) -> Emit:
    """Return an `emit` that collects the ids of changed entries by what was done to them."""

    def noting(item: Progress) -> None:
        word = "failed" if item.type == "entry.failed" else str(item.data.get("action"))
        if item.id is not None and item.type in ("entry.done", "entry.failed"):
            changed.setdefault(word, []).append(item.id)
        emit(item)

    return noting


def exit_code(result: ApplyResult, *, late: bool = False) -> ExitCode:
    """Say how an apply ends; the most pressing fact decides. `late`: a delivery has no room."""
    if result.interrupted:
        return ExitCode.INTERRUPTED
    if result.in_doubt:
        return ExitCode.IN_DOUBT
    if result.denied and not (result.tasks_created or result.tasks_cancelled):
        return ExitCode.ERROR
    return ExitCode.PARTIAL if result.failures or late else ExitCode.DONE
