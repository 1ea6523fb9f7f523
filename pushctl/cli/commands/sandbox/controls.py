"""`pushctl sandbox fault | knob | inbox | requests | reset`: break it, set it, look into it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

import click

from pushctl.cli.commands.sandbox.connection import Ask, asked, common
from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.options import duration, option
from pushctl.errors import ExitCode
from pushctl.render import json_output
from pushctl.text.escape import terminal
from pushctl.text.plural import count

PAUSE = 0.2
"""Seconds between two looks at the inbox."""


# --- faults ---------------------------------------------------------------------------------------


@click.group("fault", short_help="Let calls go wrong.")
def fault() -> None:
    """Let calls go wrong: add, list and clear faults."""


@fault.command("add")
@click.argument("kind")
@click.option("--op", help="Only calls of this operation, such as PushSimple.")
@click.option("--times", type=int, help="How many calls; all without it.")
@click.option("--after", type=int, help="Skip so many calls first.")
@click.option("--match", help="Only calls in which this text stands.")
@click.option("--seconds", type=float, help="How long, for kinds that wait.")
@click.option("--effect", help="Whether the call takes effect all the same: none or done.")
@common
def add(
    options: GlobalOptions, url: str | None, as_json: bool, kind: str, **rule: str | float | None
) -> int:
    """Add a fault of a KIND, such as lost-response, http-503 or slow; `fault list` knows all."""
    said = {name: value for name, value in rule.items() if value is not None}
    with asked(url, options.existing_folder) as ask:
        made = ask("POST", "faults", {"kind": kind, **said})
    options.output.result(json_output.text(made) if as_json else f"{_fault(made)}\n")
    return ExitCode.DONE


@fault.command("list")
@common
def listed(options: GlobalOptions, url: str | None, as_json: bool) -> int:
    """List the faults that there are, and the kinds that there may be."""
    with asked(url, options.existing_folder) as ask:
        rules, kinds = ask("GET", "faults")["faults"], ask("GET", "")["fault_kinds"]
    if as_json:
        options.output.result(json_output.text({"faults": rules, "kinds": kinds}))
        return ExitCode.DONE
    lines = [*map(_fault, rules)] or ["No faults: every call goes well."]
    width = max(len(kind["kind"]) for kind in kinds)
    lines += ["", "Kinds:", *(f"  {kind['kind']:{width}}  {kind['meaning']}" for kind in kinds)]
    options.output.result("\n".join(lines) + "\n")
    return ExitCode.DONE


@fault.command("clear")
@click.argument("id", required=False, type=int)
@common
def clear(options: GlobalOptions, url: str | None, as_json: bool, id: int | None) -> int:
    """Take away the fault with an ID, or all of them."""
    with asked(url, options.existing_folder) as ask:
        gone = ask("DELETE", "faults" if id is None else f"faults/{id}")
    said = f"{count(gone['deleted'], 'fault', 'faults')} taken away\n"
    options.output.result(json_output.text(gone) if as_json else said)
    return ExitCode.DONE


def _fault(rule: Mapping[str, Any]) -> str:
    times = rule["times"]
    left = "every call" if times is None else f"{count(times, 'call', 'calls')} more"
    more = f", in which {rule['match']!r} stands" if rule["match"] else ""
    line = f"#{rule['id']} {rule['kind']} on {rule['op']}: {left}{more}, hit {rule['hits']}"
    return terminal(line)


# --- knobs ----------------------------------------------------------------------------------------


@click.command("knob", short_help="Show and set what is not known of the service.")
@click.argument("settings", nargs=-1, metavar="[NAME=VALUE...]")
@common
def knob(options: GlobalOptions, url: str | None, as_json: bool, settings: tuple[str, ...]) -> int:
    """Show what the sandbox assumes about the service, or assume something else.

    `GET /_sandbox/assumptions` says what each knob decides, and how to find out what is true.
    """
    pairs = [item.partition("=") for item in settings]
    if wrong := next((name for name, sign, _ in pairs if not (name and sign)), None):
        raise click.BadParameter(f"{wrong!r} is not NAME=VALUE")
    with asked(url, options.existing_folder) as ask:
        body = {name: value for name, _, value in pairs}
        knobs = (ask("POST", "knobs", body) if body else ask("GET", "knobs"))["knobs"]
    width = max(map(len, knobs))
    lines = "".join(f"{name:{width}}  {value}\n" for name, value in knobs.items())
    options.output.result(json_output.text(knobs) if as_json else lines)
    return ExitCode.DONE


# --- what happened --------------------------------------------------------------------------------


@click.command("inbox", short_help="Show what arrived on phones.")
@option("--user", help="Only what this target got.", envvar="PUSHCTL_SANDBOX_USER")
@option(
    "--follow",
    is_flag=True,
    help="Go on with what arrives, until interrupted.",
    envvar="PUSHCTL_SANDBOX_FOLLOW",
)
@option(
    "--wait",
    type=int,
    metavar="N",
    help="Wait until N messages are there; the exit code is 1 if they do not come.",
    envvar="PUSHCTL_SANDBOX_WAIT",
)
@option(
    "--timeout",
    default="30s",
    metavar="LENGTH",
    help="How long to wait at most.",
    envvar="PUSHCTL_SANDBOX_TIMEOUT",
)
@common
def inbox(
    options: GlobalOptions,
    url: str | None,
    as_json: bool,
    user: str | None,
    follow: bool,
    wait: int | None,
    timeout: str,
) -> int:
    """Show what arrived, oldest first."""
    until = time.monotonic() + duration(timeout)
    with asked(url, options.existing_folder) as ask:
        got = 0
        for delivery in _arrived(ask, user, follow=follow, wait=wait, until=until):
            got += 1
            options.output.result(json_output.text(delivery) if as_json else _message(delivery))
    if wait is not None and got < wait:
        options.output.alarm(f"Only {got} of {wait} messages arrived within {timeout}.")
        return ExitCode.ERROR
    if not got and not as_json:
        options.output.talk("Nothing arrived yet.")
    return ExitCode.DONE


def _arrived(
    ask: Ask, user: str | None, *, follow: bool, wait: int | None, until: float
) -> Iterator[Mapping[str, Any]]:
    last = got = 0
    while True:
        for delivery in ask("GET", f"deliveries?after={last}")["deliveries"]:
            last = delivery["id"]
            if user in (None, delivery["target"]):
                got += 1
                yield delivery
        enough = wait is None or got >= wait or time.monotonic() >= until
        if enough and not follow:
            return
        time.sleep(PAUSE)


def _message(delivery: Mapping[str, Any]) -> str:
    revoked = ", revoked" if delivery["revoked"] else ""
    line = f"{delivery['at']}  {delivery['target']}{revoked}\n  {delivery['title']}\n"
    body = delivery["content"].replace("\n", "\n  ")
    return terminal(f"{line}  {body}\n", lines=True)


@click.command("requests", short_help="Show the calls that were made.")
@option(
    "--limit",
    type=int,
    default=20,
    show_default=True,
    help="How many, the last ones.",
    envvar="PUSHCTL_SANDBOX_LIMIT",
)
@common
def requests(options: GlobalOptions, url: str | None, as_json: bool, limit: int) -> int:
    """Show the last calls, newest last."""
    with asked(url, options.existing_folder) as ask:
        found = ask("GET", f"requests?limit={limit}")["requests"]
    lines = (f"{item['at']}  {item['op']}  {item.get('status', '')}" for item in found)
    text = "".join(terminal(line.rstrip()) + "\n" for line in lines)
    options.output.result(json_output.text(found) if as_json else text)
    return ExitCode.DONE


@click.command("reset", short_help="Begin anew.")
@common
def reset(options: GlobalOptions, url: str | None, as_json: bool) -> int:
    """Forget everything: tasks, deliveries, faults, knobs, and where the clock was."""
    with asked(url, options.existing_folder) as ask:
        said = ask("POST", "reset", {"all": True})
    options.output.result(json_output.text(said) if as_json else "The sandbox is as new.\n")
    return ExitCode.DONE
