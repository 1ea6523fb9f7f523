"""`pushctl sandbox`: the emulator of the service, as a server of its own."""

from __future__ import annotations

import threading
from pathlib import Path

import click

from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.options import option
from pushctl.cli.signals import asks_to_stop
from pushctl.errors import ConfigError, ExitCode


@click.group("sandbox", short_help="Emulate the push service on this machine.")
def group() -> None:
    """An emulator of the push service on this machine; needs no account."""


@group.command("up")
@option(
    "--port",
    type=click.IntRange(0, 65535),
    default=4010,
    show_default=True,
    help="The port on 127.0.0.1; 0 takes a free one.",
    envvar="PUSHCTL_SANDBOX_PORT",
)
@option(
    "--data",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Keep everything in this file; without it, in memory.",
    envvar="PUSHCTL_SANDBOX_DATA",
)
@option(
    "--at",
    metavar="MOMENT",
    envvar="PUSHCTL_SANDBOX_AT",
    help="Start a new sandbox's clock at this moment and let it stand still.",
)
@click.pass_obj
def up(options: GlobalOptions, port: int, data: Path | None, at: str | None) -> int:
    """Run the sandbox until it is interrupted; prints its URL when it is ready."""
    from pushctl.sandbox import Sandbox  # noqa: PLC0415  (only this command serves)

    stop = threading.Event()
    try:
        sandbox = Sandbox(data=data, port=port, now=at)
        sandbox.start()
    except (OSError, ValueError) as error:
        raise ConfigError("The sandbox cannot start", str(error)) from error
    try:
        with asks_to_stop(stop, options.output.talk):
            options.output.result(f"pushctl sandbox ready on {sandbox.url}\n")
            options.output.talk(f"Use it: PUSHCTL_ENDPOINT={sandbox.url} pushctl plan")
            stop.wait()
    finally:
        sandbox.close()
    return ExitCode.DONE
