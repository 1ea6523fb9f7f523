"""`pushctl preview`: how pushes will look, when they come and to whom, as one file; asks nobody."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from msgspec.structs import replace

from pushctl.cli.commands.plan import check_names
from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.options import output_option
from pushctl.cli.planning.plan_formats import html
from pushctl.cli.project.project import TOLERANT, Project, open_project
from pushctl.cli.write_file import write_file
from pushctl.errors import ExitCode
from pushctl.plan.plan import Plan
from pushctl.plan.planner import make_plan
from pushctl.text.escape import terminal


@click.command("preview", short_help="Write a page that shows the pushes on phones.")
@click.argument("ids", metavar="[ID]...", nargs=-1)
@output_option("Where to write it; to stdout if that is no screen.")
@click.pass_obj
def command(options: GlobalOptions, ids: tuple[str, ...], output: Path | None) -> int:
    """Write one file for a browser: calendar, phones, people, changes and findings.

    Nobody is asked: it shows what the manifest says beside what the state remembers. The file
    needs no network and runs nothing, so it can be mailed, archived and printed.
    """
    if output is None and sys.stdout.isatty():
        raise click.UsageError("Name a file to write the page to: -o preview.html")
    with open_project(options, online=False, only_shows=True) as project:
        text = html(project, _planned(project, ids), preview=True)
    if output is None:
        options.output.result(text)
    else:
        write_file(output, text)
        options.output.talk(terminal(f"Wrote {output}: open it in a browser."))
    return ExitCode.DONE


def _planned(project: Project, ids: tuple[str, ...]) -> Plan:
    """Plan without asking the service; a time that was missed is no reason to show nothing."""
    state = project.state()
    request = project.plan_request(state, replace(TOLERANT, target=ids), lint=True)
    check_names(request, state)
    options = replace(request.context.options, send_late=False)
    request = replace(request, context=replace(request.context, options=options))
    return make_plan(request, state, None)
