"""`pushctl plan`: what apply would do. Changes nothing anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pushctl.apply.observe import observe
from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.options import (
    PATH,
    SLOT,
    allowances,
    check_ids,
    format_option,
    option,
    selection,
    together,
)
from pushctl.cli.planning import plan_formats, saved_plan
from pushctl.cli.planning.plan_formats import FORMATS
from pushctl.cli.planning.plan_options import PlanOptions
from pushctl.cli.project.project import Project, open_project
from pushctl.cli.project.source_lines import attached
from pushctl.cli.write_file import write_file
from pushctl.diagnostics import has_errors
from pushctl.errors import ExitCode, ManifestError
from pushctl.plan.change import NoOp
from pushctl.plan.plan import Plan
from pushctl.plan.planner import PlanRequest, make_plan
from pushctl.plan.reconcile.refresh import DriftKind
from pushctl.render import json_output
from pushctl.state.state import State
from pushctl.text.escape import shell, terminal

if TYPE_CHECKING:
    from pushctl.manifest.schema.models import Manifest

in_files = together(
    *(
        option(
            f"--{name}",
            f"{name}_file",
            type=PATH,
            metavar="FILE",
            help=f"Write the plan to a file as well, as {format.file_help}.",
        )
        for name, format in FORMATS.items()
        if format.file_help
    )
)


@click.command("plan", short_help="Show what apply would do.")
@option("--out", type=PATH, metavar="FILE", help="Save the plan for apply.")
@option("--detailed-exitcode", is_flag=True, help="Exit 2 if there are changes.")
@option("--offline", is_flag=True, help="Do not ask the service; believe the state.")
@option(
    "--base",
    metavar="REF",
    help="Trace every change to an edit since this commit, such as origin/main; `REF...` is where "
    "the branch left it.",
)
@option("--against-slot", type=SLOT, metavar="N", help="Plan against the state as it was then.")
@option("--refresh-only", is_flag=True, help="Show only how the service differs from the state.")
@in_files
@option("--show-unchanged", is_flag=True, help="List unchanged pushes in the JSON too.")
@format_option(*FORMATS)
@selection
@allowances
@click.pass_obj
def command(
    options: GlobalOptions,
    /,
    out: Path | None,
    detailed_exitcode: bool,
    offline: bool,
    base: str | None,
    against_slot: int | None,
    refresh_only: bool,
    show_unchanged: bool,
    format_: str,
    **others: Any,
) -> int:
    """Show what apply would do: who gets what when, what is cancelled, what it costs."""
    named = {name: others.pop(f"{name}_file", None) for name in FORMATS}
    files = {name: path for name, path in named.items() if path is not None}
    plan_options = PlanOptions(**others)
    if against_slot is not None and out is not None:
        raise click.UsageError(
            "a plan against an earlier state is only to look at; leave out --out"
        )
    manifest: Manifest | None = None
    try:
        with open_project(options, online=not offline, plan_options=plan_options) as project:
            manifest = project.manifest
            plan = planned(project, plan_options, base, against_slot)
            if refresh_only:
                plan = saved_plan.without_changes(plan)
            show(project, plan, format_, files, unchanged=show_unchanged)
            if out is not None:
                _save(project, plan, plan_options, out, unchanged=show_unchanged)
    except ManifestError as error:
        found = attached(error.diagnostics, options.folder)
        options.output.result(FORMATS[format_].no_plan(options, manifest, found))
        for name, path in files.items():
            write_file(path, FORMATS[name].no_plan(options, manifest, found))
        raise
    return exit_code(plan, detailed=detailed_exitcode, drift_counts=refresh_only)


def planned(
    project: Project, plan_options: PlanOptions, base: str | None = None, slot: int | None = None
) -> Plan:
    """Make a plan from the manifest, the state as it is now or was in a `slot`, and the service.

    With a `base`, its changes are traced to the edits since that commit.
    """
    state = project.state(slot)
    request = project.plan_request(state, plan_options, lint=True)
    check_names(request, state)
    seen = None
    if project.endpoint is not None:
        holder = project.store.lock_info()
        if holder is not None:
            who = terminal(holder.text(project.zone))
            project.options.output.talk(
                f"Note: {who} is at work on this state; this plan may be stale soon."
            )
        seen = observe(project.service(), state, project.clock, project.observe_options)
    plan = make_plan(request, state, seen)
    if base is None:
        return plan
    from pushctl.cli.planning import base_plan  # noqa: PLC0415  (few plans need it)

    made = base_plan.PlanInputs(request, state, seen, plan_options)
    return base_plan.with_change_origins(project, plan, made, base)


def check_names(request: PlanRequest, state: State) -> None:
    """Refuse `--target` and `--exclude` that name nothing; raises `click.UsageError`."""
    known = {push.id for push in request.desired} | set(state.pushes)
    check_ids(sorted(request.only | request.exclude), known, "manifest or the state")


def show(
    project: Project,
    plan: Plan,
    format: str,
    files: Mapping[str, Path] | None = None,
    *,
    unchanged: bool = False,
) -> None:
    """Write a plan to stdout and to the files that were asked for, by their formats."""
    project.options.output.result(FORMATS[format].plan(project, plan, unchanged))
    for name, path in (files or {}).items():
        write_file(path, FORMATS[name].plan(project, plan, unchanged))


def _save(
    project: Project, plan: Plan, plan_options: PlanOptions, path: Path, *, unchanged: bool
) -> None:
    """Save a plan for apply. Not one that is refused: apply cannot find again all that is wrong.

    Whether a change comes from an edit, for example, only a plan with a base can tell.
    """
    output = project.options.output
    if refused(plan):
        output.talk(f"Not saved to {shell(str(path))}: the plan is refused, see above.")
        return
    document = plan_formats.document(project, plan, unchanged)
    document["time_zone_data"] = saved_plan.clocks(plan, plan.created_at)
    sealed = saved_plan.sealed(document, plan_options, project.service_meant.parts)
    write_file(path, json_output.text(sealed), exact=True)
    output.talk(f"Saved the plan: pushctl apply {shell(str(path))}")
    if plan.valid_until is not None and plan.valid_until <= plan.created_at:
        output.talk("It is too late for that: a delivery is near. Use pushctl apply instead.")


def refused(plan: Plan) -> bool:
    """Tell whether a plan must not be applied as it is."""
    return bool(plan.stopping) or has_errors(plan.diagnostics)


def exit_code(plan: Plan, *, detailed: bool, drift_counts: bool = False) -> int:
    """Say how a plan ends: refused, changes, or nothing to do."""
    if refused(plan):
        return ExitCode.REFUSED
    drifted = any(item.kind in (DriftKind.GONE, DriftKind.PARTLY) for item in plan.drift)
    changes = any(not isinstance(item, NoOp) for item in plan.changes)
    if detailed and (changes or (drift_counts and (drifted or plan.doubts))):
        return ExitCode.CHANGES
    return ExitCode.DONE
