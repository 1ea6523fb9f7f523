"""`pushctl sandbox requests`: the calls that were made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from pushctl.cli.commands.sandbox.connection import Connection, common, sandbox_option
from pushctl.text.escape import terminal


@click.command("requests", short_help="Show the calls that were made.")
@sandbox_option("--limit", type=int, default=20, show_default=True, help="How many, the last ones.")
@common
def requests(sandbox: Connection, limit: int) -> int:
    """Show the last calls, newest last, and why the service refused some.

    The page of the sandbox copies each as a command for curl.
    """
    found = sandbox.ask("GET", f"requests?limit={limit}")["requests"]
    return sandbox.tell(found, "".join(map(_line, found)))


def _line(item: Mapping[str, Any]) -> str:
    why = f"  {item['code']}" if item.get("code") not in (None, "OK") else ""
    why += f": {item['detail']}" if item.get("detail") else ""
    why += f"  (fault: {', '.join(item['faults'])})" if item.get("faults") else ""
    status = item["status"] or "no answer"
    return terminal(f"{item['id']}  {item['at']}  {item['op']}  {status}{why}") + "\n"
