"""`pushctl plan` and `pushctl drift`: look, compare, show. Changes nothing anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click

from pushctl import __version__
from pushctl.cli import planfile
from pushctl.cli.excerpts import attached
from pushctl.cli.files import write_file
from pushctl.cli.invocation import Invocation
from pushctl.cli.options import allowances, format_option, option, selection
from pushctl.cli.session import Choices, Session, begin
from pushctl.core.change import NoOp
from pushctl.core.plan import Plan
from pushctl.core.planner import Wishes, make_plan
from pushctl.core.refresh import DriftKind
from pushctl.core.state import State
from pushctl.diagnostics import has_errors
from pushctl.engine.looking import look
from pushctl.errors import ExitCode, ManifestError
from pushctl.render import documents, plan_text
from pushctl.render.escape import shell, terminal


@dataclass(frozen=True, slots=True)
class Showing:
    """How a plan is written."""

    format: str
    json_file: Path | None = None
    out: Path | None = None
    with_noops: bool = False


@click.command("plan", short_help="Show what apply would do.")
@option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Save the plan for apply.")
@option("--detailed-exitcode", is_flag=True, help="Exit 2 if there are changes.")
@option("--offline", is_flag=True, help="Do not ask the service; believe the state.")
@option("--refresh-only", is_flag=True, help="Show only how the service differs from the state.")
@option(
    "--json",
    "json_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the plan as JSON to a file as well.",
)
@option("--show-unchanged", is_flag=True, help="List unchanged pushes in the JSON too.")
@format_option("text", "json")
@selection
@allowances
@click.pass_obj
def command(
    invocation: Invocation,
    /,
    out: Path | None,
    detailed_exitcode: bool,
    offline: bool,
    refresh_only: bool,
    json_file: Path | None,
    show_unchanged: bool,
    format_: str,
    **choices: Any,
) -> int:
    """Show what apply would do: who gets what when, what is cancelled, what it costs."""
    chosen = Choices(**choices)
    showing = Showing(format_, json_file, out, show_unchanged)
    try:
        with begin(invocation, online=not offline, choices=chosen) as session:
            plan = planned(session, chosen)
            if refresh_only:
                plan = planfile.without_changes(plan)
            show(session, plan, chosen, showing)
    except ManifestError as error:
        if format_ == "json":
            found = attached(error.diagnostics, invocation.folder)
            document = documents.findings(found, version=__version__)
            invocation.output.result(documents.text(document))
        raise
    return exit_code(plan, detailed=detailed_exitcode, drift_counts=refresh_only)


@click.command("drift", short_help="Show how the service differs from what was applied.")
@format_option("text", "json")
@click.pass_obj
def drift(invocation: Invocation, format_: str) -> int:
    """Show how the service differs from what was applied; exit 2 if it does."""
    with begin(invocation) as session:
        plan = planfile.without_changes(planned(session, Choices()))
        show(session, plan, Choices(), Showing(format_))
    return exit_code(plan, detailed=True, drift_counts=True)


def planned(session: Session, choices: Choices) -> Plan:
    """Make a plan from the manifest, the state as it is now, and the service."""
    state = session.store.read() or session.empty_state()
    wishes = session.wishes(state, choices, lint=True)
    check_names(wishes, state)
    if session.endpoint is None:
        return make_plan(wishes, state, None)
    holder = session.store.holder()
    if holder is not None:
        session.invocation.output.talk(
            f"Note: {terminal(str(holder))} is at work on this state; this plan may be stale soon."
        )
    seen = look(session.service(), state, session.clock, session.sight)
    return make_plan(wishes, state, seen)


def check_names(wishes: Wishes, state: State) -> None:
    """Refuse `--target` and `--exclude` that name nothing: a typo must not look like a success."""
    known = {push.id for push in wishes.desired} | set(state.pushes)
    known |= {id.partition("[")[0] for id in known}
    for name in sorted(wishes.only | wishes.exclude):
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise click.UsageError(f"There is no push {name!r}.{hint}")


def show(session: Session, plan: Plan, choices: Choices, showing: Showing) -> None:
    """Write a plan to stdout and to the files that were asked for."""
    output = session.invocation.output

    def document() -> dict[str, Any]:
        return documents.plan(plan, version=__version__, with_noops=showing.with_noops)

    if showing.format == "json":
        output.result(documents.text(document()))
    else:
        output.result(plan_text.plan(plan, output.style))
    if showing.json_file is not None:
        write_file(showing.json_file, documents.text(document()))
    if showing.out is not None:
        write_file(showing.out, documents.text(planfile.sealed(document(), choices)))
        output.talk(f"Saved the plan: pushctl apply {shell(str(showing.out))}")
        if plan.valid_until is not None and plan.valid_until <= plan.created_at:
            output.talk("It is too late for that: a delivery is near. Use pushctl apply instead.")


def exit_code(plan: Plan, *, detailed: bool, drift_counts: bool = False) -> int:
    """Say how a plan ends: refused, changes, or nothing to do."""
    if plan.stopping or has_errors(plan.diagnostics):
        return ExitCode.REFUSED
    drifted = any(item.kind in (DriftKind.GONE, DriftKind.PARTLY) for item in plan.drift)
    changes = any(not isinstance(item, NoOp) for item in plan.changes)
    if detailed and (changes or (drift_counts and (drifted or plan.doubts))):
        return ExitCode.CHANGES
    return ExitCode.DONE
