"""`pushctl validate`: every finding about the manifest, in one run, without asking anybody."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path

import click

from pushctl import __version__
from pushctl.cli.global_options import MANIFEST, GlobalOptions
from pushctl.cli.options import PATH, format_option, option
from pushctl.cli.planning.git import from_root, prefix_of
from pushctl.cli.planning.plan_options import PlanOptions
from pushctl.cli.project.project import open_project
from pushctl.diagnostics import Diagnostic, has_errors
from pushctl.errors import ExitCode, ManifestError
from pushctl.render.text import findings as findings_text
from pushctl.text.messages import _, count


@click.command("validate", short_help="Check the manifest offline.")
@click.argument("path", required=False, type=PATH)
@format_option("text", "json", "github", "sarif", "gitlab")
@option("--fix", "mend", is_flag=True, help="First mend what has one right answer, in the files.")
@click.pass_obj
def command(options: GlobalOptions, path: Path | None, format_: str, mend: bool) -> int:
    """Check the manifest offline and show every finding with file, line and column.

    PATH is a manifest, its folder, or a file that it includes; then leave out -C and -f. Reads the
    state only where it has to tell a push that was delivered from one whose time was missed. The
    formats github, sarif and gitlab name files from the root of the repository, as code hosts do.
    """
    options = _at(options, path)
    if mend:
        from pushctl.cli.project.autofix import fix  # noqa: PLC0415  (most runs mend nothing)

        fixed = fix(options.folder, lambda: _findings(options)[0])
        options.output.talk(findings_text.mended(fixed.done, fixed.problems, fixed.files))
    found, pushes = _findings(options)
    if found:
        from pushctl.cli.project.source_lines import attached  # noqa: PLC0415  (most find nothing)

        found = attached(found, options.folder)
    output = options.output
    written = _written(found, options, format_)
    (output.show if format_ == "text" else output.result)(written)
    if format_ in ("text", "github"):
        valid = _("The manifest has errors") if has_errors(found) else _("The manifest is valid")
        size = f" ({count(pushes, 'push', 'pushes')})" if pushes is not None else ""
        counted = findings_text.summary(found)
        output.show(_("{summary}: {findings}.", valid + size, counted) + "\n")
    return ExitCode.ERROR if has_errors(found) else ExitCode.DONE


def _at(options: GlobalOptions, path: Path | None) -> GlobalOptions:
    """Return the options for the manifest that a path belongs to."""
    if path is None:
        return options
    if options.folder != Path(".") or options.file != MANIFEST:
        raise click.UsageError(f"the manifest is named twice: {path}, and by -C or -f")
    if path.is_dir():
        return replace(options, folder=path)
    part = path.is_file() and not re.search(rb"^[\"']?app\b", path.read_bytes(), re.MULTILINE)
    roots = (folder for folder in path.absolute().parents if (folder / MANIFEST).is_file())
    if part and (root := next(roots, None)):
        return replace(options, folder=Path(os.path.relpath(root)))
    return replace(options, folder=path.parent, file=path.name)


def _written(found: tuple[Diagnostic, ...], options: GlobalOptions, format: str) -> str:
    if format == "text":
        return findings_text.findings(found, options.output.style)
    from pushctl.render import json_output  # noqa: PLC0415  (what is for programs takes longer)
    from pushctl.render.findings import (  # noqa: PLC0415  (see above)
        github_annotations,
        gitlab_code_quality,
        sarif,
    )

    if format == "json":
        return options.json(json_output.findings(found))
    rooted = from_root(found, options.folder)
    manifest = (prefix_of(options.folder) / options.file).as_posix()
    if format == "github":
        return github_annotations.commands(rooted)
    if format == "gitlab":
        return json_output.text(gitlab_code_quality.document(rooted, manifest=manifest))
    return json_output.text(sarif.document(rooted, version=__version__, manifest=manifest))


def _findings(options: GlobalOptions) -> tuple[tuple[Diagnostic, ...], int | None]:
    try:
        with open_project(options, online=False, only_shows=True) as project:
            compiled = project.compiled(project.store.read, PlanOptions(), lint=True)
            return compiled.diagnostics, len(compiled.pushes)
    except ManifestError as error:
        return error.diagnostics, None
