"""`pushctl resume`: undo a stop."""

from __future__ import annotations

import click

from pushctl.apply.stop import resume_pushes
from pushctl.cli.commands.stop import Selection, naming
from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.options import lock_timeout
from pushctl.cli.project import open_recorded
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
    lock_timeout: float,
) -> int:
    """Let stopped pushes run again; the next apply creates what is still ahead of them.

    Calls nothing by itself, so that a plan shows what comes back before it does.
    """
    with (
        open_recorded(options) as (project, _),
        project.store.lock("resume", timeout=lock_timeout) as lease,
    ):
        selected = Selection(ids, dict(labels), everything).of(lease.state)
        resumed = resume_pushes(selected, lease)
        if resumed:
            what = f"resume {' '.join(resumed)}"
            project.store.append_history(HistoryEntry(what=what, pushes={"resume": resumed}))
    output = options.output
    if not resumed:
        output.result("None of them is stopped.\n")
        return ExitCode.DONE
    listed = ", ".join(terminal(id) for id in resumed)
    output.result(f"Resumed {count(len(resumed), 'push', 'pushes')}: {listed}.\n")
    output.talk("Next: pushctl plan")
    return ExitCode.DONE
