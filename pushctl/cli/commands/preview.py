"""`pushctl preview`: how pushes will look, when they come and to whom, as one file; asks nobody."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import click

from pushctl.cli.commands.plan import check_names, tariff
from pushctl.cli.global_options import Invocation
from pushctl.cli.html_output import html
from pushctl.cli.options import option
from pushctl.cli.project import TOLERANT, Session, begin
from pushctl.cli.write_file import write_file
from pushctl.errors import ExitCode
from pushctl.plan.plan import Plan
from pushctl.plan.planner import make_plan
from pushctl.text.escape import terminal


@click.command("preview", short_help="Write a page that shows the pushes on phones.")
@click.argument("ids", metavar="[ID]...", nargs=-1)
@option(
    "--output",
    "-o",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Where to write it; to stdout if that is no screen.",
)
@click.pass_obj
def command(invocation: Invocation, ids: tuple[str, ...], output: Path | None) -> int:
    """Write one file for a browser: calendar, phones, people, changes and findings.

    Nobody is asked: it shows what the manifest says beside what the state remembers. The file
    needs no network and runs nothing, so it can be mailed, archived and printed.
    """
    if output is None and sys.stdout.isatty():
        raise click.UsageError("Name a file to write the page to: -o preview.html")
    with begin(invocation, online=False) as session:
        text = html(session, _planned(session, ids), tariff(session), preview=True)
    if output is None:
        invocation.output.result(text)
    else:
        write_file(output, text)
        invocation.output.talk(terminal(f"Wrote {output}: open it in a browser."))
    return ExitCode.DONE


def _planned(session: Session, ids: tuple[str, ...]) -> Plan:
    """Plan without asking the service; a time that was missed is no reason to show nothing."""
    state = session.store.read() or session.empty_state()
    wishes = session.wishes(state, replace(TOLERANT, target=ids), lint=True)
    check_names(wishes, state)
    intent = replace(wishes.context.intent, send_late=False)
    wishes = replace(wishes, context=replace(wishes.context, intent=intent))
    return make_plan(wishes, state, None)
