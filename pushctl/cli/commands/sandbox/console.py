"""`pushctl sandbox console`: do what somebody does by hand in the vendor's console."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import click

from pushctl.cli.commands.sandbox.connection import Connection, common, sandbox_option
from pushctl.text.escape import terminal
from pushctl.text.plural import count


@click.group("console", short_help="Do what somebody does by hand.")
def console() -> None:
    """Do what somebody does by hand in the vendor's console, behind pushctl's back."""


@console.command("create")
@sandbox_option("--title", required=True, help="What stands above the text.")
@sandbox_option("--content", required=True, help="The text.")
@sandbox_option("--target", "targets", multiple=True, required=True, help="A user (repeatable).")
@sandbox_option("--at", metavar="MOMENT", help="When, such as 2026-12-24T20:00; now without it.")
@sandbox_option("--app", metavar="APP/WORKSPACE", help="Needed if there are several.")
@common
def create(sandbox: Connection, **said: Any) -> int:
    """Create a push as somebody does who types it into the console."""
    made = sandbox.ask("POST", "console", {key: value for key, value in said.items() if value})
    return sandbox.tell(made, terminal(f"Task {made['id']} is created for {made['app']}.") + "\n")


@console.command("cancel")
@click.argument("id")
@common
def cancel(sandbox: Connection, id: str) -> int:
    """Cancel what waits of a task, or one occurrence of it; ID is that of either."""
    said = sandbox.ask("POST", f"tasks/{quote(id, safe='')}/cancel")
    return sandbox.tell(said, f"{count(said['cancelled'], 'delivery', 'deliveries')} cancelled\n")
