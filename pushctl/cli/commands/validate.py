"""`pushctl validate`: every finding about the manifest, in one run, without asking anybody."""

from __future__ import annotations

import click

from pushctl import __version__
from pushctl.cli.excerpts import attached
from pushctl.cli.fixing import fix
from pushctl.cli.invocation import Invocation
from pushctl.cli.options import format_option, option
from pushctl.cli.session import Choices, begin
from pushctl.diagnostics import Diagnostic, has_errors
from pushctl.errors import ExitCode, ManifestError
from pushctl.render import documents, findings
from pushctl.render.facts import count


@click.command("validate", short_help="Check the manifest offline.")
@format_option("text", "json")
@option("--fix", "mend", is_flag=True, help="First mend what has one right answer, in the files.")
@click.pass_obj
def command(invocation: Invocation, format_: str, mend: bool) -> int:
    """Check the manifest offline and show every finding with file, line and column.

    Reads the local state file, if there is one, to tell a push that was delivered from one whose
    time was missed.
    """
    if mend:
        fixed = fix(invocation.folder, lambda: _findings(invocation)[0])
        invocation.output.talk(findings.mended(fixed.done, fixed.problems, fixed.files))
    found, pushes = _findings(invocation)
    found = attached(found, invocation.folder)
    output = invocation.output
    if format_ == "json":
        output.result(documents.text(documents.findings(found, version=__version__)))
    else:
        output.result(findings.findings(found, output.style))
        valid = "The manifest is valid" if not has_errors(found) else "The manifest has errors"
        size = f" ({count(pushes, 'push', 'pushes')})" if pushes is not None else ""
        output.result(f"{valid}{size}: {findings.summary(found)}.\n")
    return ExitCode.ERROR if has_errors(found) else ExitCode.DONE


def _findings(invocation: Invocation) -> tuple[tuple[Diagnostic, ...], int | None]:
    try:
        with begin(invocation, online=False) as session:
            state = session.store.read()
            compiled = session.compiled(state, Choices(), lint=True)
            return compiled.diagnostics, len(compiled.pushes)
    except ManifestError as error:
        return error.diagnostics, None
