"""The command group, its global options, and the one place where errors become exit codes."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import click

from pushctl import __version__
from pushctl.cli.debug_log import Debug
from pushctl.cli.global_options import MANIFEST, GlobalOptions
from pushctl.cli.options import PATH, option
from pushctl.cli.output import Output, columns, make_streams_safe
from pushctl.cli.registry import LazyGroup
from pushctl.errors import ExitCode, ManifestError, PushctlError
from pushctl.text.escape import terminal
from pushctl.text.messages import LANGUAGES, _, local

MAX_WIDTH = 100
"""Columns of help that a terminal may have more of."""

EXIT_CODES = """\b
These options may stand before or behind the command.
Exit codes: 0 done · 1 error · 2 changes (--detailed-exitcode) · 3 refused by a guard
4 partly applied · 5 locked, stale or conflicting · 6 an outcome is unknown
64 wrong usage · 130 interrupted"""


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=EXIT_CODES,
)
@click.version_option(__version__, message="pushctl %(version)s")
@option("-C", "--chdir", type=PATH, default=Path("."), metavar="DIR", help="Work in this folder.")
@option(
    "-f",
    "--file",
    default=MANIFEST,
    metavar="FILE",
    show_default=True,
    help="The root manifest, within that folder.",
)
@option("--env", metavar="NAME", help="The environment to use, from `environments:`.")
@option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Colour on the terminal.",
)
@option("--lang", type=click.Choice(LANGUAGES), help="The language of what people read.")
@option("-q", "--quiet", is_flag=True, help="Only results and errors.")
@option("-v", "--verbose", is_flag=True, help="Say more.")
@option("--debug", is_flag=True, help="Tell of every call and where errors come from.")
@option("--now", metavar="MOMENT", hidden=True, help="Pretend that it is this moment.")
@click.pass_context
def cli(context: click.Context, /, **said: Any) -> None:
    """Scheduled mobile pushes as code: what the manifest says is delivered exactly once."""
    sink = context.obj if isinstance(context.obj, Debug) else Debug()
    context.obj = GlobalOptions.of(said, sink)
    if said["debug"]:
        sink.switch_on()


NOTHING_SENT = frozenset(
    {ExitCode.ERROR, ExitCode.CHANGES, ExitCode.REFUSED, ExitCode.CONFLICT, ExitCode.USAGE}
)
"""The codes by which a script knows that nothing was changed at the service."""


def run() -> None:
    """Run the command line of this process; always leaves through `sys.exit`."""
    make_streams_safe()
    sys.exit(_guarded())


def _guarded() -> int:
    """Run a command; whatever ends it, its exit code does not deny calls that were made."""
    debug = Debug()
    code = _ended(debug)
    sys.stdout.flush()
    lost: OSError | None = getattr(sys.stdout, "failure", None)
    if lost is not None and code in (ExitCode.DONE, ExitCode.CHANGES):
        told = f"Error: the output could not be written: {lost.strerror}"
        code = _say(f"{told}\n  What the command does was done to its end.", ExitCode.ERROR)
    if code in NOTHING_SENT and debug.changed:
        return _say(
            "Calls were made before this, and stand: each is recorded, or the next command looks\n"
            "for it. Run the same command again; it does what is left to do.",
            ExitCode.PARTIAL,
        )
    return code


def _ended(debug: Debug) -> int:
    try:
        width = max(min(columns(sys.stdout), MAX_WIDTH) - 2, 50)  # as click does
        code = cli.main(prog_name="pushctl", standalone_mode=False, obj=debug, terminal_width=width)
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.Abort:
        return _say("Interrupted.", ExitCode.INTERRUPTED)
    except KeyboardInterrupt:
        return _say(
            "Interrupted at once; what was under way is settled by the next command.",
            ExitCode.INTERRUPTED,
        )
    except click.ClickException as error:
        usage = isinstance(error, click.UsageError)
        return _say(debug.clean(_shown(error)), ExitCode.USAGE if usage else ExitCode.ERROR)
    except PushctlError as error:
        if isinstance(error, ManifestError):
            return _say(_explained(error), error.exit_code)
        debug.error(error)
        return _say(debug.clean(_explained(error)), error.exit_code)
    except OSError as error:
        debug.error(error)
        where = f"{error.filename}: " if error.filename else ""
        text = debug.clean(f"Error: {where}{error.strerror or error}")
        return _say(terminal(text), ExitCode.ERROR)
    except Exception as error:
        debug.error(error)
        return _bug(error)
    return code if isinstance(code, int) else ExitCode.DONE


def _bug(error: Exception) -> int:
    """Say that this is our mistake: nobody should have to read a traceback to learn that.

    Its words stay out, since they may quote anything, people included; `--debug` has them, masked.
    """
    import traceback  # noqa: PLC0415  (of no use unless there is a bug)

    *_, last = traceback.extract_tb(error.__traceback__)
    return _say(
        f"pushctl has a bug: {type(error).__name__} in {Path(last.filename).name}:{last.lineno}\n"
        "  What was recorded before this stands; the next command settles what was under way.\n"
        "  fix: please report it, with what the same command prints with --debug",
        ExitCode.ERROR,
    )


def _shown(error: click.ClickException) -> str:
    """Return what click says of a mistake, which quotes what was typed."""
    text = io.StringIO()
    error.show(file=text)
    return terminal(text.getvalue().rstrip("\n"), lines=True)


def _explained(error: PushctlError) -> str:
    style = Output().talk_style
    if isinstance(error, ManifestError):
        from pushctl.cli.project.source_lines import attached  # noqa: PLC0415  (`--help` shows no findings)
        from pushctl.render.text import findings as render_findings  # noqa: PLC0415  (see above)

        folder = error.folder or Path()
        listed = render_findings.findings(attached(error.diagnostics, folder), style)
        counted = render_findings.summary(error.diagnostics)
        said = _("{summary}: {findings}.", local(error.summary), counted)
        return listed + said
    lines = [style.paint(_("Error: {summary}", terminal(local(error.summary))), "red", "bold")]
    if error.detail:
        lines.append("  " + terminal(local(error.detail), lines=True).replace("\n", "\n  "))
    if error.fix:
        lines.append(_("  fix: {fix}", terminal(local(error.fix))))
    return "\n".join(lines)


def _say(text: str, code: int) -> int:
    """Write the last words."""
    Output().alarm(text)
    return code
