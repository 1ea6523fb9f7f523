"""`pushctl sandbox clock`: the time that pushes go by, which can stand still, jump and run."""

from __future__ import annotations

from typing import Any

import click

from pushctl.cli.commands.sandbox.connection import (
    asked,
    common,
    json_option,
    url_option,
)
from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.options import duration
from pushctl.errors import ExitCode
from pushctl.render import json_output
from pushctl.text.plural import count


@click.group("clock", invoke_without_command=True, short_help="Show and move its clock.")
@url_option
@json_option
@click.pass_context
def clock(context: click.Context, url: str | None, as_json: bool) -> int | None:
    """Show the sandbox's clock, or move it: what becomes due meanwhile is delivered, in order.

    plan, apply and status go by this clock as well.
    """
    if context.invoked_subcommand is None:
        return _told(context.obj, url, as_json)
    return None


def _told(options: GlobalOptions, url: str | None, as_json: bool, change: Any = None) -> int:
    with asked(url, options.existing_folder) as ask:
        shown = ask("POST", "clock", change) if change else ask("GET", "clock")
    runs = "stands still" if shown["frozen"] else f"runs at {shown['speed']:g} times real time"
    arrived = f"; {count(shown['delivered'], 'message', 'messages')} arrived" if change else ""
    options.output.result(
        json_output.text(shown) if as_json else f"{shown['now']}, {runs}{arrived}\n"
    )
    return ExitCode.DONE


@clock.command("freeze")
@common
def freeze(options: GlobalOptions, url: str | None, as_json: bool) -> int:
    """Let it stand still."""
    return _told(options, url, as_json, {"freeze": True})


@clock.command("run")
@click.option(
    "--speed", default="1x", metavar="NUMBERx", help="How fast: 3600x is an hour a second."
)
@common
def run(options: GlobalOptions, url: str | None, as_json: bool, speed: str) -> int:
    """Let it run."""
    try:
        times = float(speed.removesuffix("x"))
    except ValueError:
        raise click.BadParameter(f"{speed!r} is no number of times, such as 3600x") from None
    return _told(options, url, as_json, {"speed": times})


@clock.command("advance")
@click.argument("length")
@common
def advance(options: GlobalOptions, url: str | None, as_json: bool, length: str) -> int:
    """Move it ahead by a LENGTH such as 90s, 10m, 2h or 3d."""
    return _told(options, url, as_json, {"advance": duration(length)})


@clock.command("to")
@click.argument("moment")
@common
def to(options: GlobalOptions, url: str | None, as_json: bool, moment: str) -> int:
    """Set it to a MOMENT such as 2026-12-24T20:00, in the service's zone without an offset."""
    return _told(options, url, as_json, {"set": moment})


@clock.command("next")
@common
def following(options: GlobalOptions, url: str | None, as_json: bool) -> int:
    """Move it to the next delivery that waits."""
    return _told(options, url, as_json, {"next": True})
