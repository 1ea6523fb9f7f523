"""`pushctl resume`: undo a stop."""

from __future__ import annotations

from collections.abc import Sequence

import click

from pushctl.apply.stop import resume_pushes
from pushctl.cli.commands.stop import Selection, naming
from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.options import lock_timeout
from pushctl.cli.project.project import open_recorded
from pushctl.errors import ExitCode
from pushctl.state.history import HistoryEntry
from pushctl.text.escape import terminal
from pushctl.text.plural import count


@click.command("resume", short_help="Let stopped pushes run again.")
@naming
@lock_timeout
@click.pass_obj
def command(
    options: GlobalOptions,
    /,
    ids: tuple[str, ...],
    labels: tuple[tuple[str, str], ...],
    everything: bool,
    dry_run: bool,
    lock_timeout: float,
) -> int:
    """Let stopped pushes run again; the next apply creates what is still ahead of them.

    Calls nothing by itself, so that a plan shows what comes back before it does.
    """
    selection = Selection(ids, dict(labels), everything)
    with open_recorded(options) as (project, state):
        if dry_run:
            stopped = [id for id in selection.of(state) if state.pushes[id].stopped]
            options.output.show(project.clock_line + _said("Would resume", stopped))
            return ExitCode.DONE
        with project.store.lock("resume", timeout=lock_timeout) as lease:
            resumed = resume_pushes(selection.of(lease.state), lease)
            if resumed:
                what = f"resume {' '.join(resumed)}"
                project.store.append_history(HistoryEntry(what=what, pushes={"resume": resumed}))
    options.output.show(project.clock_line + _said("Resumed", resumed))
    if resumed:
        options.output.talk("Next: pushctl plan")
    return ExitCode.DONE


def _said(what: str, ids: Sequence[str]) -> str:
    if not ids:
        return "None of them is stopped.\n"
    listed = ", ".join(terminal(id) for id in ids)
    return f"{what} {count(len(ids), 'push', 'pushes')}: {listed}.\n"
