"""`pushctl history`: who applied what, when, and from which commit."""

from __future__ import annotations

from dataclasses import asdict

import click

from pushctl.cli.global_options import Invocation
from pushctl.cli.offline_project import store_of
from pushctl.cli.options import format_option, option
from pushctl.errors import PushctlError
from pushctl.render import json_output
from pushctl.render.text import history as history_text
from pushctl.text.escape import terminal


@click.command("history", short_help="Show who applied what, and from which commit.")
@click.argument("id", required=False)
@option("--limit", type=click.IntRange(min=1), metavar="N", help="Only the newest N.")
@format_option("text", "json")
@click.pass_obj
def command(invocation: Invocation, id: str | None, limit: int | None, format_: str) -> None:
    """Show who changed the state when, by which command and from which commit; the newest last.

    With an ID only what happened to that push, as far as it was written down.
    """
    store = store_of(invocation)
    changes = store.changes()
    found = [item for item in changes if id is None or item.is_about(id)]
    if id is not None and not found:
        _refuse_unknown(id, known=id in (state.pushes if (state := store.read()) else {}))
    if limit is not None:
        found = found[-limit:]
    output = invocation.output
    if format_ == "json":
        output.result(json_output.text([asdict(item) for item in found]))
    elif not found and id is None:
        output.result("Nothing has changed the state yet.\n")
    elif not found:
        output.result(f"{terminal(str(id))} was applied before changes were written down.\n")
    else:
        output.result(history_text.lines(found, id))


def _refuse_unknown(id: str, *, known: bool) -> None:
    """A typo must not look like a push to which nothing happened."""
    if not known:
        raise PushctlError("Nothing is recorded under this id", id, fix="pushctl state list")
