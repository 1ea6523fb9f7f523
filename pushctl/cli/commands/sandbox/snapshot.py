"""`pushctl sandbox snapshot`: keep everything as it is under a name, and go back to it."""

from __future__ import annotations

from urllib.parse import quote

import click

from pushctl.cli.commands.sandbox.connection import Connection, common


@click.group("snapshot", short_help="Save everything under a name, and go back to it.")
def snapshot() -> None:
    """Save everything under a name, and go back to it: tasks, messages, faults, knobs, clock.

    Snapshots of a sandbox with a data file are files beside it; those of one in memory end with it.
    """


@snapshot.command("save")
@click.argument("name")
@common
def save(sandbox: Connection, name: str) -> int:
    """Save everything under a NAME, instead of what was saved under it before."""
    said = sandbox.ask("POST", _page(name))
    again = ", instead of what it was before" if said["replaced"] else ""
    return sandbox.tell(said, f"Saved as {name}{again}.\n")


@snapshot.command("load")
@click.argument("name")
@common
def load(sandbox: Connection, name: str) -> int:
    """Make everything as it was when it was saved under a NAME."""
    said = sandbox.ask("POST", f"{_page(name)}/load")
    return sandbox.tell(said, f"Everything is as saved as {name}; the clock shows {said['now']}.\n")


@snapshot.command("list")
@common
def listed(sandbox: Connection) -> int:
    """List what was saved."""
    said = sandbox.ask("GET", "snapshots")
    lines = "".join(f"{item['name']}\n" for item in said["snapshots"])
    return sandbox.tell(said, lines or "No snapshots.\n")


@snapshot.command("delete")
@click.argument("name")
@common
def delete(sandbox: Connection, name: str) -> int:
    """Delete what was saved under a NAME."""
    return sandbox.tell(sandbox.ask("DELETE", _page(name)), f"{name} is deleted.\n")


def _page(name: str) -> str:
    # One that is too long or empty would be another page; so it is refused by name.
    return f"snapshots/{quote(name, safe='')[:200] or '-'}"
