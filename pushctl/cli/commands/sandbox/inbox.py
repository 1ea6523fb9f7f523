"""`pushctl sandbox inbox | requests`: what arrived on phones, and the calls that were made."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import click

from pushctl.cli.commands.sandbox.connection import PAUSE, Connection, common, sandbox_option
from pushctl.cli.options import duration
from pushctl.errors import ExitCode
from pushctl.text.escape import terminal
from pushctl.text.plural import count

PAGE = 500
"""Messages that are asked for at once."""


@click.command("inbox", short_help="Show what arrived on phones.")
@sandbox_option("--user", help="Only what this target got.")
@sandbox_option(
    "--search",
    default="",
    metavar="WORDS",
    help="Only what has these words; user:, vendor:, is:, app:, task:, title:, before: and after:"
    " look at one thing, - before a word negates it.",
)
@sandbox_option("--follow", is_flag=True, help="Go on with what arrives, until interrupted.")
@sandbox_option("--wait", type=int, metavar="N", help="Wait for N messages; exit code 1 if fewer.")
@sandbox_option("--timeout", default="30s", metavar="LENGTH", help="How long to wait at most.")
@common
def inbox(
    sandbox: Connection, user: str | None, search: str, follow: bool, wait: int | None, timeout: str
) -> int:
    """Show what phones got, oldest first, and why a message is not simply shown.

    With --follow, a message is shown again when something else becomes of it.
    """
    until, output = time.monotonic() + duration(timeout), sandbox.options.output
    seen, news = dict[int, str](), list[Mapping[str, Any]]()
    while True:
        news += _news(sandbox, search, user, seen)
        if sandbox.format != "json":
            for message in news:
                sandbox.tell(message, _text(message))
            news.clear()
        enough = wait is None or len(seen) >= wait or time.monotonic() >= until
        if sandbox.format == "json" and enough and (news or not follow):
            sandbox.tell(news, "", "messages")
            news.clear()
        if enough and not follow:
            break
        time.sleep(PAUSE)
    if wait is not None and len(seen) < wait:
        output.alarm(f"Only {len(seen)} of {wait} messages arrived within {timeout}.")
        return ExitCode.ERROR
    if not seen and sandbox.format == "text":
        output.talk("Nothing arrived yet.")
    return ExitCode.DONE


def _news(
    sandbox: Connection, search: str, user: str | None, seen: dict[int, str]
) -> list[Mapping[str, Any]]:
    """Return the messages that are new, or became something else, oldest first.

    `seen` holds by id what became of those that were returned before; these are added.
    """
    if user is not None and '"' not in user:
        search = f'user:"{user}" {search}'
    query, found = {"q": search, "limit": PAGE}, list[Mapping[str, Any]]()
    while True:
        page = sandbox.ask("GET", f"inbox?{urlencode(query)}")
        mine = [item for item in page["messages"] if user in (None, item["user"])]
        news = [item for item in mine if seen.get(item["id"]) != item["outcome"]]
        found += news
        if page["next"] is None or len(news) < len(mine):
            break
        query["before"] = page["next"]
    seen.update((item["id"], item["outcome"]) for item in found)
    return found[::-1]


def _text(message: Mapping[str, Any]) -> str:
    phone = ", ".join(filter(None, (message["device"], message["vendor"])))
    more = f" ({phone})" if phone else ""
    if message["channel"] == "sms":
        more += f", SMS in {count(message['segments'], 'part', 'parts')}"
    if message["outcome"] != "shown":
        more += f", {message['outcome']}"
        more += f": {message['rule']}" if message["rule"] else ""
        more += f", kept until {message['until']}" if message["until"] else ""
    head = f"{message['at']}  {message['user']}{more}"
    body = message["content"].replace("\n", "\n  ")
    return terminal(f"{head}\n  {message['title']}\n  {body}\n", lines=True)


@click.command("requests", short_help="Show the calls that were made.")
@sandbox_option("--limit", type=int, default=20, show_default=True, help="How many, the last ones.")
@common
def requests(sandbox: Connection, limit: int) -> int:
    """Show the last calls, newest last, and why the service refused some.

    The page of the sandbox copies each as a command for curl.
    """
    found = sandbox.ask("GET", f"requests?limit={limit}")["requests"]
    return sandbox.tell(found, "".join(map(_request, found)), "requests")


def _request(item: Mapping[str, Any]) -> str:
    why = f"  {item['code']}" if item.get("code") not in (None, "OK") else ""
    why += f": {item['detail']}" if item.get("detail") else ""
    why += f"  (fault: {', '.join(item['faults'])})" if item.get("faults") else ""
    status = item["status"] or "no answer"
    return terminal(f"{item['id']}  {item['at']}  {item['op']}  {status}{why}") + "\n"
