"""`pushctl sandbox fault | knob | reset`: let calls go wrong, assume something else, begin anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from pushctl.cli.commands.sandbox.connection import Connection, common, pairs, sandbox_option
from pushctl.text.escape import terminal
from pushctl.text.plural import count


@click.group("fault", short_help="Let calls go wrong.")
def fault() -> None:
    """Let calls go wrong: add, list and clear faults."""


@fault.command("add")
@click.argument("kind")
@sandbox_option("--op", help="Only calls of this operation, such as PushSimple.")
@sandbox_option("--times", type=int, help="How many calls; all without it.")
@sandbox_option("--after", type=int, help="Skip so many calls first.")
@sandbox_option("--match", help="Only calls in which this text stands.")
@sandbox_option("--seconds", type=float, help="How long, for kinds that wait.")
@sandbox_option("--effect", help="Whether the call takes effect all the same: none or done.")
@common
def add(sandbox: Connection, **rule: str | float | None) -> int:
    """Add a fault of a KIND, such as lost-response, http-503 or slow; `fault list` knows all."""
    said = {name: value for name, value in rule.items() if value is not None}
    made = sandbox.ask("POST", "faults", said)
    return sandbox.tell(made, f"{_fault(made)}\n")


@fault.command("list")
@common
def listed(sandbox: Connection) -> int:
    """List the faults that there are, and the kinds that there may be."""
    rules, kinds = sandbox.ask("GET", "faults")["faults"], sandbox.ask("GET", "")["fault_kinds"]
    lines = [*map(_fault, rules)] or ["No faults: every call goes well."]
    width = max(len(kind["kind"]) for kind in kinds)
    lines += ["", "Kinds:", *(f"  {kind['kind']:{width}}  {kind['meaning']}" for kind in kinds)]
    return sandbox.tell({"faults": rules, "kinds": kinds}, "\n".join(lines) + "\n")


@fault.command("clear")
@click.argument("id", required=False, type=int)
@common
def clear(sandbox: Connection, id: int | None) -> int:
    """Take away the fault with an ID, or all of them."""
    gone = sandbox.ask("DELETE", "faults" if id is None else f"faults/{id}")
    return sandbox.tell(gone, f"{count(gone['deleted'], 'fault', 'faults')} taken away\n")


def _fault(rule: Mapping[str, Any]) -> str:
    times = rule["times"]
    left = "every call" if times is None else f"{count(times, 'call', 'calls')} more"
    more = f", in which {rule['match']!r} stands" if rule["match"] else ""
    line = f"#{rule['id']} {rule['kind']} on {rule['op']}: {left}{more}, hit {rule['hits']}"
    return terminal(line)


@click.command("knob", short_help="Show and set what is not known of the service.")
@click.argument("settings", nargs=-1, metavar="[NAME=VALUE...]")
@common
def knob(sandbox: Connection, settings: tuple[str, ...]) -> int:
    """Show what the sandbox assumes about the service, or assume something else.

    `GET /_sandbox/assumptions` says what each knob decides, and how to find out what is true.
    """
    body = pairs(settings)
    knobs = (sandbox.ask("POST", "knobs", body) if body else sandbox.ask("GET", "knobs"))["knobs"]
    width = max(map(len, knobs))
    lines = "".join(f"{key:{width}}  {value}\n" for key, value in knobs.items())
    return sandbox.tell(knobs, lines, "knobs")


@click.command("reset", short_help="Begin anew.")
@common
def reset(sandbox: Connection) -> int:
    """Forget everything: tasks, deliveries, faults, knobs, and where the clock was."""
    options, state = sandbox.options, f"{sandbox.options.state_name}.state.*"
    if any(options.folder.glob(state)):
        options.output.talk(
            "Tasks that the state of this folder knows are not created again."
            f"\nMove {options.folder / state} away to begin anew there, too."
        )
    return sandbox.tell(sandbox.ask("POST", "reset", {"all": True}), "The sandbox is as new.\n")
