"""`pushctl sandbox requests`: the calls that were made, and how to make one again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from shlex import quote
from typing import Any

import click

from pushctl.cli.commands.sandbox.connection import Connection, common, sandbox_option
from pushctl.errors import ConfigError, ExitCode
from pushctl.text.escape import terminal

ADDRESS = "http://127.0.0.1:4010"
"""Where `sandbox up` listens unless told otherwise."""


@click.command("requests", short_help="Show the calls that were made.")
@sandbox_option("--limit", type=int, default=20, show_default=True, help="How many, the last ones.")
@sandbox_option("--curl", type=int, metavar="ID", help="Show this one as a command for curl.")
@common
def requests(sandbox: Connection, limit: int, curl: int | None) -> int:
    """Show the last calls, newest last, and why the service refused some."""
    if curl is not None:
        sandbox.options.output.result(_curl(_found(sandbox, curl), sandbox.url or ADDRESS))
        return ExitCode.DONE
    found = sandbox.ask("GET", f"requests?limit={limit}")["requests"]
    return sandbox.tell(found, "".join(map(_line, found)), "requests")


def _line(item: Mapping[str, Any]) -> str:
    why = f"  {item['code']}" if item.get("code") not in (None, "OK") else ""
    why += f": {item['detail']}" if item.get("detail") else ""
    why += f"  (fault: {', '.join(item['faults'])})" if item.get("faults") else ""
    status = item["status"] or "no answer"
    return terminal(f"{item['id']}  {item['at']}  {item['op']}  {status}{why}") + "\n"


def _found(sandbox: Connection, id: int) -> Mapping[str, Any]:
    for item in sandbox.ask("GET", f"requests?before={id + 1}&limit=1")["requests"]:
        if item["id"] == id and "truncated" not in item.get("params", ["truncated"]):
            return dict(item)
    detail = f"{id} is not there any more, or was not kept whole"
    raise ConfigError("There is no such request", detail, fix="pushctl sandbox requests lists them")


def _curl(item: Mapping[str, Any], url: str) -> str:
    """Return a command that makes a call again, with a key that the sandbox does not verify."""
    fields = {"Action": item["op"], "Version": item["version"], "Format": "JSON"}
    fields |= {"AccessKeyId": "test", "Signature": "none", **_fields(item["params"])}
    data = [f"--data-urlencode {quote(f'{name}={text}')}" for name, text in fields.items()]
    return terminal(" \\\n  ".join([f"curl {quote(url)}", *data]) + "\n", lines=True)


def _fields(params: Mapping[str, Any]) -> dict[str, str]:
    """Return parameters as they are sent: maps as JSON, lists of maps by numbers."""
    fields: dict[str, Any] = {}
    for name, value in params.items():
        many = isinstance(value, list) and all(isinstance(item, dict) for item in value)
        for number, item in enumerate(value, start=1) if many else ():
            fields |= {f"{name}.{number}.{key}": inner for key, inner in item.items()}
        fields |= {} if many else {name: value}
    return {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for name, value in fields.items()
    }
