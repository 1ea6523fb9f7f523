"""`pushctl history`: who applied what, when, and from which commit."""

from __future__ import annotations

import click
from msgspec import to_builtins

from pushctl.cli.ci.state import hint
from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.options import format_option, option
from pushctl.cli.project.project import open_store, read, record_of
from pushctl.cli.service.settings import local_zone
from pushctl.render import json_output
from pushctl.render.text import history as history_text
from pushctl.state.state import State
from pushctl.text.escape import terminal


@click.command("history", short_help="Show who applied what, and from which commit.")
@click.argument("id", required=False)
@option("--limit", type=click.IntRange(min=1), metavar="N", help="Only the newest N.")
@format_option("text", "json")
@click.pass_obj
def command(options: GlobalOptions, id: str | None, limit: int | None, format_: str) -> None:
    """Show who changed the state when, by which command and from which commit; the newest last.

    With an ID only what happened to that push, as far as it was written down.
    """
    manifest = read(options).manifest
    store = open_store(options, manifest=manifest)
    found = [item for item in store.history() if id is None or item.is_about(id)]
    if id is not None and not found:
        record_of(store.read() or State("", "", ""), id)  # a typo must not look like no changes
    if limit is not None:
        found = found[-limit:]
    output = options.output
    if format_ == "json":
        output.result(json_output.text([to_builtins(item) for item in found]))
    elif not found and id is None:
        output.show("Nothing has changed the state yet.\n")
        if note := hint(options, manifest):
            output.talk(f"Note: {terminal(note)}")
    elif not found:
        output.show(f"{terminal(str(id))} was applied before changes were written down.\n")
    else:
        output.show(history_text.lines(found, id, zone=local_zone(manifest)))
