"""`pushctl sandbox`: the emulator as a server of its own, and for the time of one command."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pushctl.cli.commands.sandbox.clock import clock
from pushctl.cli.commands.sandbox.controls import fault, inbox, knob, requests, reset
from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.options import option
from pushctl.cli.signals import asks_to_stop
from pushctl.errors import ConfigError, ExitCode

if TYPE_CHECKING:
    from pushctl.sandbox import Sandbox


@click.group("sandbox", short_help="Emulate the push service on this machine.")
def group() -> None:
    """An emulator of the push service on this machine; needs no account.

    `up` runs it as a server, `exec` for the time of one command. Without either, plan and apply use
    one that is embedded in the folder of the manifest. All other commands here talk to the one that
    --url (or PUSHCTL_ENDPOINT) names, else to that of the folder.
    """


for command in (clock, fault, inbox, knob, requests, reset):
    group.add_command(command)


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
    stop = threading.Event()
    with _started(data, port, at) as sandbox, asks_to_stop(stop, options.output.talk):
        options.output.result(f"pushctl sandbox ready on {sandbox.url}\n")
        options.output.talk(f"Use it: PUSHCTL_ENDPOINT={sandbox.url} pushctl plan")
        stop.wait()
    return ExitCode.DONE


def _started(data: Path | None, port: int, at: str | None) -> Sandbox:
    from pushctl.sandbox import Sandbox  # noqa: PLC0415  (most commands here run none)

    try:
        return Sandbox(data=data, port=port, now=at).start()
    except (OSError, ValueError) as error:
        raise ConfigError("The sandbox cannot start", str(error)) from error


@group.command("exec", context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, required=True, metavar="-- COMMAND...", type=click.UNPROCESSED)
@option(
    "--at",
    metavar="MOMENT",
    envvar="PUSHCTL_SANDBOX_AT",
    help="Start its clock at this moment and let it stand still.",
)
def run(words: tuple[str, ...], at: str | None) -> int:
    """Run a command beside a sandbox of its own, which ends with it.

    The command finds its URL in PUSHCTL_ENDPOINT, and keys that it accepts in
    ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET. The exit code is the command's.
    """
    import subprocess  # noqa: PLC0415  (only this command runs another one)

    with _started(None, 0, at) as sandbox:
        keys = {f"ALIBABA_CLOUD_ACCESS_KEY_{name}": "sandbox" for name in ("ID", "SECRET")}
        env = {**os.environ, "PUSHCTL_ENDPOINT": sandbox.url, **keys}
        try:
            return subprocess.run(words, env=env, check=False).returncode
        except OSError as error:
            reason = error.strerror or str(error)
            raise ConfigError("The command cannot be run", f"{words[0]}: {reason}") from error
