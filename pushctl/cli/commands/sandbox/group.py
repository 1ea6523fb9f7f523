"""`pushctl sandbox`: the emulator, and the commands that talk to one."""

from __future__ import annotations

import click

from pushctl.cli.commands.sandbox.clock import clock
from pushctl.cli.commands.sandbox.console import console
from pushctl.cli.commands.sandbox.inbox import inbox, requests
from pushctl.cli.commands.sandbox.server import run, up
from pushctl.cli.commands.sandbox.settings import fault, knob, reset
from pushctl.cli.commands.sandbox.snapshot import snapshot


@click.group("sandbox", short_help="Emulate the push service on this machine.")
def group() -> None:
    """An emulator of the push service on this machine; needs no account.

    `up` runs it as a server, `exec` for the time of one command. Without either, plan and apply use
    one that is embedded in the folder of the manifest. All other commands here talk to the one that
    --url (or PUSHCTL_ENDPOINT) names, else to that of the folder.
    """


for command in (up, run, clock, console, fault, inbox, knob, requests, reset, snapshot):
    group.add_command(command)
