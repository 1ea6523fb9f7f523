"""`pushctl sandbox clock`: the time that pushes go by, which can stand still, jump and run."""

from __future__ import annotations

from typing import Any

import click

from pushctl.cli.commands.sandbox.connection import (
    Connection,
    common,
    connected,
    json_option,
    sandbox_option,
    url_option,
)
from pushctl.cli.options import duration
from pushctl.errors import ExitCode
from pushctl.text.plural import count


@click.group("clock", invoke_without_command=True, short_help="Show and move its clock.")
@url_option
@json_option
@click.pass_context
def clock(context: click.Context, /, **where: Any) -> int:
    """Show the sandbox's clock, or move it: what becomes due meanwhile is delivered, in order.

    plan, apply and status go by this clock as well.
    """
    if context.invoked_subcommand is None:
        with connected(context.obj, **where) as sandbox:
            return _told(sandbox)
    return ExitCode.DONE


def _told(sandbox: Connection, **change: Any) -> int:
    shown = sandbox.ask("POST", "clock", change) if change else sandbox.ask("GET", "clock")
    runs = "stands still" if shown["frozen"] else f"runs at {shown['speed']:g} times real time"
    arrived = f"; {count(shown['delivered'], 'message', 'messages')} arrived" if change else ""
    return sandbox.tell(shown, f"{shown['now']}, {runs}{arrived}\n")


@clock.command("freeze")
@common
def freeze(sandbox: Connection) -> int:
    """Let it stand still."""
    return _told(sandbox, freeze=True)


@clock.command("run")
@sandbox_option("--speed", default="1x", metavar="NUMBERx", help="3600x is an hour a second.")
@common
def run(sandbox: Connection, speed: str) -> int:
    """Let it run."""
    try:
        times = float(speed.removesuffix("x"))
    except ValueError:
        raise click.BadParameter(f"{speed!r} is no number of times, such as 3600x") from None
    return _told(sandbox, speed=times)


@clock.command("advance")
@click.argument("length")
@common
def advance(sandbox: Connection, length: str) -> int:
    """Move it ahead by a LENGTH such as 90s, 10m, 2h or 3d."""
    return _told(sandbox, advance=duration(length))


@clock.command("to")
@click.argument("moment")
@common
def to(sandbox: Connection, moment: str) -> int:
    """Set it to a MOMENT such as 2026-12-24T20:00, in the service's zone without an offset."""
    return _told(sandbox, set=moment)


@clock.command("next")
@common
def following(sandbox: Connection) -> int:
    """Move it to the next delivery that waits."""
    return _told(sandbox, next=True)
