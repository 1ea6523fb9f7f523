"""`pushctl comment`: one comment on the pull or merge request, kept up to date."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.options import option
from pushctl.codehosts.ci_job import ChangeRequest, change_request
from pushctl.codehosts.comments import Upserted, marker, upsert, with_marker
from pushctl.errors import CodeHostDeniedError, ExitCode, PushctlError
from pushctl.masking import mask
from pushctl.render.markdown.plan import LIMIT
from pushctl.render.markdown.syntax import together
from pushctl.text.escape import markdown, terminal
from pushctl.text.width import utf16_units

DONE = {
    Upserted.CREATED: "Commented on",
    Upserted.UPDATED: "Updated the comment on",
    Upserted.UNCHANGED: "Nothing new to say on",
}


@click.command("comment", short_help="Keep the plan on a pull request up to date.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@option(
    "--number",
    type=click.IntRange(min=1),
    metavar="N",
    help="The pull or merge request; that of the CI job if not given.",
)
@option(
    "--author",
    default="",
    metavar="LOGIN",
    help="Whom GitHub names as the author, if the token is an app's.",
)
@option(
    "--name",
    default="",
    metavar="TEXT",
    help="What to find the comment by, such as FOLDER/ENV, instead of the first line.",
)
@option("--note", default="", metavar="TEXT", help="One more line, such as the commit.")
@click.pass_obj
def command(
    options: GlobalOptions, /, files: tuple[Path, ...], name: str, note: str, **whose: Any
) -> int:
    """Keep one comment on the pull or merge request of this CI job up to date with files.

    The first line of a file is a marker, such as `plan --markdown` writes. The comment with the
    same marker is edited in place. Several files are one comment, shortened where there is no room.
    Reads GITHUB_TOKEN or PUSHCTL_GITLAB_TOKEN. A pull request from a fork has no token that may
    write: then it says so and ends well.
    """
    text, *more = map(_read, files)
    text = together([text, *more], LIMIT - 500) if more else text
    text = with_marker(text, name or "all") if name or more else text
    marker(text)  # what is wrong with the file is wrong everywhere
    found = change_request(os.environ, **whose)
    try:
        if found.conversation is None:
            return _restricted(options, found)
        kept = upsert(found.conversation, noted(text, note, found.conversation.longest))
    except CodeHostDeniedError as error:
        if found.restricted:
            return _restricted(options, found)
        fix = "GitHub: permissions: {pull-requests: write}; GitLab: a token with the scope api"
        raise CodeHostDeniedError(error.summary, error.detail, fix=fix) from error
    options.output.result(f"{DONE[kept]} {terminal(found.name)}.\n")
    return ExitCode.DONE


def _restricted(options: GlobalOptions, found: ChangeRequest) -> int:
    where = terminal(found.name)
    options.output.result(
        f"No comment on {where}: {found.restricted}, so this job may only read. "
        "The plan is in the summary of this run.\n"
    )
    return ExitCode.DONE


def noted(text: str, note: str, longest: int) -> str:
    """Add a line for people below a text, if there is room for it; `longest` is in UTF-16 units."""
    whole = f"{text.rstrip()}\n\n<sub>{markdown(note)}</sub>\n"
    return whole if note and utf16_units(whole) <= longest else text


def _read(path: Path) -> str:
    try:
        return mask(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        fix = "write it with: pushctl plan --markdown FILE"
        raise PushctlError("The file cannot be read", f"{path}: {why}", fix=fix) from error
