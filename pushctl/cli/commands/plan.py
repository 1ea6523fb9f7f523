"""`pushctl plan` and `pushctl drift`: look, compare, show. Changes nothing anywhere."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from pushctl import __version__
from pushctl.apply.observe import look
from pushctl.cli import html_output, saved_plan
from pushctl.cli.global_options import Invocation
from pushctl.cli.options import allowances, format_option, option, selection, together
from pushctl.cli.project import Choices, Session, begin
from pushctl.cli.repository import path_of
from pushctl.cli.source_lines import attached
from pushctl.cli.write_file import write_file
from pushctl.codehosts import ci_environment
from pushctl.diagnostics import has_errors
from pushctl.errors import ExitCode, ManifestError
from pushctl.plan.change import NoOp
from pushctl.plan.plan import Plan
from pushctl.plan.planner import Wishes, make_plan
from pushctl.plan.reconcile.refresh import DriftKind
from pushctl.render import json_output
from pushctl.render.markdown import plan as plan_markdown
from pushctl.render.text import plan as plan_text
from pushctl.render.view.irreversible import Tariff
from pushctl.state.file.lock import run_url
from pushctl.state.state import State
from pushctl.text.escape import shell, terminal
from pushctl.text.suggest import did_you_mean

if TYPE_CHECKING:
    from pushctl.manifest.schema.models import Manifest

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Showing:
    """How a plan is written: to stdout, to a file for each format that was asked for, and saved."""

    format: str
    files: Mapping[str, Path] = field(default_factory=dict)
    out: Path | None = None
    with_noops: bool = False


FORMATS = ("json", "markdown", "html")
"""What a plan can be written to a file as, each by the option of its name."""


def in_files(command: F) -> F:
    """Declare the options that write the plan to files, beside what goes to stdout."""
    names = {
        "json": "JSON",
        "markdown": "Markdown, for a comment",
        "html": "one page for a browser that needs no network",
    }
    return together(
        *(
            option(
                f"--{name}",
                f"{name}_file",
                type=click.Path(path_type=Path),
                metavar="FILE",
                help=f"Write the plan to a file as well, as {names[name]}.",
            )
            for name in FORMATS
        )
    )(command)


@click.command("plan", short_help="Show what apply would do.")
@option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Save the plan for apply.")
@option("--detailed-exitcode", is_flag=True, help="Exit 2 if there are changes.")
@option("--offline", is_flag=True, help="Do not ask the service; believe the state.")
@option(
    "--base",
    metavar="REF",
    help="Trace every change to an edit since this commit, such as origin/main; `REF...` is where "
    "the branch left it.",
)
@option("--refresh-only", is_flag=True, help="Show only how the service differs from the state.")
@in_files
@option("--show-unchanged", is_flag=True, help="List unchanged pushes in the JSON too.")
@format_option("text", *FORMATS)
@selection
@allowances
@click.pass_obj
def command(
    invocation: Invocation,
    /,
    out: Path | None,
    detailed_exitcode: bool,
    offline: bool,
    base: str | None,
    refresh_only: bool,
    show_unchanged: bool,
    format_: str,
    **others: Any,
) -> int:
    """Show what apply would do: who gets what when, what is cancelled, what it costs."""
    named = {name: others.pop(f"{name}_file") for name in FORMATS}
    files = {name: path for name, path in named.items() if path is not None}
    chosen = Choices(**others)
    showing = Showing(format_, files, out, show_unchanged)
    manifest: Manifest | None = None
    try:
        with begin(invocation, online=not offline, choices=chosen) as session:
            manifest = session.manifest
            plan = planned(session, chosen, base)
            if refresh_only:
                plan = saved_plan.without_changes(plan)
            show(session, plan, chosen, showing)
    except ManifestError as error:
        show_findings(invocation, manifest, error, showing)
        raise
    return exit_code(plan, detailed=detailed_exitcode, drift_counts=refresh_only)


@click.command("drift", short_help="Show how the service differs from what was applied.")
@format_option("text", *FORMATS)
@click.pass_obj
def drift(invocation: Invocation, format_: str) -> int:
    """Show how the service differs from what was applied; exit 2 if it does."""
    with begin(invocation) as session:
        plan = saved_plan.without_changes(planned(session, Choices()))
        show(session, plan, Choices(), Showing(format_))
    return exit_code(plan, detailed=True, drift_counts=True)


def planned(session: Session, choices: Choices, base: str | None = None) -> Plan:
    """Make a plan from the manifest, the state as it is now, and the service.

    With a `base`, its changes are traced to the edits since that commit.
    """
    state = session.store.read() or session.empty_state()
    wishes = session.wishes(state, choices, lint=True)
    check_names(wishes, state)
    seen = None
    if session.endpoint is not None:
        holder = session.store.holder()
        if holder is not None:
            session.invocation.output.talk(
                f"Note: {terminal(str(holder))} is at work on this state; this plan may be stale "
                "soon."
            )
        seen = look(session.service(), state, session.clock, session.sight)
    plan = make_plan(wishes, state, seen)
    if base is None:
        return plan
    from pushctl.cli import base_plan  # noqa: PLC0415  (few plans need it)

    return base_plan.with_origins(
        session, plan, base_plan.Making(wishes, state, seen, choices), base
    )


def check_names(wishes: Wishes, state: State) -> None:
    """Refuse `--target` and `--exclude` that name nothing: a typo must not look like a success."""
    known = {push.id for push in wishes.desired} | set(state.pushes)
    known |= {id.partition("[")[0] for id in known}
    for name in sorted(wishes.only | wishes.exclude):
        if name not in known:
            raise click.UsageError(f"There is no push {name!r}.{did_you_mean(name, known)}")


def show(session: Session, plan: Plan, choices: Choices, showing: Showing) -> None:
    """Write a plan to stdout and to the files that were asked for."""
    output = session.invocation.output
    renderers = _renderers(session, plan, showing)
    if showing.format == "text":
        output.result(plan_text.plan(plan, output.style, tariff=tariff(session)))
    else:
        output.result(renderers[showing.format]())
    for name, path in showing.files.items():
        write_file(path, renderers[name]())
    if showing.out is not None:
        _save(session, plan, choices, showing, showing.out)


def _save(session: Session, plan: Plan, choices: Choices, showing: Showing, path: Path) -> None:
    """Save a plan for apply. Not one that is refused: apply cannot find again all that is wrong.

    Whether a change comes from an edit, for example, only a plan with a base can tell.
    """
    output = session.invocation.output
    if refused(plan):
        output.talk(f"Not saved to {shell(str(path))}: the plan is refused, see above.")
        return
    document = _document(session, plan, showing)
    write_file(path, json_output.text(saved_plan.sealed(document, choices)))
    output.talk(f"Saved the plan: pushctl apply {shell(str(path))}")
    if plan.valid_until is not None and plan.valid_until <= plan.created_at:
        output.talk("It is too late for that: a delivery is near. Use pushctl apply instead.")


def _renderers(session: Session, plan: Plan, showing: Showing) -> Mapping[str, Callable[[], str]]:
    """Say how a plan is written in each of `FORMATS`."""
    return {
        "json": lambda: json_output.text(_document(session, plan, showing)),
        "markdown": lambda: plan_markdown.plan(
            plan,
            version=__version__,
            elsewhere=run_url(os.environ),
            tariff=tariff(session),
            place=_place(session.invocation),
        ),
        "html": lambda: html_output.html(session, plan, tariff(session)),
    }


def _place(invocation: Invocation) -> plan_markdown.Place:
    """Say where the manifest is: in its repository, and in a browser."""
    folder = invocation.folder
    path, source = path_of(folder, invocation.file), ci_environment.source(folder, os.environ)
    return plan_markdown.Place(path, source)


def _document(session: Session, plan: Plan, showing: Showing) -> dict[str, Any]:
    return json_output.plan(
        plan, version=__version__, with_noops=showing.with_noops, tariff=tariff(session)
    )


def tariff(session: Session) -> Tariff | None:
    """Return what text messages cost here, if the policy says so."""
    sms = session.manifest.policy.sms
    return None if sms.price is None else Tariff(sms.price, sms.currency)


def show_findings(
    invocation: Invocation, manifest: Manifest | None, error: ManifestError, showing: Showing
) -> None:
    """Write why there is no plan, in place of the plan; in a terminal the error says it."""
    found = attached(error.diagnostics, invocation.folder)
    renderers: Mapping[str, Callable[[], str]] = {
        "json": lambda: json_output.text(json_output.findings(found, version=__version__)),
        "markdown": lambda: plan_markdown.no_plan(
            found,
            app=manifest.app.id if manifest else "",
            workspace=manifest.app.workspace if manifest else "",
            env=invocation.env,
            version=__version__,
            place=_place(invocation),
        ),
        "html": lambda: html_output.no_plan(found, manifest, invocation.env),
    }
    if showing.format != "text":
        invocation.output.result(renderers[showing.format]())
    for name, path in showing.files.items():
        write_file(path, renderers[name]())


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
