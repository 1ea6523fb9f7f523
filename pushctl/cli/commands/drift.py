"""`pushctl drift`: how the service differs from what was applied."""

from __future__ import annotations

import click

from pushctl.cli.commands.plan import exit_code, planned, show
from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.options import format_option
from pushctl.cli.planning import saved_plan
from pushctl.cli.planning.plan_formats import FORMATS
from pushctl.cli.planning.plan_options import PlanOptions
from pushctl.cli.project.project import open_project


@click.command("drift", short_help="Show how the service differs from what was applied.")
@format_option(*FORMATS)
@click.pass_obj
def command(options: GlobalOptions, format_: str) -> int:
    """Show how the service differs from what was applied; exit 2 if it does."""
    with open_project(options) as project:
        plan = saved_plan.without_changes(planned(project, PlanOptions()))
        show(project, plan, format_)
    return exit_code(plan, detailed=True, drift_counts=True)
